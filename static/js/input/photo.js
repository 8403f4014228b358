// A window of a photo as the input: choose a picture, move a rectangle over it, and its pixels become the cells.

/** @import { Bench, Pair, PhotoWindow, State } from "../types" */

import { post } from "../api.js";
import { channelsIn, sizeOf } from "../arrays.js";
import { buttonTo, el } from "../draw/dom.js";
import { drawPixels } from "../draw/photo.js";
import { slider } from "../draw/slider.js";
import { imagePath, noteOf, pixelsOf, sendPhoto } from "../files.js";
import { rangeOf } from "../limits.js";
import { arrayIn } from "../values.js";
import { messageOf, say } from "../words.js";
import { latest } from "./latest.js";
import { LEAST, MovableWindow } from "./movable-window.js";

const READABLE = 8; // cells each way from which on a picture can be recognised
const OPENS_AT = 12;
const LARGEST = 32;

/** @typedef {{ window: PhotoWindow, size: number[], gesture: string }} Cropping */

/** The panel in which a window is chosen. */
export class PhotoPanel {
  #image = "";
  #window = new MovableWindow({
    move: (row, col, width) => this.#moveTo(row, col, width),
    end: () => this.#newGesture(),
  });
  #gesture = 0;
  /** @type {((open: boolean) => void)[]} */ #listeners = [];
  #where = el("p", { class: "field-note", "aria-live": "polite" });
  #note = el("p", { class: "field-note", role: "status" });
  #error = el("p", { class: "field-error", role: "alert" });
  #events = { move: () => this.#moveTo(this.#window.box.row, this.#window.box.col, Number(this.#width.input.value)), rest: () => this.#newGesture() };
  #width = slider(say("photo.window_pixels"), this.#events);
  #rows = slider(say("photo.rows_cells"), this.#events);
  #cols = slider(say("photo.columns_cells"), this.#events);
  #pictures = el("div", { class: "samples", role: "group", "aria-label": say("photo.pictures_choose") });
  #taking = 0; // crops asked for and not yet shown
  #take = latest((/** @type {Cropping} */ cropping) => this.#crop(cropping));

  /** @param {Bench} page @param {HTMLElement} files where a picture of one's own is chosen */
  constructor(page, files) {
    this.page = page;
    const sliders = el("div", { hidden: true }, this.#width.node, this.#rows.node, this.#cols.node);
    this.node = el(
      "div",
      { class: "photo-panel", hidden: true },
      this.#pictures,
      files,
      this.#error,
      this.#note,
      this.#window.node,
      sliders,
      this.#where,
    );
    this.sliders = sliders;
    this.#listPictures();
  }

  /** The photos that are shipped, small. */
  #listPictures() {
    this.#pictures.replaceChildren(
      ...(this.page.known?.images ?? []).map((image) => {
        const picture = el("img", { src: image.thumbnail, alt: image.alt ?? image.title, width: 64, height: 52, loading: "lazy" });
        return buttonTo(() => this.#show(pixelsOf(image.name)), { class: "sample", "aria-pressed": "false", "data-name": image.name }, picture);
      }),
    );
  }

  /** @param {(open: boolean) => void} listener */
  onToggle(listener) {
    this.#listeners.push(listener);
  }

  toggle(open = this.node.hidden) {
    this.node.hidden = !open;
    for (const listener of this.#listeners) listener(open);
  }

  #newGesture() {
    this.#gesture += 1;
  }

  /** What the settings say: the window is drawn solid as long as its pixels are the input. @param {State} state */
  update(state) {
    this.#setRanges();
    const input = arrayIn(state, "input");
    const now = "values" in input ? input.window : undefined;
    if (this.#taking || !this.#image) return; // while it is moved the window is ahead of its pixels
    const own = now?.image === this.#image ? now : null;
    if (own) this.#window.box = { row: own.row, col: own.col, height: own.height, width: own.width };
    this.#draw(Boolean(own));
  }

  /** A picture of the person's own. @param {File} file */
  async take(file) {
    this.toggle(true);
    await this.#show(sendPhoto(file));
  }

  /** Show a picture with a window in its middle. @param {Promise<Response>} request */
  async #show(request) {
    this.#error.textContent = "";
    try {
      const answer = await request;
      const image = answer.headers.get("X-Image-Id") ?? "";
      await drawPixels(this.#window.canvas, answer);
      this.#note.textContent = noteOf(answer);
      this.#image = image;
    } catch (error) {
      this.#error.textContent = messageOf(error);
      return;
    }
    this.#window.node.hidden = this.sliders.hidden = false;
    const sample = this.page.known?.images.find(({ name }) => name === this.#image);
    this.#window.canvas.setAttribute("aria-label", sample ? (sample.alt ?? sample.title) : say("common.your_photo"));
    for (const button of this.#pictures.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.dataset["name"] === this.#image));
    this.#newGesture();
    this.#measure();
    const { canvas } = this.#window;
    const { height, width } = this.#window.fit(0, 0, canvas.width, this.#cells());
    this.#moveTo((canvas.height - height) / 2, (canvas.width - width) / 2, width);
    this.#newGesture();
  }

  /** The sliders of a picture that is opened: as many cells as there are, where a picture can be made out with them. */
  #measure() {
    this.#setRanges();
    const own = sizeOf(arrayIn(this.page.store.state, "input"));
    [this.#rows, this.#cols].forEach(({ input }, axis) => {
      const size = own[axis] ?? 0;
      input.value = String(size >= READABLE ? size : OPENS_AT);
    });
    this.#width.input.min = String(LEAST);
    this.#width.input.max = String(this.#window.canvas.width);
  }

  /** The sizes that can be computed with what else is set. */
  #setRanges() {
    const range = rangeOf(this.page.trace?.limits, "input_size");
    [this.#rows, this.#cols].forEach(({ input }, axis) => {
      const [low, high] = range?.[axis ? "width" : "height"] ?? [1, LARGEST];
      input.min = String(low);
      input.max = String(Math.min(high, LARGEST));
    });
  }

  /** How many cells the window becomes. @returns {Pair} */
  #cells() {
    return [Number(this.#rows.input.value), Number(this.#cols.input.value)];
  }

  /** Put the window there, and take its pixels. @param {number} row @param {number} col @param {number} width */
  #moveTo(row, col, width) {
    const size = this.#cells();
    const window = { image: this.#image, ...this.#window.fit(row, col, width, size) };
    this.#draw(true);
    this.#taking += 1;
    this.#take({ window, size, gesture: `window ${this.#gesture}` }).finally(() => {
      this.#taking -= 1;
      this.update(this.page.store.state);
    });
  }

  /** @param {boolean} current whether the window's pixels are the input */
  #draw(current) {
    const where = this.#window.draw(current);
    this.#where.textContent = current
      ? say("photo.window_note", { where })
      : say("photo.stale");
    this.#width.input.value = String(this.#window.box.width);
    for (const { input, show } of [this.#width, this.#rows, this.#cols]) show(Number(input.value));
  }

  /** The window's pixels, as the engine reduces them, become the input. @param {Cropping} cropping */
  async #crop({ window, size, gesture }) {
    const { store, operation } = this.page;
    const { image, ...box } = window;
    const channels = operation.colour ? 3 : channelsIn(arrayIn(store.state, "input"));
    try {
      const answer = await post(`${imagePath(image)}/crop`, { ...box, size, channels });
      const { values } = await answer.json();
      const input = { values, window, ...(operation.colour ? { colour: true } : {}) };
      const refused = await this.page.change(operation.withInput?.(store.state, input) ?? { input }, gesture);
      this.#error.textContent = refused?.message ?? "";
    } catch (error) {
      this.#error.textContent = messageOf(error);
    }
  }
}
