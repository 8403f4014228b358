// A drawing over the cells of a grid, which is there while it has something to show.

import { patch, svg } from "./dom.js";

/** @typedef {{ pitch: number, size: number }} Scale pixels from a cell to the next, and of a cell */

/** A kind of drawing: gives the box of a grid these shapes. @param {string} kind */
export function overlay(kind) {
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
