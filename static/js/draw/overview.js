// All of a large grid as a small picture, a pixel for each cell, with the part that is seen and the window on it.

/** @import { Region } from "../types" */

import { el } from "./dom.js";
import { overviewOf } from "./extent.js";

/** Rows and columns of a grid. @typedef {{ row: number, col: number, height: number, width: number }} Area */

/** Stands under a grid of which a part is seen, and moves that part to where it is pressed. */
export class Overview {
  #canvas = el("canvas");
  #seen = el("i", { class: "overview-seen" });
  #window = el("i", { class: "overview-window" });
  /** @type {string[]} */ #fills = [];
  #pitch = 0;

  /** @param {(row: number, col: number) => void} look shows the part around a cell */
  constructor(look) {
    this.node = el("div", { class: "overview", hidden: true, "aria-hidden": "true" }, this.#canvas, this.#seen, this.#window);
    const lookAt = (/** @type {PointerEvent} */ { clientX, clientY }) => {
      const { left, top } = this.node.getBoundingClientRect();
      look((clientY - top) / this.#pitch, (clientX - left) / this.#pitch);
    };
    this.node.addEventListener("pointerdown", (event) => {
      this.node.setPointerCapture(event.pointerId);
      lookAt(event);
    });
    this.node.addEventListener("pointermove", (event) => event.buttons && lookAt(event));
  }

  /** Make room for a grid; all of its cells are to be drawn then. @param {{ rows: number, cols: number } | null} grid none: nothing is shown */
  build(grid) {
    this.node.hidden = !grid;
    this.#fills = [];
    if (!grid) return;
    const { pitch, width, height } = overviewOf(grid);
    this.#pitch = pitch;
    Object.assign(this.#canvas, { width: grid.cols, height: grid.rows });
    Object.assign(this.node.style, { width: `${width}px`, height: `${height}px` });
  }

  /** @param {number} index of a cell, row by row @param {string} fill its colour; nothing where it is empty */
  draw(index, fill) {
    if (this.node.hidden || this.#fills[index] === fill) return;
    this.#fills[index] = fill;
    const context = this.#canvas.getContext("2d");
    if (!context) return;
    const [x, y] = [index % this.#canvas.width, Math.floor(index / this.#canvas.width)];
    context.clearRect(x, y, 1, 1);
    if (!fill) return;
    context.fillStyle = fill;
    context.fillRect(x, y, 1, 1);
  }

  /** @param {Region | null} region */
  showWindow(region) {
    this.#window.hidden = !region;
    if (region) this.#put(this.#window, { ...region, height: (region.height - 1) * region.rowStep + 1, width: (region.width - 1) * region.colStep + 1 });
  }

  /** @param {Area} area */
  showSeen(area) {
    this.#put(this.#seen, area);
  }

  /** @param {HTMLElement} node @param {Area} area */
  #put(node, { row, col, height, width }) {
    const pixels = (/** @type {number} */ count) => `${count * this.#pitch}px`;
    Object.assign(node.style, { width: pixels(width), height: pixels(height), transform: `translate(${pixels(col)}, ${pixels(row)})` });
  }
}
