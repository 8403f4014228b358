// The stage of a deep network: a row for each layer with two bars, the loss, and a gradient's way through one layer.

/** @import { DepthFrame, DepthRow, DepthSide, DepthSize, StageEvents, Target } from "./types" */

import { LineChart } from "./draw/chart.js";
import { el, patch } from "./draw/dom.js";
import { digits } from "./format.js";
import { say } from "./words.js";

const HIGHEST = 10; // loss that is drawn: of one that explodes the rest is seen
const OPENS = 1; // the layer whose way back is shown while none is chosen, counted from 0

export class DepthStage {
  /** @type {DepthFrame | null} */ #frame = null;
  /** @type {number | null} */ #chosen = null;
  #sides = el("div", { class: "depth-sides" });

  /** @param {HTMLElement} host @param {HTMLElement} arithmetic @param {StageEvents} events */
  constructor(host, arithmetic, events) {
    this.host = host;
    this.arithmetic = arithmetic;
    this.events = events;
    const plot = el("div", { class: "depth-chart" });
    const side = el("div", { class: "depth-loss" }, el("div", { class: "panel-head" }, el("b", {}, say("common.loss"))), plot);
    host.replaceChildren(el("div", { class: "depth" }, this.#sides, side));
    this.chart = new LineChart(plot, {
      label: say("common.loss"),
      x: say("common.step_axis"),
      high: HIGHEST,
      format: (loss) => (loss === null || loss === undefined ? say("common.none") : `≈ ${digits(loss, 4).text}`),
      choose: (step) => events.choose(Math.max(0, step - 1)),
    });
    this.#sides.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement) events.pin({ id: "layer", row: Number(target.value), col: 0 });
    });
  }

  /** @param {DepthFrame} frame */
  show(frame) {
    this.#frame = frame;
    this.#draw();
    this.events.say(frame.sentence);
    return 0;
  }

  /** @param {Target} target */
  holds({ id, row, col }) {
    return id === "layer" && col === 0 && row < this.#layers;
  }

  /** Whose way back is shown. @param {Target | null} target */
  setPinned(target) {
    this.#chosen = target?.row ?? null;
    this.#draw();
  }

  get #layers() {
    return this.#frame?.sides[0]?.rows.length ?? 0;
  }

  get #layer() {
    return Math.min(this.#chosen ?? OPENS, this.#layers - 1);
  }

  #draw() {
    const frame = this.#frame;
    if (!frame) return;
    this.host.style.setProperty("--layers", String(this.#layers));
    patch(this.#sides, frame.sides.map((side, index) => this.#side(frame, side, index)));
    for (const input of this.#sides.querySelectorAll("input")) input.checked = Number(input.value) === this.#layer;
    this.chart.show(frame.series, { at: frame.at, end: frame.total });
    patch(this.arithmetic, [el("div", { class: "depth-ways" }, ...frame.sides.map((side) => way(side.name, side.rows[this.#layer], this.#layer)))]);
  }

  /** @param {DepthFrame} frame @param {DepthSide} side @param {number} index */
  #side({ ends }, { name, idle, rows }, index) {
    const head = el(
      "div",
      { class: "depth-row depth-head" },
      el("b", { class: "depth-number" }, say("depth.layer")),
      el("span", { class: "depth-size" }, el("b", {}, say("depth.values")), axis(ends.value)),
      el("span", { class: "depth-size" }, el("b", {}, say("depth.gradients")), axis(ends.gradient)),
      el("span", { class: "depth-idle" }, rows.some((row) => row.idle) ? idle : ""),
    );
    const title = name ? [el("div", { class: "panel-head" }, el("b", {}, name))] : [];
    const list = el("div", { role: "radiogroup", "aria-label": say("depth.whose_way") }, ...rows.map((row, layer) => layerRow(row, layer, index, idle)));
    return el("div", { class: "depth-side" }, ...title, head, list);
  }
}

/** @param {[string, string]} ends */
const axis = ([low, high]) => el("span", { class: "depth-axis", "aria-hidden": "true" }, el("i", {}, low), el("i", {}, high));

/** @param {DepthRow} row @param {number} layer @param {number} side @param {string} what idle units are */
function layerRow({ value, gradient, idle }, layer, side, what) {
  const number = layer + 1;
  const note = idle && say("depth.share", { idle, what });
  const label = say("depth.row", { number, value: value.text, gradient: gradient.text, note });
  return el(
    "label",
    { class: "depth-row", "data-layer": layer },
    el("input", { type: "radio", name: `depth-layer-${side}`, value: layer, "aria-label": label }),
    el("span", { class: "depth-number" }, String(number)),
    sized(value, "values"),
    sized(gradient, "gradients"),
    el("span", { class: "depth-idle" }, idle),
  );
}

/** @param {DepthSize} size @param {string} kind */
function sized({ share, text, beyond }, kind) {
  const bar = el("span", { class: "depth-bar" });
  bar.style.width = `${100 * (share ?? 0)}%`;
  const classes = `depth-size ${kind}${beyond ? " beyond" : ""}`;
  return el("span", { class: classes }, el("span", { class: "depth-track" }, bar), el("b", {}, text));
}

/** The way of a gradient back through a layer. @param {string} name of the setting @param {DepthRow | undefined} row @param {number} layer */
function way(name, row, layer) {
  const terms = row?.terms ?? [];
  const factors = terms.map(({ sign, text, label }) => {
    const term = el("span", { class: "depth-term" }, el("b", {}, text), el("span", {}, label));
    return el("span", { class: "depth-factor" }, sign ? el("span", { class: "depth-sign" }, sign) : null, term); // they stay together at a line's end
  });
  const ends = factors.splice(terms.findIndex(({ sign }) => sign === "≈")); // so do what comes of them and what was measured
  const title = say("depth.way_back", { layer: layer + 1 });
  return el("div", { class: "depth-way" }, el("span", { class: "depth-where" }, el("b", {}, title), name), ...factors, el("span", { class: "depth-ends" }, ...ends));
}
