// A plane of numbers: a grid with its digits where they have room, else a picture that says the number under the pointer.

import { el } from "../draw/dom.js";
import { GridView } from "../draw/grid.js";
import { number } from "../format.js";
import { grid } from "../frame.js";
import { drawSwatch } from "../draw/scale.js";
import { leastCell } from "../draw/room.js";
import { say } from "../words.js";

const MOST_DIGITS = 8; // rows and columns of a plane that shows its digits in any case
const ROOMY = 5; // rows and columns of a plane whose cells are larger
const LARGE_CELL = 36; // pixels

/**
 * @typedef {object} PlaneEvents
 * @property {(text: string) => void} point says what is pointed at
 * @property {(row: number, col: number) => void} [open] looks at a cell
 * @property {(row: number, col: number, value: number) => void} [edit] has another number in a cell
 */

export class Plane {
  /** @type {(number | null)[][]} */ #values = [];
  #canvas = el("canvas", { role: "img" });
  /** @type {GridView | null} */ #grid = null;

  /** @param {string} id @param {string} label @param {PlaneEvents} events @param {string[]} [names] of its cells, where they are more than places */
  constructor(id, label, events, names) {
    this.id = id;
    this.label = label;
    this.events = events;
    this.names = names;
    this.node = el("div", { class: "plane" });
  }

  /** @param {(number | null)[][]} values @param {number} max the magnitude with the strongest colour @param {number} zoom how many times as large as usual the smallest digits are */
  show(values, max, zoom) {
    this.#values = values;
    const [rows, cols] = [values.length, values[0]?.length ?? 1];
    if (this.events.edit || Math.max(rows, cols) <= MOST_DIGITS) this.#showGrid(rows, cols, max, zoom);
    else this.#showPicture(max);
  }

  /** @param {number} rows @param {number} cols @param {number} max @param {number} zoom */
  #showGrid(rows, cols, max, zoom) {
    const { edit, open, point } = this.events;
    if (!this.#grid) {
      this.#grid = new GridView({
        point: (text) => point(text),
        edit: (_, row, col, value) => edit?.(row, col, value),
        ...(open ? { pin: ({ row, col }) => open(row, col) } : {}),
      });
      this.node.replaceChildren(this.#grid.node);
      this.node.classList.toggle("opens", open !== undefined);
    }
    const model = grid({ id: this.id, label: this.label, values: this.#values.flat(), cols, max, names: this.names, edit: edit ? { field: this.id, channel: 0 } : null });
    this.#grid.show(model, Math.max(rows, cols) <= ROOMY ? Math.ceil(zoom * LARGE_CELL) : leastCell(zoom), model, zoom);
  }

  /** @param {number} max */
  #showPicture(max) {
    if (!this.#canvas.isConnected) {
      this.#canvas.setAttribute("aria-label", this.label);
      this.#canvas.addEventListener("pointermove", (event) => this.events.point(this.#sentenceOf(event)));
      this.#canvas.addEventListener("pointerleave", () => this.events.point(""));
      this.#canvas.addEventListener("click", (event) => this.events.open?.(...this.#cellUnder(event)));
      this.node.replaceChildren(this.#canvas);
      this.node.classList.toggle("opens", this.events.open !== undefined);
    }
    drawSwatch(this.#canvas, this.#values, max);
  }

  /** @param {MouseEvent} event @returns {[number, number]} */
  #cellUnder({ clientX, clientY }) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const [rows, cols] = [this.#values.length, this.#values[0]?.length ?? 1];
    const indexAt = (/** @type {number} */ share, /** @type {number} */ count) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
    return [indexAt((clientY - top) / height, rows), indexAt((clientX - left) / width, cols)];
  }

  /** @param {MouseEvent} event */
  #sentenceOf(event) {
    const [row, col] = this.#cellUnder(event);
    return say("explorer.pointed", { label: this.label, row: row + 1, col: col + 1, value: number(this.#values[row]?.[col]) });
  }
}
