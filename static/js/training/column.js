// A layer on the strip: its filters beside the maps that they make, or all its values in one tile.

/** @import { Checked } from "./editor.js" */
/** @import { Snapshot } from "./planes.js" */
/** @import { LayerStrip } from "./strip.js" */

import { el, find } from "../draw/dom.js";
import { drawSwatch, strongest } from "../draw/scale.js";
import { size } from "../format.js";
import { say } from "../words.js";
import { layerNamed, layerTitle } from "./choices.js";
import { drawMosaic, flatValues, lines, mosaic, strengthIn } from "../draw/pictures.js";
import { flattenedShape, kernelsOf, MOST, tensorPlanes, weightName, weightNow } from "./planes.js";

/** How many stand below each other, and how large each is. @param {number} count @param {boolean} vector */
function layout(count, vector) {
  if (vector && count <= 12) return { rows: count, tile: 17 };
  if (count <= 8) return { rows: 4, tile: 44 };
  return count <= 18 ? { rows: 6, tile: 28 } : { rows: 8, tile: 21 };
}

/** @typedef {{ layer: number, kind: "sample" | "map" | "weight" | "vector", index: number }} Ref something on the strip, the sample being layer −1 */

/** How many stand below each other where tiles are as large as a finger, and on a low phone: as in training-strip.css. */
const BY_FINGER = { "--few": 4, "--fewest": 3 };
const WHAT = { gradient: say("training.gradient"), change: say("training.change") };

export class Column {
  /** @type {HTMLButtonElement[]} */ maps = [];
  /** @type {HTMLButtonElement[]} */ weights = [];
  /** @type {HTMLButtonElement | null} */ vector = null;
  what = el("span", { class: "column-note" }); // what of its weights is shown

  /** @param {LayerStrip} strip @param {Checked[]} layers @param {number} index */
  constructor(strip, layers, index) {
    const layer = layers[index];
    this.strip = strip;
    this.index = index;
    this.name = layerTitle(layer.layer);
    this.flattened = flattenedShape(layers, index);
    const shape = layer.output_shape;
    const { keeps = false, weighs = false } = layerNamed(layer.layer) ?? {};
    this.slim = keeps;
    this.weighted = weighs;
    this.reads = layer.reads ?? [];
    this.vectors = shape.length === 1;
    this.wide = shape.length === 1 && (shape[0] ?? 0) > MOST;
    this.count = Math.min(MOST, shape[0] ?? 0);
    const hidden = this.slim || this.wide ? 0 : (shape[0] ?? 0) - this.count;
    this.tiles = el("div", {
      class: "tiles",
      role: "group",
      "aria-label": say("training.layer_size", { index: index + 1, name: this.name, size: size(shape) }),
    });
    this.node = el(
      "div",
      { class: `column${this.slim ? " slim" : ""}` },
      el("div", { class: "column-head" }, el("b", {}, this.name), el("span", {}, size(shape), this.what)),
      this.tiles,
      hidden > 0 ? el("span", { class: "column-more" }, say("training.more", { hidden })) : null,
    );
    if (this.slim || this.wide) this.#single();
    else this.#pairs(layer.layer);
  }

  #single() {
    this.tiles.classList.add("single");
    this.vector = this.#tile({ layer: this.index, kind: "vector", index: 0 }, say("training.all_values"), "vector");
    this.tiles.append(this.vector);
  }

  /** @param {string} layer */
  #pairs(layer) {
    const { rows, tile } = layout(this.count, this.vectors);
    this.tiles.style.setProperty("--rows", String(Math.min(rows, this.count)));
    for (const [name, most] of Object.entries(BY_FINGER)) this.tiles.style.setProperty(name, String(Math.min(most, this.count)));
    this.tiles.style.setProperty("--tile", `${tile}px`);
    for (let index = 0; index < this.count; index += 1) {
      const map = this.#tile({ layer: this.index, kind: "map", index }, say("common.map_index", { index: index + 1 }), "map-tile");
      const made = this.weighted
        ? this.#tile({ layer: this.index, kind: "weight", index }, weightName(layer, index), "weight-tile")
        : null;
      this.maps.push(map);
      if (made) this.weights.push(made);
      this.tiles.append(el("div", { class: "pair" }, made, map));
    }
  }

  /** @param {Ref} ref @param {string} name @param {string} kind */
  #tile(ref, name, kind) {
    return this.strip.tile(ref, say("training.tile", { index: this.index + 1, name: this.name, name2: name }), kind);
  }

  /** The tile of one of its maps; of all where they are one. @param {number} index */
  tileOf(index) {
    return this.vector ?? this.maps[index];
  }

  /** The tiles that a map of the layer after it is made of. @param {[first: number, last: number] | undefined} read all without it */
  tilesOf(read) {
    if (this.vector) return [this.vector];
    return read ? this.maps.slice(read[0], read[1] + 1) : this.maps;
  }

  /** @param {Snapshot} snapshot @param {boolean} own whether each map has a colour scale of its own */
  show(snapshot, own) {
    const now = snapshot.layers[this.index];
    if (!now) return;
    const max = strengthIn(now.output);
    if (this.vector) {
      const values = flatValues(now.output);
      drawSwatch(canvasOf(this.vector), lines(values, this.slim ? Math.ceil(values.length / 64) : 8), max);
      return;
    }
    const planes = tensorPlanes(now.output);
    this.maps.forEach((tile, index) => drawSwatch(canvasOf(tile), planes[index] ?? [[0]], own && !this.vectors ? strongest((planes[index] ?? []).flat()) : max));
    if (!this.weighted) return;
    const { tensor, what } = weightNow(now);
    this.what.textContent = what && WHAT[what];
    if (!tensor) return;
    const most = strengthIn(tensor);
    this.weights.forEach((tile, index) =>
      drawMosaic(canvasOf(tile), mosaic(kernelsOf(tensor, index, this.flattened)), most),
    );
  }
}

/** @param {HTMLElement} tile */
export const canvasOf = (tile) => find("canvas", HTMLCanvasElement, tile);
