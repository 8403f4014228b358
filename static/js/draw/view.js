// The part of a grid that is seen where not all of it has room. It turns over like a page when the step leaves it.

/** @import { GridModel } from "../types" */

import { el } from "./dom.js";
import { isPart, lengthAcross } from "./extent.js";
import { GAP } from "./cells.js";
import { Overview } from "./overview.js";
import { firstSeen, middle } from "./part.js";

const EDGE = 6; // pixels around the cells, for the frame of the window, as in stage.css

/** @typedef {{ rows: number, cols: number }} Seen how many rows and columns are seen */

/** Where the window of a grid, or its marked cell, begins and how far it reaches. @param {GridModel} model */
function lookedAt({ region, marked }) {
  if (region) {
    const { row, col, height, width, rowStep, colStep } = region;
    return { row, col, down: (height - 1) * rowStep + 1, across: (width - 1) * colStep + 1 };
  }
  return marked && { row: marked[0], col: marked[1], down: 1, across: 1 };
}

/** The first row and column of the part that is seen; nothing where the step is about none of its cells. @param {GridModel} model @param {Seen} seen @param {{ rows: number, cols: number }} all @returns {[number, number] | null} */
function partOf(model, seen, all) {
  if (model.about) return [middle(model.about[0], seen.rows, all.rows), middle(model.about[1], seen.cols, all.cols)];
  const at = lookedAt(model);
  if (!at) return null;
  const [row, col] = model.wrap ? [Math.floor(at.col / seen.cols), 0] : [at.row, at.col];
  return [firstSeen(row, at.down, seen.rows, all.rows), firstSeen(col, at.across, seen.cols, all.cols)];
}

/** The rows and columns of all of it, as it is laid out. @param {GridModel} model @param {Seen} seen */
const allOf = (model, seen) => (model.wrap ? { rows: Math.ceil(model.cols / seen.cols), cols: seen.cols } : model);

/** A box around a grid: all of it is seen, or a part, and the rest by scrolling. */
export class View {
  #part = "";
  #size = "";
  #pitch = 1;
  /** @type {Seen} */ #seen = { rows: 0, cols: 0 };

  /** @param {HTMLElement} box of the grid */
  constructor(box) {
    this.overview = new Overview((row, col) => this.#look(row - this.#seen.rows / 2, col - this.#seen.cols / 2));
    this.box = el("div", { class: "grid-view" }, box);
    this.box.addEventListener("scroll", () => this.#showSeen(this.box.scrollTop / this.#pitch, this.box.scrollLeft / this.#pitch));
    this.node = el("div", {}, this.box, this.overview.node);
  }

  /** @param {GridModel} model @param {number} size of a cell @param {Seen} seen @returns {boolean} whether there is another picture of the whole now, which nothing is drawn on */
  become(model, size, seen) {
    const { rows, cols } = allOf(model, seen);
    const part = isPart({ rows, cols }, seen);
    const all = `${part} ${size} ${seen.rows} ${seen.cols} ${rows} ${cols}`;
    if (all === this.#size) return false;
    this.#size = all;
    this.#part = "";
    [this.#pitch, this.#seen] = [size + GAP, seen];
    this.box.classList.toggle("part", part);
    const pixels = (/** @type {number} */ count) => (part ? `${lengthAcross(count, size) + 2 * EDGE}px` : "");
    Object.assign(this.box.style, { width: pixels(seen.cols), height: pixels(seen.rows) });
    this.overview.build(part && !model.wrap ? model : null);
    this.#showSeen(0, 0);
    return true;
  }

  /** @param {number} row the first that is seen @param {number} col */
  #showSeen(row, col) {
    this.overview.showSeen({ row, col, height: this.#seen.rows, width: this.#seen.cols });
  }

  /** Scroll to a part. @param {number} row its first @param {number} col */
  #look(row, col) {
    this.box.scrollTo({ top: row * this.#pitch, left: col * this.#pitch, behavior: "instant" });
  }

  /** Scroll to the part that the step is about, when that is another: what a person scrolled to stays until then. @param {GridModel} model */
  turn(model) {
    const all = allOf(model, this.#seen);
    if (!isPart(all, this.#seen)) return;
    const [top, left] = partOf(model, this.#seen, all) ?? [];
    if (top === undefined || left === undefined) return;
    const part = `${top} ${left}`;
    if (part === this.#part) return;
    this.#part = part;
    this.#look(top, left);
  }
}
