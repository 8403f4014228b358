// The network as a strip: the picture, each layer's filters beside the maps that they make, and the answer.

/** @import { Checked } from "./editor.js" */
/** @import { Snapshot } from "./planes.js" */

import { el } from "../draw/dom.js";
import { appear, motionAllowed } from "../draw/motion.js";
import { size } from "../format.js";
import { say } from "../words.js";
import { Answer } from "./answer.js";
import { layerTitle } from "./choices.js";
import { drawMosaic, drawPlane, drawSample, flat, lines, mosaic, strengthOf } from "./pictures.js";
import { flattenedShape, kernelsOf, planesOf, SLIM, weightName, weightNow } from "./planes.js";

const MOST = 32; // maps that are shown of one layer
const PHASE_DELAY_MS = 70;
const PHASE_MS = 200;
const SMALLEST = 0.7;
const FITS = [1, 0.95, 0.9, 0.85, 0.8, 0.75, SMALLEST]; // how much smaller the tiles may become before the strip scrolls

/** How many stand below each other, and how large each is. @param {number} count @param {boolean} vector */
function layout(count, vector) {
  if (vector && count <= 12) return { rows: count, tile: 17 };
  if (count <= 8) return { rows: 4, tile: 44 };
  return count <= 18 ? { rows: 6, tile: 28 } : { rows: 8, tile: 21 };
}

/** @typedef {{ layer: number, kind: "sample" | "map" | "weight" | "vector", index: number }} Ref something on the strip, the sample being layer −1 */

const WHAT = { gradient: say("training.gradient"), change: say("training.change") };

/** One layer on the strip. */
class Column {
  maps = /** @type {HTMLButtonElement[]} */ ([]);
  weights = /** @type {HTMLButtonElement[]} */ ([]);
  vector = /** @type {HTMLButtonElement | null} */ (null);
  what = el("span", { class: "column-told" }); // what of its weights is shown

  /** @param {Strip} strip @param {Checked[]} layers @param {number} index */
  constructor(strip, layers, index) {
    const layer = /** @type {Checked} */ (layers[index]);
    this.strip = strip;
    this.index = index;
    this.name = layerTitle(layer.layer);
    this.flattened = flattenedShape(layers, index);
    const shape = layer.output_shape;
    this.slim = SLIM.includes(layer.layer);
    this.weighted = layer.layer === "conv2d" || layer.layer === "linear";
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

  /** @param {Snapshot} snapshot */
  show(snapshot) {
    const now = snapshot.layers[this.index];
    if (!now) return;
    const max = strengthOf(now.output);
    if (this.vector) {
      const values = flat(now.output);
      drawPlane(canvasOf(this.vector), lines(values, this.slim ? Math.ceil(values.length / 64) : 8), max);
      return;
    }
    const planes = planesOf(now.output);
    this.maps.forEach((tile, index) => drawPlane(canvasOf(tile), planes[index] ?? [[0]], max));
    if (!this.weighted) return;
    const { tensor, what } = weightNow(now);
    this.what.textContent = what && WHAT[what];
    if (!tensor) return;
    const strongest = strengthOf(tensor);
    this.weights.forEach((tile, index) =>
      drawMosaic(canvasOf(tile), mosaic(kernelsOf(tensor, index, this.flattened)), strongest),
    );
  }
}

/** @param {HTMLElement} tile */
const canvasOf = (tile) => /** @type {HTMLCanvasElement} */ (tile.firstElementChild);

/** Draws what the network is doing; tells what a person wants to see large. */
export class Strip {
  #columns = /** @type {Column[]} */ ([]);
  #shape = "";
  #snapshot = /** @type {Snapshot | null} */ (null);
  #room = 0; // for which the size of the tiles was found
  #phase = "";
  answer = new Answer();

