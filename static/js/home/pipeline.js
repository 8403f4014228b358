// The stages of the network: what each layer makes of the drawing, every pixel a number that can be read and opened.

/** @import { Answer, Planes } from "../explorer/model.js" */

import { byRole, find } from "../draw/dom.js";
import { appear } from "../draw/motion.js";
import { lines } from "../draw/pictures.js";
import { drawSwatch, strongest } from "../draw/scale.js";
import { ACROSS, positionIn } from "../explorer/positions.js";
import { FIELDS } from "../explorer/settings.js";
import { number } from "../format.js";
import { needed } from "../needed.js";
import { formatState } from "../state.js";
import { say } from "../words.js";

const [BETWEEN, APPEARS] = [120, 300]; // milliseconds from one stage to the next, and for each

/** @typedef {{ node: HTMLElement, layer: number | null, canvases: HTMLCanvasElement[], link: HTMLAnchorElement }} Stop */
/** A number of a stage: its map, row and column as they are drawn. @typedef {{ plane: number, row: number, col: number }} Spot */

/** @param {Planes} planes @param {boolean} isLine @returns {Planes} */
const drawn = (planes, isLine) => (isLine ? planes.map(([line = []]) => lines(line, ACROSS)) : planes);

export class Pipeline {
  /** @type {Stop[]} */ #stops = [];
  /** @type {Answer | null} */ #answer = null;

  constructor() {
    for (const node of byRole("pipeline").children)
      if (node instanceof HTMLElement && node.querySelector("canvas")) this.#stops.push(this.#stop(node));
    document.addEventListener("themechange", () => this.#answer && this.show(this.#answer));
  }

  /** @param {HTMLElement} node @returns {Stop} */
  #stop(node) {
    const layer = node.dataset["layer"] === undefined ? null : Number(node.dataset["layer"]);
    const link = find('[data-role="number"]', HTMLAnchorElement, node);
    const stop = { node, layer, canvases: [...byRole("maps", node).querySelectorAll("canvas")], link };
    stop.canvases.forEach((canvas, map) => {
      canvas.addEventListener("pointermove", (event) => this.#point(stop, map, event));
      canvas.addEventListener("pointerleave", () => this.#name(stop));
      canvas.addEventListener("click", (event) => {
        this.#point(stop, map, event); // a finger has left before its tap is one
        link.click();
      });
    });
    return stop;
  }

  /** The stages come into sight one after the other. */
  appear() {
    this.#stops.forEach(({ node }, index) => appear(node, BETWEEN * index, APPEARS));
  }

  /** @param {Answer} answer */
  show(answer) {
    this.#answer = answer;
    for (const stop of this.#stops) {
      const planes = this.#planes(stop);
      const max = strongest(planes.flat(2));
      drawn(planes, this.#isLine(stop)).forEach((plane, map) => {
        const canvas = stop.canvases[map];
        if (canvas) drawSwatch(canvas, plane, max);
      });
      this.#name(stop);
    }
  }

  /** @param {Stop} stop @returns {Planes} */
  #planes({ layer }) {
    const { maps, input } = needed(this.#answer);
    return layer === null ? input : (maps[layer] ?? []);
  }

  /** @param {Stop} stop */
  #isLine({ layer }) {
    return layer !== null && this.#answer?.model.layers[layer]?.output_shape.length === 1;
  }

  /** @param {Stop} stop @param {number} map @param {MouseEvent} event */
  #point(stop, map, event) {
    const canvas = stop.canvases[map];
    const area = canvas.getBoundingClientRect();
    const row = Math.min(canvas.height - 1, Math.floor(((event.clientY - area.top) / area.height) * canvas.height));
    const col = Math.min(canvas.width - 1, Math.floor(((event.clientX - area.left) / area.width) * canvas.width));
    this.#name(stop, { plane: map, row: Math.max(0, row), col: Math.max(0, col) });
  }

  /** Say a number, and lead to the step that made it; the largest, where none is pointed at. @param {Stop} stop @param {Spot} [pointed] */
  #name(stop, pointed) {
    if (!this.#answer) return;
    const planes = drawn(this.#planes(stop), this.#isLine(stop));
    const spot = pointed ?? this.#largest(stop);
    const value = spot && planes[spot.plane]?.[spot.row]?.[spot.col];
    if (!spot || value === undefined) return;
    stop.link.textContent = pointed ? say("home.number", { number: number(value) }) : say("home.largest", { number: number(value) });
    stop.link.href = this.#address(stop, spot);
  }

  /** Where the largest number of a stage stands, as the engine says. @param {Stop} stop @returns {Spot | null} */
  #largest({ layer }) {
    const { largest, model } = needed(this.#answer);
    const index = layer === null ? largest.input : largest.maps[layer];
    const shape = layer === null ? model.input_shape : model.layers[layer]?.output_shape;
    return index && shape ? positionIn(shape, index) : null;
  }

  /** @param {Stop} stop @param {Spot} spot */
  #address(stop, { plane, row, col }) {
    const { chosen } = needed(this.#answer);
    const at = this.#isLine(stop) ? [stop.layer, row * ACROSS + col] : [stop.layer, plane, row, col];
    const parts = [formatState(FIELDS, chosen, 0), stop.layer === null ? "" : `at=${at}`];
    return `/explorer#${parts.filter(Boolean).join("&")}`;
  }
}
