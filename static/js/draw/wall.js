// A wall of maps: each a canvas on the one colour scale, with a spot on the pixel that is looked at.

import { say } from "../words.js";
import { el, isModified } from "./dom.js";
import { drawCells, scale } from "./scale.js";

/** @typedef {{ count: number, rows: number, cols: number, bytes: Uint8Array }} Maps */
/** @typedef {{ name: string, title: string, finds: string, scale?: string }} Caption */
/** @typedef {{ map: number, row: number, col: number }} Spot */

const ZERO = 128; // the byte that stands for 0
const LEVELS = 127;
const GAMMA = 0.6; // faint values are drawn stronger than in proportion; the bar above the wall shows how

/** The place on the colour scale of every byte. */
const SHADE = Array.from({ length: 256 }, (_, byte) => {
  const strength = Math.min(LEVELS, Math.abs(byte - ZERO)) / LEVELS;
  return LEVELS + Math.sign(byte - ZERO) * Math.round(LEVELS * strength ** GAMMA);
});

/** Bytes of the one symmetric scale as colours. @param {HTMLCanvasElement} canvas @param {Uint8Array} bytes @param {number} cols @param {number} rows */
function paintBytes(canvas, bytes, cols, rows) {
  const colours = scale();
  drawCells(canvas, rows, cols, (index) => colours[SHADE[bytes[index]]].rgb);
}

/** @param {HTMLCanvasElement} canvas */
export function paintScale(canvas) {
  paintBytes(
    canvas,
    Uint8Array.from({ length: 255 }, (_, index) => index + ZERO - LEVELS),
    255,
    1,
  );
}

/** Put a spot over a part of a picture. @param {HTMLElement} spot @param {{ row: number, col: number, height: number, width: number }} area @param {number} rows @param {number} cols */
export function moveSpot(spot, area, rows, cols) {
  Object.assign(spot.style, {
    left: `calc(${(100 * area.col) / cols}% - 2px)`,
    top: `calc(${(100 * area.row) / rows}% - 2px)`,
    width: `calc(${(100 * area.width) / cols}% + 4px)`,
    height: `calc(${(100 * area.height) / rows}% + 4px)`,
  });
}

/** Draws the maps and tells where a person points. */
export class Wall {
  /** @type {Maps | null} */ #maps = null;
  /** @type {{ box: HTMLElement, canvas: HTMLCanvasElement, spot: HTMLElement }[]} */ #figures = [];
  #captions = "";

  /** @param {HTMLElement} host @param {{ point: (spot: Spot | null) => void, pin: (spot: Spot) => void }} events */
  constructor(host, events) {
    this.host = host;
    this.events = events;
    this.at = ({ map: 0, row: 0, col: 0 });
    document.addEventListener("themechange", () => this.#paint());
  }

  /** @param {Maps} maps @param {Caption[]} captions */
  show(maps, captions) {
    this.#maps = maps;
    if (JSON.stringify(captions) !== this.#captions) this.#build(captions);
    this.#captions = JSON.stringify(captions);
    this.#paint();
  }

  /** Mark a pixel on every map, as the same place is looked at by every kernel. @param {Spot | null} spot */
  mark(spot) {
    if (spot) this.at = spot;
    for (const figure of this.#figures) {
      figure.spot.hidden = !spot;
      if (spot && this.#maps)
        moveSpot(figure.spot, { ...spot, height: 1, width: 1 }, this.#maps.rows, this.#maps.cols);
    }
  }

  #paint() {
    const maps = this.#maps;
    if (!maps) return;
    const area = maps.rows * maps.cols;
    this.#figures.forEach(({ canvas }, index) => {
      paintBytes(canvas, maps.bytes.subarray(index * area, (index + 1) * area), maps.cols, maps.rows);
    });
  }

  /** @param {Caption[]} captions */
  #build(captions) {
    this.#figures = captions.map(({ title }, map) => {
      const canvas = el("canvas", { "aria-hidden": "true" });
      const spot = el("div", { class: "spot", hidden: true });
      const label = say("maps.map_label", { title });
      const box = el("div", { class: "map-box", role: "application", tabindex: 0, "aria-label": label }, canvas, spot);
      box.addEventListener("pointermove", (event) => this.events.point(this.#spotAt(event, canvas, map)));
      box.addEventListener("pointerleave", () => this.events.point(null));
      box.addEventListener("click", (event) => this.events.pin(this.#spotAt(event, canvas, map)));
      box.addEventListener("keydown", (event) => this.#onKey(event, map));
      return { box, canvas, spot };
    });
    const figures = this.#figures.map(({ box }, index) => {
      const { title, finds, scale } = captions[index];
      return el("figure", { class: "map" }, box, el("figcaption", {}, el("b", {}, title), scale ? el("span", {}, scale) : null, el("span", {}, finds)));
    });
    this.host.replaceChildren(...figures);
  }

  /** @param {MouseEvent} event @param {HTMLElement} canvas @param {number} map @returns {Spot} */
  #spotAt(event, canvas, map) {
    const { rows, cols } = this.#maps ?? { rows: 1, cols: 1 };
    const area = canvas.getBoundingClientRect();
    const along = (/** @type {number} */ offset, /** @type {number} */ extent, /** @type {number} */ count) =>
      Math.max(0, Math.min(count - 1, Math.floor((offset / extent) * count)));
    return {
      map,
      row: along(event.clientY - area.top, area.height, rows),
      col: along(event.clientX - area.left, area.width, cols),
    };
  }

  /** @param {KeyboardEvent} event @param {number} map */
  #onKey(event, map) {
    const maps = this.#maps;
    if (!maps || isModified(event)) return;
    /** @type {Record<string, number[]>} */
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const move = moves[event.key];
    if (!move && event.key !== "Enter") return;
    event.preventDefault();
    const [down = 0, right = 0] = move ?? [0, 0];
    const spot = {
      map,
      row: Math.max(0, Math.min(maps.rows - 1, this.at.row + down)),
      col: Math.max(0, Math.min(maps.cols - 1, this.at.col + right)),
    };
    if (move) this.events.point(spot);
    else this.events.pin(spot);
  }
}