  /** @param {HTMLElement} host @param {(ref: Ref) => void} enlarge */
  constructor(host, enlarge) {
    this.host = host;
    this.enlarge = enlarge;
    this.sample = this.tile({ layer: -1, kind: "sample", index: 0 }, say("common.the_picture"), "sample-tile");
    this.sampleSize = el("span", {});
    this.input = el(
      "div",
      { class: "column" },
      el("div", { class: "column-head" }, el("b", {}, say("common.picture")), this.sampleSize),
      el("div", { class: "tiles single" }, this.sample),
    );
    host.addEventListener("keydown", (event) => this.#onKey(event));
    document.addEventListener("themechange", () => this.#snapshot && this.#paint(this.#snapshot));
    new ResizeObserver(() => host.clientWidth !== this.#room && this.#fit()).observe(host);
  }

  /** @param {Ref} ref @param {string} name @param {string} kind */
  tile(ref, name, kind) {
    const canvas = el("canvas", { "aria-hidden": "true", width: 1, height: 1 });
    const tile = el("button", { type: "button", class: `tile ${kind} empty`, "aria-label": name, title: name }, canvas);
    tile.tabIndex = -1;
    tile.addEventListener("click", () => this.#snapshot && this.enlarge(ref));
    return tile;
  }

  /** A network that may not have run yet. @param {Checked[]} layers @param {number[]} inputShape @param {string[]} classes */
  plan(layers, inputShape, classes) {
    const shape = JSON.stringify([layers.map(({ layer, output_shape }) => [layer, output_shape]), inputShape, classes]);
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#snapshot = null;
    this.sampleSize.textContent = size(inputShape);
    this.#columns = layers.map((_, index) => new Column(this, layers, index));
    this.answer.plan(classes);
    this.host.replaceChildren(this.input, ...this.#columns.map(({ node }) => node), this.answer.node);
    for (const group of this.host.querySelectorAll(".tiles")) {
      const first = /** @type {HTMLElement | null} */ (group.querySelector(".tile"));
      if (first) first.tabIndex = 0; // each layer is one stop of Tab; arrows move within
    }
    this.#fit();
  }

  /** As large as the room allows. Each look lays the page out, so that what cannot fit is not tried. */
  #fit() {
    this.host.style.removeProperty("--fit");
    this.#room = this.host.clientWidth;
    const room = this.#room / this.host.scrollWidth; // at most this much: not all of it shrinks
    for (const fit of FITS.filter((fit) => fit <= room || fit === SMALLEST)) {
      this.host.style.setProperty("--fit", String(fit));
      if (fit === SMALLEST || this.host.scrollWidth <= this.host.clientWidth) return;
    }
  }

  /** What is not known yet is empty. */
  blank() {
    this.#snapshot = null;
    for (const tile of this.host.querySelectorAll(".tile:not(.sample-tile)")) tile.classList.add("empty");
    for (const column of this.#columns) column.what.textContent = "";
    this.answer.blank();
    this.host.dataset["phase"] = "";
  }

  /** @param {Snapshot} snapshot */
  show(snapshot) {
    if (snapshot.layers.length !== this.#columns.length) return; // of another network: the plan is on its way
    this.#snapshot = snapshot;
    for (const tile of this.host.querySelectorAll(".tile.empty")) tile.classList.remove("empty");
    this.#paint(snapshot);
    const phase = snapshot.phase ?? "";
    this.host.dataset["phase"] = phase;
    if (phase !== this.#phase && motionAllowed()) this.#move(phase);
    this.#phase = phase;
  }

  /** @param {Snapshot} snapshot */
  #paint(snapshot) {
    drawSample(canvasOf(this.sample), snapshot.sample.image);
    for (const column of this.#columns) column.show(snapshot);
    this.answer.show(snapshot);
  }

  /** Forward from the picture to the answer, backward from the answer to the picture. @param {string} phase */
  #move(phase) {
    const columns = this.#columns.map(({ tiles }) => tiles);
    if (phase === "backward") columns.reverse();
    if (phase === "forward" || phase === "backward")
      columns.forEach((tiles, index) => void appear(tiles, index * PHASE_DELAY_MS, PHASE_MS));
  }

  /** Arrow keys move from tile to tile of a layer. @param {KeyboardEvent} event */
  #onKey(event) {
    const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    const tile = event.target instanceof HTMLElement ? event.target.closest(".tile") : null;
    if (!by || !(tile instanceof HTMLElement)) return;
    const group = [.../** @type {HTMLElement} */ (tile.closest(".tiles")).querySelectorAll(".tile")];
    const next = group[group.indexOf(tile) + by];
    event.preventDefault();
    event.stopPropagation();
    if (!(next instanceof HTMLElement)) return;
    tile.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
