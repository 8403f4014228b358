// The stages of the network: what each layer makes of the drawing, every pixel a number that can be read and opened.

/** @import { Answer, Planes } from "../explorer/model.js" */

import { byRole, find } from "../draw/dom.js";
import { appear } from "../draw/motion.js";
import { lines } from "../draw/pictures.js";
import { drawSwatch, strongest } from "../draw/scale.js";
import { ACROSS, positionIn } from "../explorer/positions.js";
import { FIELDS } from "../explorer/settings.js";
import { number } from "../format.js";
import { formatState } from "../state.js";
import { say } from "../words.js";

const [BETWEEN, APPEARS] = [120, 300]; // milliseconds from one stage to the next, and for each

/** @typedef {{ node: HTMLElement, layer: number | null, canvases: HTMLCanvasElement[], link: HTMLAnchorElement }} Stop */
/** A number of a stage: its map, row and column as they are drawn. @typedef {{ plane: number, row: number, col: number }} Spot */

/** What there is of a stage: its maps, their shape, and where the largest of its numbers stands, as the engine says. @param {Answer} answer @param {number | null} layer none: of what is given */
const stageOf = ({ maps, input, largest, model }, layer) =>
  layer === null
    ? { planes: input, shape: model.input_shape, largest: largest.input }
    : { planes: maps[layer] ?? [], shape: model.layers[layer]?.output_shape ?? [], largest: largest.maps[layer] };

/** @param {ReturnType<typeof stageOf>} stage @returns {Planes} */
const drawn = ({ planes, shape }) => (shape.length === 1 ? planes.map(([line = []]) => lines(line, ACROSS)) : planes);

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
      const stage = stageOf(answer, stop.layer);
      const max = strongest(stage.planes.flat(2));
      drawn(stage).forEach((plane, map) => {
        const canvas = stop.canvases[map];
        if (canvas) drawSwatch(canvas, plane, max);
      });
      this.#name(stop);
    }
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
    const stage = stageOf(this.#answer, stop.layer);
    const spot = pointed ?? (stage.largest && stage.shape.length ? positionIn(stage.shape, stage.largest) : null);
    const value = spot && drawn(stage)[spot.plane]?.[spot.row]?.[spot.col];
    if (!spot || value === undefined) return;
    stop.link.textContent = pointed ? say("home.number", { number: number(value) }) : say("home.largest", { number: number(value) });
    const { plane, row, col } = spot;
    const at = stage.shape.length === 1 ? [stop.layer, row * ACROSS + col] : [stop.layer, plane, row, col];
    const parts = [formatState(FIELDS, this.#answer.chosen, 0), stop.layer === null ? "" : `at=${at}`];
    stop.link.href = `/explorer#${parts.filter(Boolean).join("&")}`;
  }
}
