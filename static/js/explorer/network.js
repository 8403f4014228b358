// The network: a row for each layer, with all that it gives as small pictures, and lines between them. A click opens one.

/** @import { Answer, Layer, Model, Planes } from "./model.js" */

import { LAYERS, named } from "../catalogue.js";
import { buttonTo, byRole, el } from "../draw/dom.js";
import { drawSwatch, strongest } from "../draw/scale.js";
import { size } from "../format.js";
import { drawPicture, lines } from "../draw/pictures.js";
import { say } from "../words.js";
import { isOff } from "./bending.js";
import { titleOf, unitName } from "./names.js";
import { ACROSS } from "./positions.js";
import { Wires } from "./wires.js";

/** Planes as they are shown: a line in several. @param {Planes} planes @param {Layer} layer @returns {Planes} */
export const shownPlanes = (planes, { output_shape }) =>
  output_shape.length === 3 ? planes : planes.map(([line = []]) => lines(line, ACROSS));

/** The largest magnitude of what a layer gives. @param {Planes} planes */
const largestOf = (planes) => strongest(planes.flat(2));

/** What the strongest colour stands for, by layer and channel: the largest magnitude of a map, of its layer, or of all layers. @param {Answer} answer @returns {(layer: number, channel: number) => number} */
export function scalesOf({ maps, chosen }) {
  if (chosen.colours === "map") return (layer, channel) => largestOf([maps[layer]?.[channel] ?? []]);
  const layers = maps.map(largestOf);
  const all = Math.max(...layers);
  return (layer) => (chosen.colours === "all" ? all : (layers[layer] ?? 0));
}

export class Network {
  #host = byRole("network");
  #model = "";
  #input = el("canvas", { "aria-hidden": "true" });
  /** @type {HTMLCanvasElement[][]} */ #rows = [];
  #wires;

  /** @param {(at: string) => void} open @param {(act: () => unknown) => Promise<void>} attempt says why something could not be done */
  constructor(open, attempt) {
    this.open = open;
    this.attempt = attempt;
    this.#wires = new Wires(byRole("wired"), ({ layer, channel }) => (layer < 0 ? this.#input : this.#rows[layer]?.[channel]));
    for (const type of ["pointerover", "focusin"]) this.#host.addEventListener(type, ({ target }) => this.#point(target));
    for (const type of ["pointerleave", "focusout"]) this.#host.addEventListener(type, () => this.#point(null));
  }

  /** @param {Answer} answer */
  show(answer) {
    const { model, maps, chosen, input } = answer;
    if (model.id !== this.#model) this.#build(model);
    this.#model = model.id;
    drawPicture(this.#input, input);
    const scales = scalesOf(answer);
    maps.forEach((planes, index) => {
      const layer = model.layers[index];
      shownPlanes(planes, layer).forEach((plane, channel) => {
        const canvas = this.#rows[index]?.[channel];
        if (!canvas) return;
        drawSwatch(canvas, plane, scales(index, channel));
        canvas.parentElement?.classList.toggle("off", isOff(chosen.off, { layer: index, channel }));
      });
    });
    this.attempt(() => this.#wires.know(model, chosen.changes));
  }

  /** @param {EventTarget | null} target */
  #point(target) {
    const button = target instanceof Element ? target.closest("[data-at]") : null;
    const [layer, channel = 0] = (button?.getAttribute("data-at") ?? "").split(",").map(Number);
    this.#wires.point(button && layer !== undefined ? { layer, channel } : null);
  }

  /** @param {Model} model */
  #build(model) {
    const { layers } = model;
    this.#rows = layers.map(({ output_shape }) => {
      const count = output_shape.length === 3 ? (output_shape[0] ?? 1) : 1;
      return Array.from({ length: count }, () => el("canvas", { "aria-hidden": "true" }));
    });
    const received = el("li", {}, el("p", { class: "layer-name" }, el("b", {}, say("explorer.received"))), el("div", { class: "layer-maps" }, el("span", { class: "map-button" }, this.#input)));
    this.#host.replaceChildren(received, ...layers.map((layer, index) => this.#row(model, layer, index)));
  }

  /** @param {Model} model @param {Layer} layer @param {number} index */
  #row(model, layer, index) {
    const { input_shape, output_shape } = layer;
    const [count = 1, ...area] = output_shape;
    const isMaps = area.length > 0;
    const what = isMaps ? say("explorer.maps_of", { count, size: size(area) }) : say("explorer.numbers", { count });
    const buttons = (this.#rows[index] ?? []).map((canvas, channel) => {
      const name = isMaps ? unitName(model, index, channel) : say("explorer.numbers_of", { layer: titleOf(index, layer) });
      const at = isMaps ? `${index},${channel}` : `${index}`;
      return buttonTo(() => this.open(at), { class: isMaps ? "map-button" : "map-button line", "data-at": at, "aria-label": name, title: name }, canvas);
    });
    const isFed = named(LAYERS, layer.layer)?.weighs || input_shape.length !== output_shape.length;
    const maps = el("div", { class: "layer-maps" }, ...buttons);
    maps.style.setProperty("--count", String(buttons.length));
    return el("li", { class: isFed ? "fed" : "" }, el("p", { class: "layer-name" }, el("b", {}, titleOf(index, layer)), el("span", {}, what)), maps);
  }
}
