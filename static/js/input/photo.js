// A window of a photo as the input: choose a picture, move a rectangle over it, and its pixels become the cells.

/** @import { Bench, PhotoWindow, State, TypedArray } from "../types" */

import { post, send } from "../api.js";
import { channelsIn, sizeOf } from "../arrays.js";
import { el } from "../draw/dom.js";
import { drawPixels } from "../draw/photo.js";
import { takeFiles } from "../files.js";
import { latest } from "./latest.js";

const BINARY = { Accept: "application/octet-stream" };
const READABLE = 8; // cells each way from which on a picture can be recognised
const OPENS_AT = 12;
const LARGEST = 32;
const LEAST = 2; // pixels
const STRIDE = 8; // pixels that an arrow moves with Shift held

/** @param {number} value @param {number} low @param {number} high */
const within = (value, low, high) => Math.max(low, Math.min(high, value));

/** @typedef {{ window: PhotoWindow, size: number[], gesture: string }} Asked */

/** The panel in which a window is chosen. */
export class PhotoPanel {
  #image = "";
  #box = { row: 0, col: 0, height: 1, width: 1 };
  #gesture = 0;
  #listeners = /** @type {((open: boolean) => void)[]} */ ([]);
  #canvas = el("canvas", { role: "img", "aria-label": "The picture" });
  #frame = el("button", { type: "button", class: "photo-window" });
  #figure = el("div", { class: "photo-figure", hidden: true }, this.#canvas, this.#frame);
  #told = el("p", { class: "field-note", "aria-live": "polite" });
  #error = el("p", { class: "field-error", role: "alert" });
  #width = slider("Window, pixels");
  #rows = slider("Rows of cells");
  #cols = slider("Columns of cells");
  #pictures = el("div", { class: "samples", role: "group", "aria-label": "Pictures to choose from" });
  #taking = 0; // crops asked for and not yet shown
  #take = latest((/** @type {Asked} */ asked) => this.#crop(asked));

