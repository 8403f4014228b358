// Arrows over a grid, from a value to its copies.

/** @import { GridModel } from "../types" */

import { patch } from "./dom.js";

const NS = "http://www.w3.org/2000/svg";
const HEAD = 5;

/** @type {WeakMap<HTMLElement, SVGElement>} */
const drawn = new WeakMap();

/** @param {HTMLElement} box @param {NonNullable<GridModel["arrows"]>} arrows @param {number} pitch @param {number} size of a cell */
export function drawArrows(box, arrows, pitch, size) {
  const old = drawn.get(box);
  if (!arrows.length) {
    old?.remove();
    return void drawn.delete(box);
  }
  const node = old ?? document.createElementNS(NS, "svg");
  node.setAttribute("class", "arrows");
  node.setAttribute("aria-hidden", "true");
  const middle = (/** @type {number} */ index) => index * pitch + size / 2;
  const paths = arrows.map(({ from, to }) => {
    const path = document.createElementNS(NS, "path");
    path.setAttribute("d", arrow(middle(from[1]), middle(from[0]), middle(to[1]), middle(to[0]), size / 4));
    return path;
  });
  patch(node, paths);
  if (old) return undefined;
  drawn.set(box, node);
  return box.append(node);
}

/** The path of an arrow. @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {number} short how much of it is left off at both ends */
export function arrow(x1, y1, x2, y2, short) {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const [ax, ay, bx, by] = [x1 + dx * short, y1 + dy * short, x2 - dx * short, y2 - dy * short];
  const wing = (/** @type {number} */ turn) =>
    `M${bx} ${by}L${bx - HEAD * Math.cos(angle + turn)} ${by - HEAD * Math.sin(angle + turn)}`;
  return `M${ax} ${ay}L${bx} ${by}${wing(0.6)}${wing(-0.6)}`;
}
