// The network: a row for each layer, with all that it gives as small pictures. A click opens one.

/** @import { Answer, Layer, Planes } from "./model.js" */

import { byRole, el } from "../draw/dom.js";
import { strongest } from "../draw/scale.js";
import { size } from "../format.js";
import { layerTitle } from "../training/choices.js";
import { drawPlane, lines } from "../training/pictures.js";
import { say } from "../words.js";

const ACROSS = 28; // numbers in a line of what has no rows of its own

/** Planes as they are shown: a line in several. @param {Planes} planes @param {Layer} layer @returns {Planes} */
export const shownPlanes = (planes, { output_shape }) =>
  output_shape.length === 3 ? planes : planes.map(([line = []]) => lines(line, ACROSS));

/** What a layer is called. @param {number} index @param {Layer} layer */
export const titleOf = (index, { layer }) => say("explorer.layer", { number: index + 1, kind: layerTitle(layer) });

/** The largest magnitude of what a layer gives. @param {Planes} planes */
export const largestOf = (planes) => strongest(planes.flat(2));

export class Network {
  #host = byRole("network");
  #model = "";
  #rows = /** @type {HTMLCanvasElement[][]} */ ([]);

  /** @param {(at: string) => void} open */
  constructor(open) {
    this.open = open;
  }

  /** @param {Answer} answer */
  show({ model, maps }) {
    if (model.id !== this.#model) this.#build(model.layers);
    this.#model = model.id;
    maps.forEach((planes, index) => {
      const layer = /** @type {Layer} */ (model.layers[index]);
      const max = largestOf(planes);
      shownPlanes(planes, layer).forEach((plane, channel) => {
        const canvas = this.#rows[index]?.[channel];
        if (canvas) drawPlane(canvas, plane, max);
      });
    });
  }

  /** @param {Layer[]} layers */
  #build(layers) {
    this.#rows = layers.map(({ output_shape }) => {
      const count = output_shape.length === 3 ? (output_shape[0] ?? 1) : 1;
      return Array.from({ length: count }, () => el("canvas", { "aria-hidden": "true" }));
    });
    this.#host.replaceChildren(...layers.map((layer, index) => this.#row(layer, index)));
  }

  /** @param {Layer} layer @param {number} index */
  #row(layer, index) {
    const { output_shape } = layer;
    const [count = 1, ...area] = output_shape;
    const isMaps = area.length > 0;
    const what = isMaps ? say("explorer.maps_of", { count, size: size(area) }) : say("explorer.numbers", { count });
    const buttons = (this.#rows[index] ?? []).map((canvas, channel) => {
      const place = isMaps ? say("explorer.map_of", { layer: titleOf(index, layer), map: channel + 1 }) : say("explorer.numbers_of", { layer: titleOf(index, layer) });
      const at = isMaps ? `${index},${channel}` : `${index}`;
      const button = el("button", { type: "button", class: isMaps ? "map-button" : "map-button line", "data-at": at, "aria-label": place, title: place }, canvas);
      button.addEventListener("click", () => this.open(at));
      return button;
    });
    return el("li", {}, el("p", { class: "layer-name" }, el("b", {}, titleOf(index, layer)), el("span", {}, what)), el("div", { class: "layer-maps" }, ...buttons));
  }
}