  /** @param {Bench} page */
  constructor(page) {
    this.page = page;
    const file = el("input", {
      type: "file",
      accept: "image/png,image/jpeg,image/webp,image/gif,image/bmp",
      hidden: true,
      "data-role": "file",
      "aria-label": "A photo from this device",
    });
    const choose = el("button", { type: "button", class: "button", "data-action": "choose-file" }, "Your own photo");
    const hint = el("span", { class: "field-note" }, "or drop or paste it. It stays in memory for an hour at most.");
    const sliders = el("div", { hidden: true }, this.#width.node, this.#rows.node, this.#cols.node);
    this.node = el(
      "div",
      { class: "photo-panel", hidden: true },
      this.#pictures,
      el("div", { class: "drop", "data-role": "drop" }, choose, hint, file),
      this.#error,
      this.#figure,
      sliders,
      this.#told,
    );
    this.sliders = sliders;
    this.#listPictures();
    this.#listen();
    takeFiles((chosen) => this.#upload(chosen), this.node);
  }

  /** The photos that are shipped, small. */
  #listPictures() {
    this.#pictures.replaceChildren(
      ...(this.page.known?.images ?? []).map((image) => {
        const picture = el("img", { src: image.url, alt: image.alt ?? image.title, width: 64, height: 52, loading: "lazy" });
        const button = el("button", { type: "button", class: "sample", "aria-pressed": "false", "data-name": image.name }, picture);
        button.addEventListener("click", () => this.#open(image.name));
        return button;
      }),
    );
  }

  #listen() {
    const [{ input: width }, { input: rows }, { input: cols }] = [this.#width, this.#rows, this.#cols];
    const resize = () => this.#place(this.#box.row, this.#box.col, Number(width.value));
    width.addEventListener("input", resize);
    for (const input of [rows, cols]) input.addEventListener("input", resize);
    for (const input of [width, rows, cols]) input.addEventListener("change", () => this.#newGesture());
    this.#frame.addEventListener("keydown", (event) => this.#onKey(event));
    this.#frame.addEventListener("keyup", () => this.#newGesture());
    this.#figure.addEventListener("pointerdown", (event) => this.#onDrag(event));
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
    const now = /** @type {TypedArray} */ (state["input"]).window;
    if (this.#taking || !this.#image) return; // while it is moved the window is ahead of its pixels
    const own = now?.image === this.#image ? now : null;
    if (own) this.#box = { row: own.row, col: own.col, height: own.height, width: own.width };
    this.#draw(Boolean(own));
  }

  /** @param {File} file */
  async #upload(file) {
    const body = new FormData();
    body.append("file", file);
    this.toggle(true);
    await this.#show(send("/api/images", { method: "POST", body, headers: BINARY }));
  }

  /** @param {string} name of a shipped picture */
  #open(name) {
    return this.#show(send(`/api/images/${encodeURIComponent(name)}`, { headers: BINARY }));
  }

  /** Show a picture with a window in its middle. @param {Promise<Response>} asked */
  async #show(asked) {
    this.#error.textContent = "";
    try {
      const answer = await asked;
      const image = answer.headers.get("X-Image-Id") ?? "";
      await drawPixels(this.#canvas, answer);
      this.#image = image;
    } catch (error) {
      this.#error.textContent = /** @type {Error} */ (error).message;
      return;
    }
    this.#figure.hidden = this.sliders.hidden = false;
    const sample = this.page.known?.images.find(({ name }) => name === this.#image);
    this.#canvas.setAttribute("aria-label", sample ? (sample.alt ?? sample.title) : "Your photo");
    for (const button of this.#pictures.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.dataset["name"] === this.#image));
    this.#newGesture();
    this.#measure();
    this.#fit(0, 0, this.#canvas.width);
    const { height, width } = this.#box;
    this.#place((this.#canvas.height - height) / 2, (this.#canvas.width - width) / 2, width);
    this.#newGesture();
  }

  /** The sliders of a picture that is opened: as many cells as there are, where a picture can be made out with them. */
  #measure() {
    this.#setRanges();
    const own = sizeOf(this.page.store.state["input"]);
    [this.#rows, this.#cols].forEach(({ input }, axis) => {
      const size = /** @type {number} */ (own[axis]);
      input.value = String(size >= READABLE ? size : OPENS_AT);
    });
    this.#width.input.min = String(LEAST);
    this.#width.input.max = String(this.#canvas.width);
  }

  /** The sizes that can be computed with what else is set. */
  #setRanges() {
    const range = this.page.trace?.limits?.["input_size"];
    [this.#rows, this.#cols].forEach(({ input }, axis) => {
      const [low, high] = range?.[axis ? "width" : "height"] ?? [1, LARGEST];
      input.min = String(low);
      input.max = String(Math.min(high, LARGEST));
    });
  }

  /** Put the window there, and take its pixels. @param {number} row @param {number} col @param {number} width */
  #place(row, col, width) {
    this.#fit(row, col, width);
    this.#draw(true);
    this.#taking += 1;
    const window = { image: this.#image, ...this.#box };
    const size = [Number(this.#rows.input.value), Number(this.#cols.input.value)];
    this.#take({ window, size, gesture: `window ${this.#gesture}` }).finally(() => {
      this.#taking -= 1;
      this.update(this.page.store.state);
    });
  }

  /** A window inside the picture and in the proportions of the cells. @param {number} row @param {number} col @param {number} width */
  #fit(row, col, width) {
    const [rows, cols] = [Number(this.#rows.input.value), Number(this.#cols.input.value)];
    const { width: across, height: down } = this.#canvas;
    const widest = Math.min(across, Math.max(1, Math.round((down * cols) / rows)));
    const wide = within(Math.round(width), Math.min(LEAST, widest), widest);
    const high = within(Math.round((wide * rows) / cols), 1, down);
    this.#box = {
      row: within(Math.round(row), 0, down - high),
      col: within(Math.round(col), 0, across - wide),
      height: high,
      width: wide,
    };
  }

  /** @param {boolean} current whether the window's pixels are the input */
  #draw(current) {
    const { row, col, height, width } = this.#box;
    const { width: across, height: down } = this.#canvas;
    this.#figure.classList.toggle("stale", !current);
    Object.assign(this.#frame.style, {
      left: `${(100 * col) / across}%`,
      top: `${(100 * row) / down}%`,
      width: `${(100 * width) / across}%`,
      height: `${(100 * height) / down}%`,
    });
    const where = `rows ${row + 1}–${row + height}, columns ${col + 1}–${col + width} of ${down} × ${across} pixels`;
    this.#frame.setAttribute("aria-label", `Window: ${where}. Arrow keys move it, plus and minus resize it.`);
    this.#told.textContent = current
      ? `Window: ${where}. Each cell is the mean of its pixels, 0 dark to 9 bright.`
      : "The input is something else now: move the window to take its pixels again.";
    this.#width.input.value = String(width);
    for (const { input, output } of [this.#width, this.#rows, this.#cols]) {
      const [low, high] = [Number(input.min), Number(input.max)];
      output.textContent = input.value;
      input.style.setProperty("--fill", `${high > low ? (100 * (Number(input.value) - low)) / (high - low) : 0}%`);
    }
  }

  /** The window's pixels, as the engine reduces them, become the input. @param {Asked} asked */
  async #crop({ window, size, gesture }) {
    const { store, operation } = this.page;
    const { image, ...box } = window;
    const channels = operation.colour ? 3 : channelsIn(store.state["input"]);
    try {
      const answer = await post(`/api/images/${encodeURIComponent(image)}/crop`, { ...box, size, channels });
      const { values } = await answer.json();
      const input = { values, window, ...(operation.colour ? { colour: true } : {}) };
      const refused = await this.page.change(operation.withInput?.(store.state, input) ?? { input }, gesture);
      this.#error.textContent = refused?.message ?? "";
    } catch (error) {
      this.#error.textContent = /** @type {Error} */ (error).message;
    }
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const { row, col, width } = this.#box;
    const far = event.shiftKey ? STRIDE : 1;
    const moves = {
      ArrowLeft: [0, -far, 0],
      ArrowRight: [0, far, 0],
      ArrowUp: [-far, 0, 0],
      ArrowDown: [far, 0, 0],
      "+": [0, 0, 2],
      "-": [0, 0, -2],
    };
    const move = moves[/** @type {keyof typeof moves} */ (event.key)];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const [down = 0, across = 0, wider = 0] = move;
    this.#place(row + down, col + across, width + wider);
  }

  /** Drag the window; elsewhere on the picture it comes to the pointer first. @param {PointerEvent} event */
  #onDrag(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.#frame.focus({ preventScroll: true });
    this.#newGesture();
    const area = this.#canvas.getBoundingClientRect();
    const at = (/** @type {PointerEvent} */ { clientX, clientY }) => ({
      row: ((clientY - area.top) / area.height) * this.#canvas.height,
      col: ((clientX - area.left) / area.width) * this.#canvas.width,
    });
    const start = at(event);
    const held = event.target === this.#frame;
    const offset = held
      ? { row: start.row - this.#box.row, col: start.col - this.#box.col }
      : { row: this.#box.height / 2, col: this.#box.width / 2 };
    const move = (/** @type {PointerEvent} */ moved) => {
      const { row, col } = at(moved);
      this.#place(row - offset.row, col - offset.col, this.#box.width);
    };
    if (!held) move(event);
    this.#figure.setPointerCapture(event.pointerId);
    this.#figure.addEventListener("pointermove", move);
    const end = () => {
      this.#figure.removeEventListener("pointermove", move);
      this.#newGesture();
    };
    for (const type of ["pointerup", "pointercancel"]) this.#figure.addEventListener(type, end, { once: true });
  }
}

let count = 0;

/** @param {string} label */
function slider(label) {
  const id = `photo-${(count += 1)}`;
  const input = el("input", { type: "range", id, step: 1 });
  const output = el("output", { for: id });
  return { node: el("div", { class: "field" }, el("label", { for: id }, label), input, output), input, output };
}
