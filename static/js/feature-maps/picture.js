// The picture of the feature maps: those to choose among, the one that is shown, whose it is and how long it is kept.

/** @import { Presets } from "../types" */

import { buttonTo, byRole, el, findAll } from "../draw/dom.js";
import { drawFile, drawPixels } from "../draw/photo.js";
import { moveSpot } from "../draw/wall.js";
import { noteOf, pixelsOf } from "../files.js";
import { PhotoKeeping } from "../input/photo-link.js";
import { say } from "../words.js";
import { SAMPLE } from "./settings.js";

/** @typedef {Presets["images"][number]} Sample */

export class Picture {
  #host = byRole("photo");
  #spot = el("div", { class: "spot", hidden: true });
  /** @type {Sample[]} */ #samples = [];
  #noted = { name: "", note: "" }; // what has to be said of which picture

  /** @param {(name: string) => void} choose @param {(sentence: string) => void} complain */
  constructor(choose, complain) {
    this.choose = choose;
    this.keeping = new PhotoKeeping(byRole("keeping"), complain, () => choose(SAMPLE));
  }

  /** @param {Sample[]} samples */
  offer(samples) {
    this.#samples = samples;
    const buttons = samples.map(({ name, title, alt, thumbnail }) => {
      const image = el("img", { src: thumbnail, alt: alt ?? title, width: 64, height: 52 });
      return buttonTo(() => this.choose(name), { class: "sample", "data-name": name, "aria-pressed": "false", title }, image);
    });
    byRole("samples").replaceChildren(...buttons);
  }

  /** Say which is chosen, whose it is, and what has to be said of it. @param {string} name */
  mark(name) {
    for (const button of findAll(":scope > *", HTMLElement, byRole("samples")))
      button.setAttribute("aria-pressed", String(button.dataset["name"] === name));
    const sample = this.#sample(name);
    const note = this.#noted.name === name ? this.#noted.note : "";
    byRole("credit").textContent = sample ? `${sample.title}. ${sample.credit}` : `${say("maps.your_photo")} ${note}`.trim();
  }

  /** A canvas with it: from its file where it is shipped, from its pixels where it was uploaded; none where it is shown. @param {string} name */
  async draw(name) {
    if (this.#host.dataset["name"] === name) return null;
    const sample = this.#sample(name);
    const canvas = el("canvas", { role: "img", "aria-label": sample ? (sample.alt ?? sample.title) : say("common.your_photo") });
    if (sample) await drawFile(canvas, sample.url);
    else {
      const answer = await pixelsOf(name);
      await drawPixels(canvas, answer);
      this.#noted = { name, note: noteOf(answer) };
    }
    return canvas;
  }

  /** @param {string} name @param {HTMLCanvasElement} canvas */
  show(name, canvas) {
    this.keeping.follow(this.#sample(name) ? "" : name);
    this.#host.replaceChildren(canvas, this.#spot);
    this.#host.dataset["name"] = name;
  }

  /** Show where a window of it lies, or none. @param {{ row: number, col: number, values: number[][] } | null} window */
  point(window) {
    this.#spot.hidden = !window;
    if (!window) return;
    const { row, col, values } = window;
    const { height = 1, width = 1 } = this.#host.querySelector("canvas") ?? {};
    moveSpot(this.#spot, { row, col, height: values.length, width: values[0]?.length ?? 0 }, height, width);
  }

  /** @param {string} name */
  #sample(name) {
    return this.#samples.find((sample) => sample.name === name);
  }
}
