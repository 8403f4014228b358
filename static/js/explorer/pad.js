// The pad: a mouse, a finger or a pen draws on it, or erases.

/** @import { Point, Stroke } from "./strokes.js" */

import { byRole, el, onAction } from "../draw/dom.js";
import { latest } from "../input/latest.js";
import { say } from "../words.js";
import { drawPicture } from "../draw/pictures.js";
import { SAMPLES } from "./samples.js";
import { cellsOf, formatStrokes, parseStrokes, SIDE } from "./strokes.js";

const WIDTHS = { thin: 3, medium: 5, thick: 8 };

export class Pad {
  #canvas = /** @type {HTMLCanvasElement} */ (byRole("pad"));
  #shown = /** @type {Stroke[]} */ ([]);
  #stroke = /** @type {Stroke | null} */ (null);
  #newest = /** @type {Stroke[] | null} */ (null); // what is drawn and not answered yet: no older drawing takes its place
  #strokes = 0;
  #erases = false;
  #width = WIDTHS.medium;
  #send;

  /** @param {(drawing: Stroke[], gesture: string) => Promise<unknown>} change @param {() => Stroke[]} kept what the page has */
  constructor(change, kept) {
    this.#send = latest(async (/** @type {{ drawing: Stroke[], gesture: string }} */ { drawing, gesture }) => {
      await change(drawing, gesture);
      if (this.#newest !== drawing) return;
      this.#newest = null;
      this.show(kept()); // another, where this one was refused
    });
    this.#canvas.addEventListener("pointerdown", (event) => this.#down(event));
    this.#canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const type of ["pointerup", "pointercancel"]) this.#canvas.addEventListener(type, () => this.#end());
    onAction("clear", () => this.#put([]));
    onAction("erase", ({ currentTarget }) => {
      this.#erases = !this.#erases;
      /** @type {HTMLElement} */ (currentTarget).setAttribute("aria-pressed", String(this.#erases));
    });
    byRole("pen").replaceChildren(...this.#widths());
    byRole("samples").replaceChildren(...SAMPLES.map((text, digit) => sampleButton(text, digit, (drawing) => this.#put(drawing))));
  }

  #widths() {
    const names = { thin: say("explorer.thin"), medium: say("explorer.medium"), thick: say("explorer.thick") };
    return Object.entries(WIDTHS).map(([name, width]) => {
      const input = el("input", { type: "radio", name: "pen", value: name, checked: width === this.#width });
      input.addEventListener("change", () => void (this.#width = width));
      return el("label", { class: "chip" }, input, names[/** @type {keyof typeof names} */ (name)]);
    });
  }

  /** Show a drawing; what is drawn and not answered yet stays. @param {Stroke[]} drawing */
  show(drawing) {
    const text = formatStrokes(drawing);
    for (const button of byRole("samples").children) button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset["strokes"] === text));
    if (this.#stroke || (this.#newest && drawing !== this.#newest)) return;
    this.#shown = drawing;
    this.#draw();
  }

  /** Another drawing in the place of this one. @param {Stroke[]} drawing */
  #put(drawing) {
    this.#shown = this.#newest = drawing;
    this.#draw();
    this.#send({ drawing, gesture: "" });
  }

  #end() {
    this.#shown = this.#all();
    this.#stroke = null;
  }

  #draw() {
    drawPicture(this.#canvas, [cellsOf(this.#all())]);
  }

  #all() {
    return this.#stroke ? [...this.#shown, this.#stroke] : this.#shown;
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.#canvas.setPointerCapture(event.pointerId);
    this.#strokes += 1;
    this.#end();
    this.#stroke = { erases: this.#erases, width: this.#width, points: [] };
    this.#extend([event]);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#stroke) return;
    const passed = event.getCoalescedEvents();
    this.#extend(passed.length ? passed : [event]);
  }

  /** @param {PointerEvent[]} passed */
  #extend(passed) {
    const stroke = /** @type {Stroke} */ (this.#stroke);
    const { points } = stroke;
    const added = passed.map((event) => this.#pointAt(event));
    for (const point of added) if (String(points.at(-1)) !== String(point)) points.push(point);
    this.#draw();
    const drawing = (this.#newest = [...this.#shown, { ...stroke, points: [...points] }]);
    this.#send({ drawing, gesture: `stroke ${this.#strokes}` });
  }

  /** @param {PointerEvent} event @returns {Point} */
  #pointAt(event) {
    const area = this.#canvas.getBoundingClientRect();
    const along = (/** @type {number} */ offset, /** @type {number} */ extent) => Math.max(0, Math.min(SIDE - 1, Math.floor((offset / extent) * SIDE)));
    return [along(event.clientY - area.top, area.height), along(event.clientX - area.left, area.width)];
  }
}

/** @param {string} text @param {number} digit @param {(drawing: Stroke[]) => void} put */
function sampleButton(text, digit, put) {
  const label = say("explorer.sample", { digit });
  const button = el("button", { type: "button", class: "button", "aria-label": label, "data-strokes": text, "aria-pressed": "false" }, String(digit));
  button.addEventListener("click", () => put(parseStrokes(text)));
  return button;
}
