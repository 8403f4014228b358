// A rectangle over a picture, moved by pointer, finger and keys. It knows pixels, not what becomes of them.

/** @import { Pair } from "../types" */

import { el, isModified } from "../draw/dom.js";
import { say } from "../words.js";

/** The least width, in pixels. */
export const LEAST = 2;
const FAR = 8; // pixels that an arrow moves it with Shift held
const WIDER = 2; // pixels that plus and minus make it wider or narrower

/** @param {number} value @param {number} low @param {number} high */
const within = (value, low, high) => Math.max(low, Math.min(high, value));

/**
 * @typedef {object} WindowEvents
 * @property {(row: number, col: number, width: number) => void} move somebody wants it there: `fit` puts it
 * @property {() => void} end a drag or a key press is over
 */

/** A picture with the rectangle. */
export class MovableWindow {
  box = { row: 0, col: 0, height: 1, width: 1 };
  canvas = el("canvas", { role: "img", "aria-label": say("common.the_picture") });
  #frame = el("button", { type: "button", class: "photo-window" });
  node = el("div", { class: "photo-figure", hidden: true }, this.canvas, this.#frame);

  /** @param {WindowEvents} events */
  constructor(events) {
    this.events = events;
    this.#frame.addEventListener("keydown", (event) => this.#onKey(event));
    this.#frame.addEventListener("keyup", () => events.end());
    this.node.addEventListener("pointerdown", (event) => this.#onDrag(event));
  }

  /** Put it there, inside the picture and in the proportions of the cells. @param {number} row @param {number} col @param {number} width @param {Pair} cells */
  fit(row, col, width, [rows, cols]) {
    const { width: across, height: down } = this.canvas;
    const widest = Math.min(across, Math.max(1, Math.round((down * cols) / rows)));
    const wide = within(Math.round(width), Math.min(LEAST, widest), widest);
    const high = within(Math.round((wide * rows) / cols), 1, down);
    this.box = {
      row: within(Math.round(row), 0, down - high),
      col: within(Math.round(col), 0, across - wide),
      height: high,
      width: wide,
    };
    return this.box;
  }

  /** @param {boolean} current whether its pixels are what is shown @returns {string} where it is, in words */
  draw(current) {
    const { row, col, height, width } = this.box;
    const { width: across, height: down } = this.canvas;
    this.node.classList.toggle("stale", !current);
    Object.assign(this.#frame.style, {
      left: `${(100 * col) / across}%`,
      top: `${(100 * row) / down}%`,
      width: `${(100 * width) / across}%`,
      height: `${(100 * height) / down}%`,
    });
    const where = say("photo.where", { top: row + 1, bottom: row + height, left: col + 1, right: col + width, down, across });
    this.#frame.setAttribute("aria-label", say("photo.window_label", { where }));
    return where;
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const { row, col, width } = this.box;
    const far = event.shiftKey ? FAR : 1;
    /** @type {Record<string, number[]>} */
    const moves = {
      ArrowLeft: [0, -far, 0],
      ArrowRight: [0, far, 0],
      ArrowUp: [-far, 0, 0],
      ArrowDown: [far, 0, 0],
      "+": [0, 0, WIDER],
      "-": [0, 0, -WIDER],
    };
    const move = moves[event.key];
    if (!move || isModified(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const [down = 0, across = 0, wider = 0] = move;
    this.events.move(row + down, col + across, width + wider);
  }

  /** Where a pointer is, in pixels of the picture. @param {PointerEvent} event */
  #at({ clientX, clientY }) {
    const area = this.canvas.getBoundingClientRect();
    return {
      row: ((clientY - area.top) / area.height) * this.canvas.height,
      col: ((clientX - area.left) / area.width) * this.canvas.width,
    };
  }

  /** Drag it; elsewhere on the picture it comes to the pointer first. @param {PointerEvent} event */
  #onDrag(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.#frame.focus({ preventScroll: true });
    this.events.end();
    const start = this.#at(event);
    const held = event.target === this.#frame;
    const offset = held
      ? { row: start.row - this.box.row, col: start.col - this.box.col }
      : { row: this.box.height / 2, col: this.box.width / 2 };
    const move = (/** @type {PointerEvent} */ moved) => {
      const { row, col } = this.#at(moved);
      this.events.move(row - offset.row, col - offset.col, this.box.width);
    };
    if (!held) move(event);
    this.node.setPointerCapture(event.pointerId);
    this.node.addEventListener("pointermove", move);
    const end = () => {
      this.node.removeEventListener("pointermove", move);
      this.events.end();
    };
    for (const type of ["pointerup", "pointercancel"]) this.node.addEventListener(type, end, { once: true });
  }
}
