// Arrows over a grid, from a value to its copies: along the gaps between the cells, so that they lie on no number.

/** @import { GridModel, Pair, Region } from "../types" */

import { patch } from "./dom.js";

const NS = "http://www.w3.org/2000/svg";
const HEAD = 5;
const ASIDE = 0.34; // how far from its middle, in cells, a cell is left and reached: numbers are not as high

/** @typedef {{ pitch: number, size: number }} Scale pixels from a cell to the next, and of a cell */

/** @type {WeakMap<HTMLElement, SVGElement>} */
const drawn = new WeakMap();

/** @param {HTMLElement} box @param {Pick<GridModel, "arrows" | "region">} model @param {Scale} scale */
export function drawArrows(box, { arrows = [], region }, scale) {
  const old = drawn.get(box);
  if (!arrows.length) {
    old?.remove();
    return void drawn.delete(box);
  }
  const node = old ?? document.createElementNS(NS, "svg");
  node.setAttribute("class", "arrows");
  node.setAttribute("aria-hidden", "true");
  const paths = arrows.map(({ from, to }) => {
    const path = document.createElementNS(NS, "path");
    path.setAttribute("d", arrow(from, to, region, scale));
    return path;
  });
  patch(node, paths);
  if (old) return undefined;
  drawn.set(box, node);
  return box.append(node);
}

/** The path of an arrow from cell to cell, and its head. @param {Pair} from @param {Pair} to @param {Region | null} region on whose border no arrow lies @param {Scale} scale @returns {string} */
export function arrow(from, to, region, scale) {
  const points = way(from, to, region, scale);
  const [[ax, ay] = [0, 0], [bx, by] = [0, 0]] = points.slice(-2);
  const angle = Math.atan2(by - ay, bx - ax);
  const wing = (/** @type {number} */ turn) =>
    `M${bx} ${by}L${bx - HEAD * Math.cos(angle + turn)} ${by - HEAD * Math.sin(angle + turn)}`;
  return `M${points.map((point) => point.join(" ")).join("L")}${wing(0.6)}${wing(-0.6)}`;
}

/** The corners of the way, x before y: out of the one cell, along the gaps, into the other one. @param {Pair} from @param {Pair} to @param {Region | null} region @param {Scale} scale @returns {Pair[]} */
function way([row, col], [toRow, toCol], region, { pitch, size }) {
  const middle = (/** @type {number} */ index) => index * pitch + size / 2;
  const gap = (/** @type {number} */ index, /** @type {number} */ side) => middle(index) + (side * pitch) / 2;
  const edge = (/** @type {number} */ index, /** @type {number} */ side) => middle(index) + side * ASIDE * size;
  const [down, across] = [Math.sign(toRow - row), Math.sign(toCol - col)];
  if (!down) {
    const side = region && row === region.row + (region.height - 1) * region.rowStep ? -1 : 1;
    const [near, y] = [edge(row, side), gap(row, side)];
    return [[middle(col), near], [middle(col), y], [middle(toCol), y], [middle(toCol), near]];
  }
  if (!across) {
    const side = region && col === region.col + (region.width - 1) * region.colStep ? -1 : 1;
    const [near, x] = [edge(col, side), gap(col, side)];
    return [[near, edge(row, down)], [x, edge(row, down)], [x, edge(toRow, -down)], [near, edge(toRow, -down)]];
  }
  const [y, x] = [gap(row, down), gap(toCol, -across)];
  return [[middle(col), edge(row, down)], [middle(col), y], [x, y], [x, edge(toRow, -down)], [edge(toCol, -across), edge(toRow, -down)]];
}
