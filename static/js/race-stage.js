// The stage of a race: the landscape with everybody's way, the losses, who runs, and the chosen runner's arithmetic.

/** @import { Pair, RaceFrame, RaceRunner, Target } from "./types" */
/** @import { Store } from "./state.js" */

import { LineChart } from "./draw/chart.js";
import { el, patch } from "./draw/dom.js";
import { paintLandscape } from "./draw/landscape.js";
import { motionAllowed } from "./draw/motion.js";
import { drawPaths, landscapeView, TYPE } from "./draw/paths.js";
import { sample, styleOf } from "./draw/series.js";
import { drawUpdate } from "./draw/update.js";
import { digits, number } from "./format.js";
import { say } from "./words.js";

const SHAPE = 1.5; // the width of every landscape, its height being 1
const AROUND = 358; // what stands above and below the landscape and the arithmetic
const LINE = { one: 23, two: 24 }; // of the arithmetic: equations that have no room beside each other go on below
const MANY = 4; // lines of whose equations some are long
const ROOMY = 1060; // pixels of a card in which those stand beside each other
const LOWEST = { usual: 240, low: 216 }; // the landscape
const LOW = matchMedia("(max-height: 740px)"); // as in optimizers.css
const HEAD = 64; // above the landscape, before a projector, and the space about it
const ON_PHONE = { least: 140, around: 672 }; // the landscape above its losses and runners: what they and the page take
const BESIDE = 0.56; // of the stage that the landscape may take
const ONE_COLUMN = matchMedia("(max-width: 640px)"); // as in optimizers.css
const GLIDE_MS = 220;
const NUDGE = 60; // presses of an arrow key from one side to the other
const DRAG_MS = 60; // between two places of a start that is dragged
const CHART = { low: 1e-6, high: 1e4 }; // losses beyond are cut off: nothing is seen there

const isPresenting = () => document.documentElement.hasAttribute("data-present");
const isPrinting = () => document.documentElement.classList.contains("printing");

export class RaceStage {
  /** @type {RaceFrame | null} */ #frame = null;
  #chosen = "";
  #painted = "";
  #glide = 1;
  #generation = 0;
  #dragged = 0;
  #relief = el("canvas", { "aria-hidden": "true" });
  #ways = el("canvas", { "aria-hidden": "true" });
  #start = el("div", { class: "race-start", role: "application", tabindex: 0 });
  #map = el("div", { class: "race-map" }, this.#relief, this.#ways, this.#start);
  #title = el("div", { class: "panel-head" });
  #list = el("div", { class: "racers", role: "radiogroup", "aria-label": say("race.whose_update") });

