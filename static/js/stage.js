// The stage: panels of grids side by side, as large as the room allows, and the motion of one step to the next.

/** @import { Frame, Panel } from "./types" */

import { drawCard } from "./draw/card.js";
import { el } from "./draw/dom.js";
import { GridView } from "./draw/grid.js";
import { appear, fly, motionAllowed, settle } from "./draw/motion.js";

const LARGEST_CELL = 72;
const SMALLEST_CELL = 7;
const COMFORTABLE = 34; // below this, panels are put on two lines where that makes cells larger
const GAP = 2;
const OPERATOR = 56; // an operator with the space around it
const BETWEEN = 14; // grids of one panel
const NARROW = 700;
const HEAD = 28; // the title over a grid
const AROUND = 500; // what stands above and below the grids, so that all of a step is on one screen
const WRAPPED = 44; // the cells of a vector

/** Draws frames. It keeps what is on the screen and changes only what differs. */
export class Stage {
  #views = /** @type {Map<string, GridView>} */ (new Map());
  #notes = /** @type {Map<string, HTMLElement>} */ (new Map());
  #shape = "";
  #frame = /** @type {Frame | null} */ (null);
  #panels = el("div", { class: "panels" });
  #readout = el("div", { class: "readout", "aria-hidden": "true" });

  /**
   * @param {HTMLElement} host @param {HTMLElement} arithmetic
   * @param {{ edit: import("./draw/grid.js").GridEvents["edit"], choose: (step: number) => void }} events
   */
  constructor(host, arithmetic, events) {
    this.host = host;
    this.arithmetic = arithmetic;
    this.events = { ...events, point: (/** @type {string} */ text) => void (this.#readout.textContent = text) };
    host.replaceChildren(this.#panels, this.#readout);
    new ResizeObserver(() => this.#frame && this.show(this.#frame, false)).observe(host);
    document.addEventListener("themechange", () => this.#frame && this.show(this.#frame, false));
  }

  /** @param {Frame} frame @param {boolean} animate whether to show how this step comes about */
  show(frame, animate) {
    settle();
    this.#frame = frame;
    const { sizes, stacked } = this.#fit(frame.panels);
    this.#build(frame, stacked);
    for (const [index, panel] of frame.panels.entries()) {
      const size = sizes[index] ?? SMALLEST_CELL;
      const rounded = panel.grids.map((model) => this.#views.get(model.id)?.show(model, size)).some(Boolean);
      const note = this.#notes.get(panel.id);
      if (note) note.textContent = panel.note + (rounded ? " · ≈ rounded to fit" : "");
    }
    this.host.classList.toggle("still", !motionAllowed());
    const parts = drawCard(this.arithmetic, frame.card);
    if (animate && motionAllowed()) this.#animate(frame, parts);
  }

  /** The size of the cells of each panel: all on one line, or the first above the others. @param {Panel[]} panels */
  #fit(panels) {
    const width = this.#panels.clientWidth;
    const narrow = width < NARROW;
    const height = narrow ? Number.POSITIVE_INFINITY : Math.max(220, window.innerHeight - AROUND);
    this.host.style.setProperty("--stage-height", narrow ? "0px" : `${height + HEAD}px`);
    const line = this.#cell(panels, width, height);
    const wraps = panels.some((panel) => panel.grids.some((grid) => grid.wrap));
    const [first, ...rest] = panels;
    if (!first || !rest.length || (line >= COMFORTABLE && !wraps)) return { sizes: panels.map(() => line), stacked: false };
    const above = this.#cell([first], width, narrow ? height : height * 0.55);
    const below = wraps ? WRAPPED : this.#cell(rest, width, narrow ? height : height * 0.4);
    const better = wraps || Math.min(above, below) > line + 3;
    return { sizes: panels.map((_, index) => (better ? (index ? below : above) : line)), stacked: better };
  }

  /** The largest cell with which these panels fit on one line. @param {Panel[]} panels @param {number} width @param {number} height */
  #cell(panels, width, height) {
    const grids = panels.flatMap((panel) => panel.grids);
    const columns = grids.reduce((sum, grid) => sum + grid.cols, 0);
    const rows = Math.max(...grids.map((grid) => grid.rows));
    const between = (panels.length - 1) * OPERATOR + (grids.length - panels.length) * BETWEEN;
    const across = (width - between) / columns - GAP;
    const down = height / rows - GAP;
    return Math.floor(Math.max(SMALLEST_CELL, Math.min(LARGEST_CELL, across, down)));
  }

  /** Make the elements anew where the frame has other panels or grids than the last. @param {Frame} frame @param {boolean} stacked */
  #build(frame, stacked) {
    const ids = frame.panels.map((panel) => `${panel.id}:${panel.grids.map((grid) => grid.id)}`);
    const shape = `${ids} ${stacked}`;
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#views.clear();
    this.#notes.clear();
    const parts = frame.panels.flatMap((panel, index) => {
      const operator = el("div", { class: "operator", "aria-hidden": "true" }, frame.operators[index - 1] ?? "");
      const turn = stacked && index === 1;
      return [...(turn ? [el("div", { class: "break" })] : []), ...(index && !turn ? [operator] : []), this.#panel(panel)];
    });
    this.#panels.replaceChildren(...parts);
  }

  /** @param {Panel} panel */
  #panel(panel) {
    const note = el("span");
    this.#notes.set(panel.id, note);
    const grids = panel.grids.map((model) => {
      const view = new GridView(this.events);
      this.#views.set(model.id, view);
      return view.box;
    });
    return el(
      "div",
      { class: "panel", "data-panel": panel.id },
      el("div", { class: "panel-head" }, el("b", {}, panel.title), note),
      el("div", { class: "panel-grids" }, ...grids),
    );
  }

  /** The window has glided; the products appear, fall into the sum, and the sum lands in its cell. @param {Frame} frame @param {{ chips: HTMLElement[], result: HTMLElement }} parts */
  #animate(frame, { chips, result }) {
    const gather = 240 + Math.min(chips.length * 30, 240);
    chips.forEach((chip, index) => appear(chip, 200 + Math.min(index * 30, 240)));
    for (const chip of chips) fly(chip, result, gather + 140);
    appear(result, gather + (chips.length ? 330 : 0));
    const target = this.#current(frame, "output");
    const source = chips.length ? result : this.#current(frame, "input");
    if (!target || !source) return;
    fly(source, target, gather + 420);
    appear(target, gather + 620, 160);
  }

  /** The cell that this step is about, in a panel. @param {Frame} frame @param {string} panel */
  #current(frame, panel) {
    for (const model of frame.panels.find(({ id }) => id === panel)?.grids ?? []) {
      const [row, col] = model.marked ?? (model.region ? [model.region.row, model.region.col] : [-1, -1]);
      if (row >= 0) return this.#views.get(model.id)?.cell(row, col);
    }
    return undefined;
  }
}
