// Arrows over a grid, from a value to its copies: under and beside the numbers of the cells, so that they lie on none.

/** @import { GridModel, Pair } from "../types" */
/** @import { Scale } from "./overlay.js" */

import { svg } from "./dom.js";
import { overlay } from "./overlay.js";

const HEAD = 5;
const [UNDER, BESIDE] = [0.36, 0.38]; // how far from the middle of a cell, in cells: numbers are not as high and wide

const show = overlay("arrows");

/** @param {HTMLElement} box @param {NonNullable<GridModel["arrows"]>} arrows @param {Scale} scale */
export const drawArrows = (box, arrows, scale) => show(box, arrows.map(({ from, to }) => svg("path", { d: arrow(from, to, scale) })));

/** The path of an arrow from cell to cell, and its head. @param {Pair} from @param {Pair} to @param {Scale} scale @returns {string} */
export function arrow(from, to, scale) {
  const points = way(from, to, scale);
  const [[ax, ay] = [0, 0], [bx, by] = [0, 0]] = points.slice(-2);
  const angle = Math.atan2(by - ay, bx - ax);
  const wing = (/** @type {number} */ turn) =>
    `M${bx} ${by}L${bx - HEAD * Math.cos(angle + turn)} ${by - HEAD * Math.sin(angle + turn)}`;
  return `M${points.map((point) => point.join(" ")).join("L")}${wing(0.6)}${wing(-0.6)}`;
}

/** The corners of the way, x before y: along a row under its numbers, along a column beside them; round a corner both. @param {Pair} from @param {Pair} to @param {Scale} scale @returns {Pair[]} */
function way([row, col], [toRow, toCol], { pitch, size }) {
  const middle = (/** @type {number} */ index) => index * pitch + size / 2;
  const [down, across] = [Math.sign(toRow - row), Math.sign(toCol - col)];
  const y = middle(row) + (down || 1) * UNDER * size;
  if (!down) return [[middle(col), y], [middle(toCol), y]];
  const x = middle(toCol) - (across || -1) * BESIDE * size;
  if (!across) return [[x, middle(row)], [x, middle(toRow)]];
  return [[middle(col), y], [x, y], [x, middle(toRow)]];
}
