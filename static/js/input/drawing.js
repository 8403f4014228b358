// Drawing on the input: a brush that follows the pointer, or the focus. A stroke is undone as one.

/** @import { Bench, Spot } from "../types" */

import { buttonTo, el, isModified } from "../draw/dom.js";
import { number } from "../format.js";
import { needed } from "../needed.js";
import { isTyping } from "../shell.js";
import { messageOf, say } from "../words.js";
import { cover, uncover } from "./cover.js";
import { latest } from "./latest.js";
import { readCell } from "./numbers.js";
import { cellsBetween } from "./way.js";

const BRUSH = 9;

/** @typedef {{ key: string, id: string, channel: number, row: number, col: number }} Stroke */

/** The drawing mode of a page. */
export class Drawing {
  on = false;
  #value;
  #erasing = false;
  #spoken = el("span", { class: "visually-hidden", role: "status" });
  /** @type {Stroke | null} */ #stroke = null;
  #strokes = 0;
  /** @type {number[][][]} */ #planes = [];
  /** @type {Set<HTMLElement>} */ #painted = new Set();
  /** @type {((on: boolean) => void)[]} */ #listeners = [];
  #send;

  /** @param {Bench} page */
  constructor(page) {
    this.page = page;
    this.stage = needed(page.grids);
    this.#value = page.operation.brush ?? BRUSH;
    this.#send = latest(async (/** @type {string} */ key) => {
      const planes = this.#planes.map((plane) => plane.map((row) => [...row]));
      const shown = [...this.#painted];
      await page.change({ input: page.typed("input", planes) }, key);
      for (const cell of shown) {
        this.#painted.delete(cell); // the frame has what was painted
        uncover(cell);
      }
    });
    this.bar = this.#bar();
    const { host } = this.stage;
    /** @template {keyof HTMLElementEventMap} K @param {K} type @param {(event: HTMLElementEventMap[K]) => void} run */
    const listen = (type, run) =>
      host.addEventListener(type, (event) => this.on && run(event), { capture: true }); // before the grid has it
    listen("pointerdown", (event) => this.#down(event));
    listen("pointermove", (event) => this.#move(event));
    const end = () => void (this.#stroke = null);
    const silence = (/** @type {Event} */ event) => void (this.#spot(event.target) && event.stopPropagation());
    listen("pointerup", end);
    listen("pointercancel", end);
    listen("click", silence);
    listen("dblclick", silence);
    listen("keydown", (event) => this.#key(event));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.on || event.defaultPrevented || isTyping(event.target)) return;
      if (document.querySelector("dialog[open]")) return;
      event.preventDefault();
      this.toggle(false);
    });
  }

  /** @param {(on: boolean) => void} listener */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  toggle(on = !this.on) {
    this.on = on;
    this.bar.hidden = !on;
    this.stage.host.classList.toggle("drawing", on);
    for (const listener of this.#listeners) listener(on);
    if (on) this.bar.scrollIntoView({ block: "nearest" });
  }

  #bar() {
    const value = el("input", { type: "text", id: "brush-value", inputmode: "text", autocomplete: "off", size: 5 });
    value.value = String(this.#value);
    const error = el("p", { class: "field-error", role: "alert" });
    value.addEventListener("input", () => {
      error.textContent = "";
      try {
        this.#value = readCell(value.value);
        value.removeAttribute("aria-invalid");
      } catch (problem) {
        value.setAttribute("aria-invalid", "true");
        error.textContent = say("fill.brush_fault", { message: messageOf(problem), value: this.#value });
      }
    });
    const eraser = buttonTo(() => {
      this.#erasing = !this.#erasing;
      eraser.setAttribute("aria-pressed", String(this.#erasing));
    }, { "aria-pressed": "false" }, say("fill.eraser"));
    const done = buttonTo(() => this.toggle(false), {}, say("fill.done_drawing"));
    const hint = say("fill.drawing_hint");
    return el(
      "div",
      { class: "brush", role: "group", "aria-label": say("fill.drawing"), hidden: true },
      el("label", { for: value.id }, say("fill.brush")),
      value,
      eraser,
      el("span", { class: "field-note" }, hint),
      done,
      error,
      this.#spoken,
    );
  }

  /** The cell of the input that an element is in. @param {EventTarget | null} target */
  #spot(target) {
    const spot = this.stage.spotOf(target);
    return spot?.model.edit?.field === "input" ? spot : null;
  }

  /** @param {Spot} spot */
  #begin({ model, row, col }) {
    this.#strokes += 1;
    if (!this.#painted.size) this.#planes = this.page.planes("input").map((plane) => plane.map((line) => [...line]));
    this.#stroke = { key: `stroke ${this.#strokes}`, id: model.id, channel: model.edit?.channel ?? 0, row, col };
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const spot = this.#spot(event.target);
    if (!spot || event.button !== 0) return;
    event.preventDefault();
    spot.cell.focus({ preventScroll: true });
    this.stage.host.setPointerCapture(event.pointerId);
    this.#begin(spot);
    this.#paint(spot);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const stroke = this.#stroke;
    if (!stroke) return;
    const spot = this.#spot(document.elementFromPoint(event.clientX, event.clientY));
    if (!spot || spot.model.id !== stroke.id || (spot.row === stroke.row && spot.col === stroke.col)) return;
    this.#paint(spot);
  }

  /** From where the stroke is to this cell. @param {Spot} spot */
  #paint({ model, row, col }) {
    const stroke = this.#stroke;
    if (!stroke) return;
    const value = this.#erasing ? 0 : this.#value;
    const plane = this.#planes[stroke.channel];
    let changed = false;
    for (const [i, j] of cellsBetween([stroke.row, stroke.col], [row, col])) {
      const cells = plane?.[i];
      if (!cells || cells[j] === value) continue;
      cells[j] = value;
      changed = true;
      const cell = cover(this.stage, model, i, j, value);
      if (cell) this.#painted.add(cell);
    }
    stroke.row = row;
    stroke.col = col;
    if (changed) this.#send(stroke.key);
  }

  /** Space and Enter paint the focused cell. @param {KeyboardEvent} event */
  #key(event) {
    if (![" ", "Enter"].includes(event.key) || isModified(event)) return;
    const spot = this.#spot(event.target);
    if (!spot) return;
    event.preventDefault();
    event.stopPropagation();
    this.#begin(spot);
    this.#paint(spot);
    this.#stroke = null;
    const value = number(this.#erasing ? 0 : this.#value);
    this.#spoken.textContent = say("fill.cell_is", { row: spot.row + 1, col: spot.col + 1, value });
  }
}
