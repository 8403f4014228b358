// Drawings over the cells of a grid: arrows from a value to its copies, under and beside the numbers of the cells, so that they
// lie on none; and thin lines around each of several windows that overlap, whole where the marked cell won, broken where another did.

/** @import { GridModel, Pair } from "../types" */

import { patch, svg } from "./dom.js";

/** @typedef {{ pitch: number, size: number }} Scale pixels from a cell to the next, and of a cell */

/** A kind of drawing: gives the box of a grid these shapes. @param {string} kind */
function overlay(kind) {
  /** @type {WeakMap<HTMLElement, SVGElement>} */
  const drawn = new WeakMap();
  return (/** @type {HTMLElement} */ box, /** @type {SVGElement[]} */ shapes) => {
    const old = drawn.get(box);
    if (!shapes.length) {
      old?.remove();
      return void drawn.delete(box);
    }
    const node = old ?? svg("svg", { class: kind, "aria-hidden": "true" });
    patch(node, shapes);
    if (old) return undefined;
    drawn.set(box, node);
    return box.append(node);
  };
}

const HEAD = 5;
const [UNDER, BESIDE] = [0.36, 0.38]; // how far from the middle of a cell, in cells: numbers are not as high and wide

const showArrows = overlay("arrows");

/** @param {HTMLElement} box @param {NonNullable<GridModel["arrows"]>} arrows @param {Scale} scale */
export const drawArrows = (box, arrows, scale) => showArrows(box, arrows.map(({ from, to }) => svg("path", { d: arrow(from, to, scale) })));

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

const [FIRST, APART] = [2, 2]; // pixels that the first line lies inside of its cells, and each next one inside of that
const DEEPEST = 4; // lines that lie inside of each other

/** @typedef {NonNullable<GridModel["windows"]>[number]} Outlined */

const showOutlines = overlay("outlines");

/** The box of a window among others. @param {Outlined} outlined @param {number} index @param {Scale} scale */
export function boxOf({ region: { row, col, height, width } }, index, { pitch, size }) {
  const inset = FIRST + APART * (index % DEEPEST);
  const long = (/** @type {number} */ cells) => (cells - 1) * pitch + size - 2 * inset;
  return { x: col * pitch + inset, y: row * pitch + inset, width: long(width), height: long(height) };
}

/** @param {HTMLElement} box of the grid @param {Outlined[]} windows @param {Scale} scale */
export const drawOutlines = (box, windows, scale) =>
  showOutlines(box, windows.map((outlined, index) => svg("rect", { ...boxOf(outlined, index, scale), rx: 3, ...(outlined.won === false ? { class: "lost" } : {}) })));
