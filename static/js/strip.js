// A whole network at a glance, from left to right: of each layer its values and, beside them on the same cells, its
// gradients. What is not computed yet is empty; a cell leads to the step that makes it. It follows the step.

/** @import { Cell, ChainPath, ChainRule, Group, GridModel, Numbers, Panel, PanelShown, Step, Target } from "./types" */
/** @import { NetworkTimeline } from "./network-timeline.js" */

import { el } from "./draw/dom.js";
import { GridView } from "./draw/grid.js";
import { panelOf, pairsOn, shownAt } from "./frame.js";
import { needed } from "./needed.js";

const CELL = { low: 24, high: 30 }; // pixels of a cell; more where the window is high
const HIGH = matchMedia("(min-height: 960px)");
const LONGEST = 3; // cells of a line below each other, before it takes another column
const USUAL = 3; // rows that are always in sight
const FADED = 12; // pixels at either end that fade out, as in strip.css

/** @typedef {{ model: GridModel, view: GridView, of: string, isGradient: boolean }} DrawnGrid a grid: whose numbers they are, or the gradient by which */
/** @typedef {(tensor: string, isGradient: boolean) => number[][]} Lit which cells of a tensor, or of the gradient by it, are lit */

/** How much of a grid is seen: all; a long line in columns. @param {GridModel} model */
function seenOf({ rows, cols, wrap }) {
  if (!wrap) return { rows, cols };
  const across = Math.ceil(cols / LONGEST);
  return { rows: Math.ceil(cols / across), cols: across };
}

export class Strip {
  #host;
  #events;
  /** @type {Group[] | null} */ #overview = null;
  /** @type {HTMLElement[]} */ #groups = [];
  /** @type {Map<string, DrawnGrid>} */ #drawn = new Map();
  #rows = 0;
  /** @type {Element | null} */ #seen = null;

  /** @param {HTMLElement} host @param {{ choose: (step: number) => void, point: (text: string, number: (Cell & { isGradient: boolean }) | null) => void }} events a cell is chosen; a cell, or none, is pointed at */
  constructor(host, events) {
    this.#host = host;
    this.#events = {
      choose: events.choose,
      point: (/** @type {string} */ text, /** @type {Target | null} */ target) => {
        events.point(text, target && this.#numberAt(target));
      },
    };
  }

