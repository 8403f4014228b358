// Thin lines around each of several windows that overlap: whole where the marked cell won, broken where another one did.

/** @import { GridModel } from "../types" */

import { patch } from "./dom.js";

const NS = "http://www.w3.org/2000/svg";
const [FIRST, APART] = [2, 2]; // pixels that the first line lies inside of its cells, and each next one inside of that
const DEEPEST = 4; // lines that lie inside of each other

/** @typedef {{ pitch: number, size: number }} Scale pixels from a cell to the next, and of a cell */
/** @typedef {NonNullable<GridModel["windows"]>[number]} Outlined */

/** @type {WeakMap<HTMLElement, SVGElement>} */
const drawn = new WeakMap();

/** The box of a window. @param {Outlined} outlined @param {number} index @param {Scale} scale */
export function boxOf({ region: { row, col, height, width } }, index, { pitch, size }) {
  const inset = FIRST + APART * (index % DEEPEST);
  const long = (/** @type {number} */ cells) => (cells - 1) * pitch + size - 2 * inset;
  return { x: col * pitch + inset, y: row * pitch + inset, width: long(width), height: long(height) };
}

/** @param {HTMLElement} box of the grid @param {Outlined[]} windows @param {Scale} scale */
export function drawOutlines(box, windows, scale) {
  const old = drawn.get(box);
  if (!windows.length) {
    old?.remove();
    return void drawn.delete(box);
  }
  const node = old ?? document.createElementNS(NS, "svg");
  node.setAttribute("class", "outlines");
  node.setAttribute("aria-hidden", "true");
  const boxes = windows.map((outlined, index) => {
    const rect = document.createElementNS(NS, "rect");
    for (const [name, value] of Object.entries({ ...boxOf(outlined, index, scale), rx: 3 })) rect.setAttribute(name, String(value));
    if (outlined.won === false) rect.setAttribute("class", "lost");
    return rect;
  });
  patch(node, boxes);
  if (old) return undefined;
  drawn.set(box, node);
  return box.append(node);
}
