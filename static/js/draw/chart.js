// Lines over steps: a loss, an accuracy, a rate. Values are drawn as they come; the exact ones are told at the pointer.
//
//     const chart = new LineChart(host, { label: "Loss", x: "step", log: true });
//     chart.show([{ id: "train", name: "training", values, style: 0 }], { at: 12 });
//
// A value that is null is a gap. Without `xs` the values stand at 0, 1, 2 and so on.

import { number } from "../format.js";
import { say } from "../words.js";
import { domainOf, shareOf, ticksOf, tickText } from "./axis.js";
import { el, isModified } from "./dom.js";
import { colourOf, drawMarker, sample, styleOf } from "./series.js";

/** @typedef {import("./axis.js").Domain} Domain */
/**
 * @typedef {object} Series
 * @property {string} id
 * @property {string} name
 * @property {ArrayLike<number | null | undefined>} values
 * @property {ArrayLike<number>} [xs] ascending
 * @property {number} style which dash, marker and colour, counted from 0
 * @property {boolean} [faint] an earlier run, laid under the others
 * @property {boolean} [chosen]
 */
/**
 * @typedef {object} ChartOptions
 * @property {string} label what the chart is called
 * @property {string} x what stands along it: "step", "epoch"
 * @property {boolean} [log] whether the values stand on a logarithmic axis
 * @property {number} [low] nothing below is shown
 * @property {number} [high] nothing above is shown
 * @property {number[]} [hold] values that the axis holds whatever is shown, so that charts can be compared
 * @property {boolean} [legend]
 * @property {(value: number | null | undefined) => string} [format] a value as it is told at the pointer
 * @property {(x: number) => string} [formatX]
 * @property {(x: number) => void} [choose] a click, or Enter
 */
/** @typedef {{ at?: number, upTo?: number, start?: number, end?: number }} Moment `at`: the present x; lines end at `upTo`; the axis goes from `start` to `end` */
/** @typedef {{ x: Domain, y: Domain, left: number, top: number, width: number, height: number, size: number }} Plot `size`: how many times as large as usual its numbers and lines are */

const TYPE = 12; // pixels of the numbers along its axes, unless the style sheet has them larger: all else grows with them
const LEFT = 48;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 26;
const EVERY = 90; // between the markers of a line
const TIP_GAP = 12;

export class LineChart {
  /** @type {Series[]} */ #series = [];
  /** @type {Moment} */ #moment = {};
  /** @type {number | null} */ #reading = null;
  /** @type {Plot | null} */ #frame = null;
  #canvas = el("canvas", { "aria-hidden": "true" });
  #tip = el("div", { class: "chart-tip", role: "status" });
  #legend = el("ul", { class: "chart-legend" });
  #named = "";
  #closed = new AbortController();

