// Thin lines around each of several windows that overlap: whole where the marked cell won, broken where another one did.

/** @import { GridModel } from "../types" */
/** @import { Scale } from "./overlay.js" */

import { svg } from "./dom.js";
import { overlay } from "./overlay.js";

const [FIRST, APART] = [2, 2]; // pixels that the first line lies inside of its cells, and each next one inside of that
const DEEPEST = 4; // lines that lie inside of each other

/** @typedef {NonNullable<GridModel["windows"]>[number]} Outlined */

const show = overlay("outlines");

/** The box of a window among others. @param {Outlined} outlined @param {number} index @param {Scale} scale */
export function boxOf({ region: { row, col, height, width } }, index, { pitch, size }) {
  const inset = FIRST + APART * (index % DEEPEST);
  const long = (/** @type {number} */ cells) => (cells - 1) * pitch + size - 2 * inset;
  return { x: col * pitch + inset, y: row * pitch + inset, width: long(width), height: long(height) };
}

/** @param {HTMLElement} box of the grid @param {Outlined[]} windows @param {Scale} scale */
export const drawOutlines = (box, windows, scale) =>
  show(box, windows.map((outlined, index) => svg("rect", { ...boxOf(outlined, index, scale), rx: 3, ...(outlined.won === false ? { class: "lost" } : {}) })));
