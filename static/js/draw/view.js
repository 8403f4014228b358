// The part of a grid that is seen where not all of it has room. It turns over like a page when the step leaves it.

/** @import { GridModel } from "../types" */

import { el } from "./dom.js";
import { lengthOf } from "./extent.js";
import { GAP } from "./cells.js";
import { firstSeen } from "./part.js";

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

/** A box around a grid: all of it is seen, or a part, and the rest by scrolling. */
export class View {
  #part = "";
  #size = "";

  /** @param {HTMLElement} box of the grid */
  constructor(box) {
    this.node = el("div", { class: "grid-view" }, box);
  }

  /** @param {GridModel} model @param {number} size of a cell @param {Seen} seen */
  show(model, size, seen) {
    const { rows, cols } = model.wrap ? { rows: Math.ceil(model.cols / seen.cols), cols: seen.cols } : model;
    const isPart = seen.rows < rows || seen.cols < cols;
    const all = `${isPart} ${size} ${seen.rows} ${seen.cols}`;
    if (all !== this.#size) {
      this.#size = all;
      this.#part = "";
      this.node.classList.toggle("part", isPart);
      const pixels = (/** @type {number} */ count) => (isPart ? `${lengthOf(count, size) + 2 * EDGE}px` : "");
      Object.assign(this.node.style, { width: pixels(seen.cols), height: pixels(seen.rows) });
    }
    if (isPart) this.#turn(model, size + GAP, seen, { rows, cols });
  }

  /** Scroll to the part that the step is about, when that is another: what a person scrolled to stays until then. @param {GridModel} model @param {number} pitch @param {Seen} seen @param {{ rows: number, cols: number }} all */
  #turn(model, pitch, seen, all) {
    const at = lookedAt(model);
    if (!at) return;
    const [row, col] = model.wrap ? [Math.floor(at.col / seen.cols), 0] : [at.row, at.col];
    const [top, left] = [firstSeen(row, at.down, seen.rows, all.rows), firstSeen(col, at.across, seen.cols, all.cols)];
    const part = `${top} ${left}`;
    if (part === this.#part) return;
    this.#part = part;
    this.node.scrollTo({ top: top * pitch, left: left * pitch, behavior: "instant" });
  }
}