  /**
   * @param {HTMLElement} host @param {HTMLElement} arithmetic
   * @param {import("./types").StageEvents} events @param {Store} store
   */
  constructor(host, arithmetic, events, store) {
    this.host = host;
    this.arithmetic = arithmetic;
    this.events = events;
    this.store = store;
    const plot = el("div", { class: "race-chart" });
    const side = el("div", { class: "race-side" }, el("div", { class: "panel-head" }, el("b", {}, say("common.loss")), el("span", {}, say("race.logarithmic_scale"))), plot, this.#list);
    host.replaceChildren(el("div", { class: "race" }, el("div", { class: "race-ground" }, this.#title, this.#map), side));
    this.chart = new LineChart(plot, {
      label: say("race.loss_label"),
      x: say("common.step_axis"),
      log: true,
      legend: false,
      ...CHART,
      format: (loss) => (loss === null || loss === undefined ? say("common.none") : `≈ ${digits(loss, 6).text}`),
      choose: (step) => events.choose(Math.max(0, step - 1)),
    });
    this.#listen();
    new ResizeObserver(() => this.#draw()).observe(host);
    addEventListener("resize", () => this.#draw());
    document.addEventListener("themechange", () => {
      this.#painted = "";
      this.#draw();
    });
  }

  /**
   * @param {RaceFrame} frame
   * @param {import("./types").Pace} [pace]
   */
  show(frame, { onwards = false, time = Number.POSITIVE_INFINITY } = {}) {
    this.#frame = frame;
    this.#generation += 1;
    this.#glide = onwards && motionAllowed() && time >= GLIDE_MS ? 0 : 1;
    this.#draw();
    if (this.#glide < 1) this.#run(this.#generation, performance.now());
    this.events.say(frame.sentence);
    return this.#glide < 1 ? GLIDE_MS : 0;
  }

  /** @param {Target} target */
  holds({ id, row, col }) {
    return row === 0 && col === 0 && (this.#frame?.runners.some(({ name }) => name === id) ?? false);
  }

  /** Whose arithmetic is shown; without a word the first runner's. @param {Target | null} target */
  setPinned(target) {
    const chosen = target?.id ?? "";
    if (chosen === this.#chosen) return;
    this.#chosen = chosen;
    this.#draw();
  }

  get #current() {
    const runners = this.#frame?.runners ?? [];
    return (runners.find(({ name }) => name === this.#chosen) ?? runners[0])?.name ?? "";
  }

  /** @param {number} generation @param {number} since */
  #run(generation, since) {
    requestAnimationFrame((now) => {
      if (generation !== this.#generation) return;
      const share = Math.max(0, Math.min(1, (now - since) / GLIDE_MS));
      this.#glide = 1 - (1 - share) ** 3;
      this.#drawWays();
      if (share < 1) this.#run(generation, since);
    });
  }

  #draw() {
    const frame = this.#frame;
    if (!frame) return;
    this.#fit(frame); // what is measured comes before what is written: the page is laid out once a step
    this.#drawRelief(frame);
    this.#drawWays();
    const series = frame.series.map((one) => ({ ...one, chosen: one.id === this.#current }));
    this.chart.show(series, { at: frame.at, end: frame.total, ...(frame.ahead ? {} : { upTo: frame.at }) });
    this.#drawStart(frame);
    this.#showTitle(frame.landscape);
    this.#showList(frame);
    drawUpdate(this.arithmetic, frame.card(this.#current));
  }

  /** @param {RaceFrame["landscape"]} landscape */
  #showTitle({ title, note }) {
    if (this.#title.textContent !== title + note) this.#title.replaceChildren(el("b", {}, title), el("span", {}, note));
  }

  /** As large as the room allows. @param {RaceFrame} frame */
  #fit({ runners }) {
    const lines = runners.find(({ name }) => name === this.#current)?.lines ?? 0;
    const narrow = ONE_COLUMN.matches && !isPrinting();
    const line = lines > MANY && !narrow && !isPresenting() && this.arithmetic.clientWidth < ROOMY ? LINE.two : LINE.one;
    const card = line * (lines + 1) + 2;
    this.arithmetic.style.setProperty("--update-line", `${line}px`);
    this.arithmetic.style.setProperty("--update-height", `${card}px`);
    const wide = this.host.clientWidth - 40;
    const tall = isPresenting() ? this.host.clientHeight - HEAD : Math.max(LOW.matches ? LOWEST.low : LOWEST.usual, window.innerHeight - AROUND - card);
    const onPhone = Math.max(ON_PHONE.least, window.innerHeight - ON_PHONE.around) * SHAPE;
    const width = narrow ? Math.min(this.host.clientWidth - 24, onPhone) : Math.min(BESIDE * wide, tall * SHAPE);
    const shown = `${Math.floor(width)}px`;
    if (this.#map.style.width === shown) return;
    this.#map.style.width = shown;
    this.#map.style.height = `${Math.floor(width / SHAPE)}px`;
  }

  get #size() {
    return [this.#map.clientWidth, this.#map.clientHeight];
  }

  /** @param {RaceFrame} frame */
  #drawRelief({ landscape }) {
    const [width = 0, height = 0] = this.#size;
    const ratio = window.devicePixelRatio || 1;
    const painted = `${landscape.key} ${width} ${height} ${ratio}`;
    if (!width || painted === this.#painted) return;
    this.#painted = painted;
    paintLandscape(this.#relief, landscape, Math.round(width * ratio), Math.round(height * ratio));
  }

  #drawWays() {
    const frame = this.#frame;
    const [width = 0, height = 0] = this.#size;
    const context = this.#ways.getContext("2d");
    if (!frame || !context || !width) return;
    const ratio = window.devicePixelRatio || 1;
    const [wide, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#ways.width !== wide) this.#ways.width = wide;
    if (this.#ways.height !== tall) this.#ways.height = tall;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    if (isPrinting()) context.drawImage(this.#relief, 0, 0, width, height); // on paper what is clear covers what is below
    const size = Number.parseFloat(getComputedStyle(this.#map).fontSize) / TYPE;
    drawPaths(context, frame, landscapeView(frame.landscape, width, height, size), this.#current, this.#glide);
  }

  /** @param {RaceFrame} frame */
  #drawStart({ landscape }) {
    const [width = 0, height = 0] = this.#size;
    const [x, y] = landscapeView(landscape, width, height).at(landscape.start);
    this.#start.style.transform = `translate(${x}px, ${y}px)`;
    const [px, py] = landscape.start.map(number);
    const label = say("race.start_label", { px, py });
    if (this.#start.getAttribute("aria-label") === label) return;
    this.#start.setAttribute("aria-label", label);
    this.#start.title = say("race.start_title", { px, py });
  }

  #listen() {
    this.#map.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.#map.setPointerCapture(event.pointerId);
      this.store.endGesture();
      this.#drop(event, 0);
    });
    this.#map.addEventListener("pointermove", (event) => {
      if (this.#map.hasPointerCapture(event.pointerId)) this.#drop(event, DRAG_MS);
    });
    this.#map.addEventListener("pointerup", (event) => {
      this.#drop(event, 0);
      this.store.endGesture();
      this.#start.focus({ preventScroll: true });
    });
    this.#start.addEventListener("keydown", (event) => this.#onKey(event));
    this.#list.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement) this.events.pin({ id: target.value, row: 0, col: 0 });
    });
  }

  /** @param {PointerEvent} event @param {number} pause at least so many milliseconds after the last place */
  #drop(event, pause) {
    const frame = this.#frame;
    if (!frame || event.timeStamp - this.#dragged < pause) return;
    this.#dragged = event.timeStamp;
    const area = this.#map.getBoundingClientRect();
    const { xRange, yRange } = frame.landscape;
    const [right, down] = [(event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height];
    this.#begin([xRange[0] + right * (xRange[1] - xRange[0]), yRange[1] - down * (yRange[1] - yRange[0])]);
  }

  /** Start from here, or from the nearest place in the picture. @param {Pair} weights */
  #begin([x, y]) {
    if (!this.#frame) return;
    const { xRange, yRange, start } = this.#frame.landscape;
    const within = (/** @type {number} */ value, /** @type {Pair} */ [low, high]) =>
      Number(Math.max(low, Math.min(high, value)).toFixed(2));
    const weights = [within(x, xRange), within(y, yRange)];
    if (weights[0] !== start[0] || weights[1] !== start[1]) this.store.set({ start: weights }, "start");
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    /** @type {Record<string, Pair>} */
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const move = moves[event.key];
    if (!move || !this.#frame || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { xRange, start } = this.#frame.landscape;
    const unit = (xRange[1] - xRange[0]) / NUDGE;
    this.#begin([start[0] + move[0] * unit, start[1] + move[1] * unit]);
  }

  /** @param {RaceFrame} frame */
  #showList({ runners }) {
    patch(this.#list, runners.map(row));
    for (const input of this.#list.querySelectorAll("input")) input.checked = input.value === this.#current;
  }
}

/** @param {RaceRunner} runner */
function row({ name, title, style, rate, loss, event, running }) {
  const input = el("input", { type: "radio", name: "racer", value: name, "aria-label": title });
  return el(
    "label",
    { class: "racer", "data-runner": name },
    input,
    sample(styleOf(style)),
    el("span", { class: "racer-name" }, title),
    el("b", { class: "racer-loss" }, number(loss)),
    el("span", { class: "racer-rate" }, running ? say("race.rate", { text: digits(rate).text }) : ""),
    el("span", { class: "racer-event" }, event),
  );
}