  /** @param {HTMLElement} host @param {ChartOptions} options */
  constructor(host, options) {
    this.options = options;
    const { label: title } = options;
    const label = options.choose ? say("chart.label_choose", { label: title }) : say("chart.label", { label: title });
    this.box = el("div", { class: "chart-plot", role: "application", tabindex: 0, "aria-label": label }, this.#canvas, this.#tip);
    host.classList.add("chart");
    host.replaceChildren(this.#legend, this.box);
    this.box.addEventListener("pointerdown", (event) => this.#read(this.#xAt(event)));
    this.box.addEventListener("pointermove", (event) => this.#read(this.#xAt(event)));
    this.box.addEventListener("pointerleave", ({ pointerType }) => pointerType === "touch" || this.#read(null)); // a finger leaves when it is lifted
    this.box.addEventListener("blur", () => this.#read(null));
    this.box.addEventListener("click", (event) => {
      const x = this.#xAt(event);
      if (x !== null) options.choose?.(x);
    });
    this.box.addEventListener("keydown", (event) => this.#onKey(event));
    new ResizeObserver(() => this.#draw()).observe(this.box);
    document.addEventListener("themechange", () => this.#draw(), { signal: this.#closed.signal });
  }

  /** It is not seen any more. */
  close() {
    this.#closed.abort();
  }

  /** @param {Series[]} series @param {Moment} [moment] */
  show(series, moment = {}) {
    this.#series = series;
    this.#moment = moment;
    const named = series.map(({ id, name, style }) => `${id} ${name} ${style}`).join();
    if (named !== this.#named) this.#list(series);
    this.#named = named;
    this.#draw();
  }

  /** @param {Series[]} series */
  #list(series) {
    const [only, ...others] = series;
    this.#legend.hidden = this.options.legend === false || (!others.length && only?.name === this.options.label); // the title says it
    this.#legend.replaceChildren(...series.map(({ name, style }) => el("li", {}, sample(styleOf(style)), name)));
  }

  /** @returns {Plot | null} null where nothing can be drawn */
  #fit() {
    const size = Number.parseFloat(getComputedStyle(this.box).fontSize) / TYPE;
    const left = LEFT * size;
    const [width, height] = [this.box.clientWidth - left - RIGHT * size, this.box.clientHeight - TOP - BOTTOM * size];
    const y = domainOf(
      [...(this.options.hold ?? []), ...this.#series.flatMap(({ values }) => Array.from(values))],
      this.options,
    );
    if (!y || width < 1 || height < 1) return null;
    const ends = this.#series.filter(({ values }) => values.length);
    const last = Math.max(...ends.map((one) => xOf(one, one.values.length - 1)));
    const first = Math.min(this.#moment.start ?? Number.POSITIVE_INFINITY, ...ends.map((one) => xOf(one, 0)));
    const end = Math.max(this.#moment.end ?? last, first);
    const high = end > first ? end : first + 1; // of one value alone, too, an axis has a length
    return { x: { low: first, high, log: false }, y, left, top: TOP, width, height, size };
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.box;
    const ratio = window.devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#canvas.width !== wide) this.#canvas.width = wide;
    if (this.#canvas.height !== high) this.#canvas.height = high;
    const context = this.#canvas.getContext("2d");
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    this.#frame = this.#fit();
    if (!this.#frame) return this.#tell(null);
    drawAxes(context, this.#frame, this.options.x);
    context.save();
    context.beginPath();
    context.rect(this.#frame.left, 0, this.#frame.width + RIGHT, TOP + this.#frame.height + 1);
    context.clip();
    const { at, upTo = Number.POSITIVE_INFINITY } = this.#moment;
    if (at !== undefined) drawGuide(context, this.#frame, at, colourOf("--accent"), []);
    if (this.#reading !== null) drawGuide(context, this.#frame, this.#reading, colourOf("--ink-soft"), [3, 3]);
    const layers = [...this.#series].sort((one, other) => layer(one) - layer(other));
    for (const one of layers) drawLine(context, this.#frame, one, upTo);
    context.restore();
    this.#tell(this.#frame);
  }

  /** The x under the pointer, of a value that is shown. @param {MouseEvent} event */
  #xAt(event) {
    if (!this.#frame) return null;
    const along = (event.clientX - this.box.getBoundingClientRect().left - this.#frame.left) / this.#frame.width;
    const { low, high } = this.#frame.x;
    return this.#nearest(low + along * (high - low));
  }

  /** @param {number} wanted */
  #nearest(wanted) {
    const { upTo = Number.POSITIVE_INFINITY } = this.#moment;
    let best = null;
    for (const one of this.#series) {
      const x = xOf(one, indexNear(one, Math.min(wanted, upTo)));
      if (one.values.length && (best === null || Math.abs(x - wanted) < Math.abs(best - wanted))) best = x;
    }
    return best;
  }

  /** @param {number | null} x */
  #read(x) {
    if (x === this.#reading) return;
    this.#reading = x;
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (!this.#frame || isModified(event)) return;
    const { low, high } = this.#frame.x;
    const now = this.#reading ?? this.#moment.at ?? low;
    const lead = this.#series.reduce((one, other) => (other.values.length > one.values.length ? other : one));
    const index = indexNear(lead, now);
    /** @type {Record<string, () => number>} */
    const targets = {
      ArrowLeft: () => xOf(lead, Math.max(0, index - 1)),
      ArrowRight: () => xOf(lead, Math.min(lead.values.length - 1, index + 1)),
      Home: () => low,
      End: () => high,
    };
    const target = targets[event.key];
    if (target) this.#read(this.#nearest(target()));
    else if (event.key === "Enter" && this.options.choose) this.options.choose(now);
    else if (event.key === "Escape" && this.#reading !== null) this.#read(null);
    else return;
    event.preventDefault();
  }

  /** What each line is where a person looks. @param {Plot | null} frame */
  #tell(frame) {
    const x = this.#reading;
    this.#tip.hidden = x === null || !frame;
    if (x === null || !frame) return;
    const { format = number, formatX = (value) => `${this.options.x} ${number(value)}` } = this.options;
    const rows = this.#series.map((one) => {
      const index = indexNear(one, x);
      const value = one.values.length && xOf(one, index) === x ? one.values[index] : undefined;
      return el("li", {}, sample(styleOf(one.style)), el("span", {}, one.name), el("b", {}, value === undefined ? "–" : format(value)));
    });
    this.#tip.replaceChildren(el("div", {}, formatX(x)), el("ul", {}, ...rows));
    const left = frame.left + shareOf(x, frame.x) * frame.width;
    const right = left < frame.left + frame.width / 2;
    this.#tip.style.left = right ? `${left + TIP_GAP}px` : "auto";
    this.#tip.style.right = right ? "auto" : `${this.box.clientWidth - left + TIP_GAP}px`;
  }
}

/** @param {Series} one @param {number} index */
const xOf = ({ xs }, index) => (xs ? (xs[index] ?? 0) : index);

/** Faint lines below, the chosen one on top. @param {Series} one */
const layer = ({ faint, chosen }) => (chosen ? 2 : faint ? 0 : 1);

/** The value that stands nearest to x. @param {Series} one @param {number} x */
function indexNear({ xs, values }, x) {
  const last = Math.max(0, values.length - 1);
  if (!xs) return Math.max(0, Math.min(last, Math.round(x)));
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle;
  }
  return Math.abs((xs[high] ?? 0) - x) < Math.abs((xs[low] ?? 0) - x) ? high : low;
}

/** @param {CanvasRenderingContext2D} context @param {Plot} frame @param {string} label */
function drawAxes(context, frame, label) {
  const { left, top, width, height, size } = frame;
  context.font = `${TYPE * size}px ${getComputedStyle(document.body).fontFamily}`;
  context.fillStyle = colourOf("--ink-soft");
  context.strokeStyle = colourOf("--line");
  context.lineWidth = 1;
  context.setLineDash([]);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of ticksOf(frame.y, Math.max(2, height / (36 * size)))) {
    const y = Math.round(top + height - shareOf(tick, frame.y) * height) + 0.5;
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(left + width, y);
    context.stroke();
    context.fillText(tickText(tick), left - 8 * size, y);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  const ticks = ticksOf(frame.x, Math.max(2, width / (80 * size))).filter((tick) => Number.isInteger(tick) || frame.x.high - frame.x.low < 4);
  for (const tick of ticks) context.fillText(tickText(tick), left + shareOf(tick, frame.x) * width, top + height + 8 * size);
  context.textAlign = "left";
  context.fillText(label, 0, top + height + 8 * size);
}

/** @param {CanvasRenderingContext2D} context @param {Plot} frame @param {number} x @param {string} colour @param {number[]} dash */
function drawGuide(context, { left, top, width, height, x: domain }, x, colour, dash) {
  const lineAt = left + shareOf(x, domain) * width;
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(lineAt, top);
  context.lineTo(lineAt, top + height);
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Plot} frame @param {Series} one @param {number} upTo */
function drawLine(context, frame, one, upTo) {
  const style = styleOf(one.style);
  const points = pointsOf(frame, one, upTo);
  context.globalAlpha = one.faint ? 0.4 : 1;
  context.strokeStyle = colourOf(style.token);
  context.lineWidth = (one.chosen ? 3 : 1.75) * frame.size;
  context.lineJoin = context.lineCap = "round";
  context.setLineDash(style.dash);
  context.beginPath();
  let open = false;
  for (const point of points) {
    if (point && open) context.lineTo(point[0], point[1]);
    else if (point) context.moveTo(point[0], point[1]);
    open = point !== null;
  }
  context.stroke();
  let due = EVERY / 2 + one.style * (EVERY / 7); // no two lines have theirs at the same place
  for (const point of points) {
    if (!point || point[0] - frame.left < due) continue;
    drawMarker(context, style, point[0], point[1], 3.5 * frame.size);
    due = point[0] - frame.left + EVERY;
  }
  const last = points.findLast((point) => point !== null);
  if (last) drawMarker(context, style, last[0], last[1], (one.chosen ? 5.5 : 4.5) * frame.size);
  context.globalAlpha = 1;
}

/**
 * Where the line goes, null for a gap. Of many values on one pixel the least and the greatest are drawn.
 * @param {Plot} frame @param {Series} one @param {number} upTo @returns {([number, number] | null)[]}
 */
function pointsOf({ left, top, width, height, x: domain, y }, one, upTo) {
  /** @type {([number, number] | null)[]} */
  const points = [];
  let column = { pixel: -1, low: 0, high: 0, spare: false };
  for (let index = 0; index < one.values.length && xOf(one, index) <= upTo; index += 1) {
    const value = one.values[index];
    if (value === null || value === undefined || !Number.isFinite(value)) {
      if (points.at(-1) !== null) points.push(null);
      column = { pixel: -1, low: 0, high: 0, spare: false };
      continue;
    }
    const px = left + shareOf(xOf(one, index), domain) * width;
    const py = top + height - Math.max(-1, Math.min(2, shareOf(value, y))) * height; // far off is not far on a canvas
    const pixel = Math.round(px);
    const within = pixel === column.pixel && py >= column.low && py <= column.high;
    if (within && column.spare) points.pop(); // neither the first of its pixel nor an extreme
    points.push([px, py]);
    column =
      pixel === column.pixel
        ? { pixel, low: Math.min(column.low, py), high: Math.max(column.high, py), spare: within }
        : { pixel, low: py, high: py, spare: false };
  }
  return points;
}