  /** Whose number, or the gradient by which, a cell shows; none of what has no paths. @param {Target} target */
  #numberAt({ id, row, col }) {
    const found = this.#drawn.get(id);
    return found?.of ? { tensor: found.of, index: shownAt(found.model, row, col).index, isGradient: found.isGradient } : null;
  }

  /** @param {NetworkTimeline} timeline @param {Step} step */
  show(timeline, step) {
    const { overview } = timeline;
    if (overview !== this.#overview) this.#build(overview);
    const size = HIGH.matches ? CELL.high : CELL.low;
    for (const { numbers } of overview)
      for (const { of, values, gradient, after } of numbers) {
        this.#draw(presentOf(timeline, step, values, after), of, false, size);
        if (gradient) this.#draw(panelOf(timeline, step, gradient), of, true, size);
      }
    const present = overview.findIndex(({ entries }) => entries.includes(Number(step["entry"])));
    this.#groups.forEach((group, index) => group.classList.toggle("present", index === present));
    this.#pass(timeline.entryOf(step).pass);
    this.#reserve(overview.slice(this.#firstInSight(present), present + 2));
    queueMicrotask(() => this.#keepInSight(this.#groups[present])); // when the stage is drawn as well: laid out once
  }

  /** What is said of a gradient takes more lines. @param {string} pass */
  #pass(pass) {
    if (this.#host.dataset["pass"] === pass) return;
    this.#host.dataset["pass"] = pass;
    document.dispatchEvent(new Event("roomchange"));
  }

  /** Which group is the first in sight: the present one, or that before it where the step computes a cell of it. @param {number} present */
  #firstInSight(present) {
    const before = Math.max(0, present - 1);
    return this.#groups[before]?.querySelector(".cell.marked") ? before : Math.max(0, present);
  }

  /** As many rows as these groups take are in sight; the stage has the rest. @param {Group[]} near */
  #reserve(near) {
    const ids = near.flatMap(({ numbers }) => numbers.map(({ values }) => `${values.id}-0`));
    const rows = Math.max(USUAL, ...ids.map((id) => seenOf(needed(this.#drawn.get(id)).model).rows));
    if (rows === this.#rows) return;
    this.#rows = rows;
    this.#host.style.setProperty("--strip-rows", String(rows));
    document.dispatchEvent(new Event("roomchange")); // the stage has other room
  }

  /** @param {Panel} panel @param {string} of @param {boolean} isGradient @param {number} size of a cell */
  #draw(panel, of, isGradient, size) {
    for (const model of panel.grids) {
      const view = this.#drawn.get(model.id)?.view ?? this.#addGrid(panel.id);
      this.#drawn.set(model.id, { model, view, of, isGradient });
      view.show(model, size, seenOf(model));
    }
  }

  /** @param {string} panel */
  #addGrid(panel) {
    const view = new GridView(this.#events);
    this.#host.querySelector(`[data-of="${panel}"] .strip-grids`)?.append(view.node);
    return view;
  }

  /** @param {Group[]} overview */
  #build(overview) {
    this.#overview = overview;
    this.#drawn.clear();
    this.#groups = overview.map(({ title, numbers }) =>
      el("div", { class: "strip-group" }, el("b", { class: "strip-title" }, title), ...numbers.flatMap((one) => panelsOf(one))),
    );
    this.#host.replaceChildren(...this.#groups);
  }

  /** Light up cells and no others. @param {Lit | null} lit */
  light(lit) {
    this.#host.classList.toggle("lit", lit !== null);
    for (const { model, view, of, isGradient } of this.#drawn.values()) view.highlight(lit && of ? pairsOn(model, lit(of, isGradient)) : [], null);
  }

  /**
   * Scroll to the cell that the step computes, or else to its layer: from the layer's beginning on, as far as it has
   * room; a gradient of the layer before stands in the middle, between what it is of and where it comes from.
   * @param {HTMLElement | undefined} group
   */
  #keepInSight(group) {
    const about = [...this.#host.querySelectorAll(".cell.marked")].at(-1);
    const node = about?.closest(".strip-panel") ?? group;
    if (!node || node === this.#seen) return; // what a person scrolled to stays until then
    this.#seen = node;
    const [box, own] = [this.#host.getBoundingClientRect(), node.getBoundingClientRect()];
    const left = group?.contains(node)
      ? Math.max(group.getBoundingClientRect().left - box.left - FADED, own.right - box.right + FADED)
      : own.left + own.width / 2 - box.left - box.width / 2;
    if (Math.abs(left) > 1) this.#host.scrollBy({ left, behavior: "instant" });
  }
}

/** Values, as far as an update has come with the new ones in their place. @param {NetworkTimeline} timeline @param {Step} step @param {PanelShown} values @param {PanelShown | undefined} after */
function presentOf(timeline, step, values, after) {
  const panel = panelOf(timeline, step, values);
  const fresh = after ? panelOf(timeline, step, after).grids : [];
  const grids = panel.grids.map((model, at) => {
    const made = fresh[at];
    return made ? { ...model, values: model.values.map((value, cell) => (cell < made.filled ? made.values[cell] : value)) } : model;
  });
  return { ...panel, grids };
}

/** @param {Numbers} numbers */
const panelsOf = ({ values, gradient }) => [panelNode(values, false), ...(gradient ? [panelNode(gradient, true)] : [])];

/** @param {PanelShown} panel @param {boolean} isGradient */
const panelNode = ({ id, title }, isGradient) =>
  el("div", { class: isGradient ? "strip-panel gradient" : "strip-panel", "data-of": id }, el("span", { class: "strip-caption" }, title), el("div", { class: "strip-grids" }));

/** What a number reaches on its way to the loss: where its value stands, the values. @param {ChainRule} chain @returns {Lit} */
export const reachedBy = ({ tensor, index, reached }) => (name, isGradient) => (isGradient ? [] : name === tensor ? [index] : (reached[name] ?? []));

/** The gradients along paths. @param {ChainRule} chain @param {ChainPath[]} [paths] @returns {Lit} */
export const along =
  (chain, paths = chain.paths) =>
  (name, isGradient) => {
    const index = chain.along.indexOf(name);
    if (!isGradient || index < 0) return [];
    return name === chain.tensor ? [chain.index] : paths.map(({ cells }) => needed(cells[index]));
  };
