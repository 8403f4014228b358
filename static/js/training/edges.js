// Lines from the maps that a map is made of to that map, while somebody points at it. Which those are the engine says.

import { bentAcross } from "../draw/bent-lines.js";
import { svg } from "../draw/dom.js";

/** @typedef {{ tile: HTMLElement, sources: HTMLElement[] }} Edge a tile, and those of the layer before it that it is made of */

export class Edges {
  /** @type {HTMLElement[]} */ #fed = [];
  node = svg("svg", { class: "edges", "aria-hidden": "true" });

  /** @param {HTMLElement} host what scrolls with the tiles */
  constructor(host) {
    this.host = host;
  }

  /** @param {Edge[]} edges none: nothing is pointed at */
  show(edges) {
    for (const tile of this.#fed) tile.classList.remove("fed");
    this.#fed = edges.flatMap(({ sources }) => sources);
    for (const tile of this.#fed) tile.classList.add("fed");
    const lines = edges.flatMap(({ tile, sources }) => sources.map((source) => this.#line(source, tile)));
    const each = (/** @type {string} */ name) => lines.map((d) => svg("path", { class: name, d }));
    const { scrollWidth: width, scrollHeight: height } = this.host;
    if (lines.length) Object.assign(this.node.style, { width: `${width}px`, height: `${height}px` });
    this.node.replaceChildren(...each("edge-halo"), ...each("edge"));
  }

  /** From the middle of one side to the middle of the other. @param {HTMLElement} source @param {HTMLElement} tile */
  #line(source, tile) {
    const host = this.host.getBoundingClientRect();
    const [from, to] = [source.getBoundingClientRect(), tile.getBoundingClientRect()];
    const at = (/** @type {number} */ x, /** @type {DOMRect} */ { top, height }) => ({
      x: x - host.left - this.host.clientLeft + this.host.scrollLeft,
      y: top + height / 2 - host.top - this.host.clientTop + this.host.scrollTop,
    });
    return bentAcross(at(from.right, from), at(to.left, to));
  }
}
