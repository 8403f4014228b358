// Numbers in a column on the stage that are dragged up and down, or moved with the arrows to either side, which lead
// nowhere else there. A drag is undone as one.

/** @import { Bench, Control, GridModel, Spot } from "../types" */

import { withCell } from "../arrays.js";
import { el, isModified } from "../draw/dom.js";
import { number } from "../format.js";
import { NOTCH } from "../inspector-vector.js";
import { needed } from "../needed.js";
import { say } from "../words.js";
import { cover, uncover } from "./cover.js";
import { latest } from "./latest.js";

const PIXELS = 8; // of way for a step
const SLACK = 4; // pixels that a click may move
/** @type {Record<string, number>} */
const KEYS = { ArrowLeft: -1, ArrowRight: 1 };

/** @typedef {{ spot: Spot, pointer: number, from: number, value: number, key: string, moved: boolean }} Drag */

/** The column of a page that can be dragged. */
class Dragging {
  spoken = el("span", { class: "visually-hidden", role: "status" });
  /** @type {Drag | null} */ #drag = null;
  #gestures = 0;
  /** @type {Map<number, number>} */ #wanted = new Map(); // row by row, what is not on the stage yet
  #send;

  /** @param {Bench} page @param {Control} control its field, and how far its numbers go */
  constructor(page, control) {
    this.page = page;
    this.stage = needed(page.grids);
    this.control = control;
    this.#send = latest((/** @type {{ model: GridModel, key: string }} */ wanted) => this.#change(wanted));
    /** @template {keyof HTMLElementEventMap} K @param {K} type @param {(event: HTMLElementEventMap[K]) => void} run */
    const listen = (type, run) =>
      this.stage.host.addEventListener(type, run, { capture: true }); // before the grid has it
    listen("pointerdown", (event) => this.#down(event));
    listen("pointermove", (event) => this.#move(event));
    listen("pointerup", (event) => this.#up(event));
    listen("pointercancel", (event) => this.#up(event));
    listen("keydown", (event) => this.#key(event));
  }

  /** The number that an element belongs to, its handle included. @param {EventTarget | null} target */
  #spot(target) {
    const row = target instanceof Element ? target.closest(".draggable > [role=row]") : null;
    return row && this.stage.spotOf(row.firstElementChild);
  }

  /** @param {Spot} spot */
  #valueOf({ model, row }) {
    return this.#wanted.get(row) ?? this.page.planes(this.control.field)[model.edit?.channel ?? 0]?.[row]?.[0] ?? 0;
  }

  #newKey() {
    this.#gestures += 1;
    return `drag ${this.#gestures}`;
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const spot = event.isPrimary && event.button === 0 ? this.#spot(event.target) : null;
    if (!spot) return;
    const value = this.#valueOf(spot);
    this.#drag = { spot, pointer: event.pointerId, from: event.clientY, value, key: this.#newKey(), moved: false };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const drag = this.#drag;
    if (drag?.pointer !== event.pointerId) return;
    const way = drag.from - event.clientY;
    if (!drag.moved) {
      if (Math.abs(way) < SLACK) return;
      drag.moved = true;
      this.stage.host.setPointerCapture(event.pointerId); // what follows is no click on a cell
      this.stage.host.classList.add("dragging");
    }
    this.#moveTo(drag.spot, drag.value, Math.round(way / PIXELS), drag.key);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (this.#drag?.pointer !== event.pointerId) return;
    this.#drag = null;
    this.stage.host.classList.remove("dragging");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const steps = KEYS[event.key];
    if (!steps || isModified(event) || event.shiftKey) return;
    const spot = this.#spot(event.target);
    if (!spot) return;
    event.preventDefault();
    event.stopPropagation();
    const key = event.repeat ? `drag ${this.#gestures}` : this.#newKey(); // a key that is held is one gesture
    const value = this.#moveTo(spot, this.#valueOf(spot), steps, key);
    this.spoken.textContent = say("fill.row_is", { row: spot.row + 1, value: number(value) });
  }

  /** Some steps from a number, no further than its range; one that was typed beyond stays until it is moved back. @param {Spot} spot @param {number} value @param {number} steps @param {string} key */
  #moveTo(spot, value, steps, key) {
    const { min = 0, max = 1 } = this.control;
    const to = Number((value + steps * NOTCH).toFixed(4));
    const wanted = Math.max(Math.min(min, value), Math.min(Math.max(max, value), to));
    if (wanted !== this.#valueOf(spot)) {
      this.#wanted.set(spot.row, wanted);
      cover(this.stage, spot.model, spot.row, 0, wanted);
      this.#send({ model: spot.model, key });
    }
    return wanted;
  }

  /** @param {{ model: GridModel, key: string }} wanted */
  async #change({ model, key }) {
    const { field } = this.control;
    const wanted = new Map(this.#wanted);
    let planes = this.page.planes(field);
    for (const [row, value] of wanted) planes = withCell(planes, model.edit?.channel ?? 0, row, 0, value).values;
    await this.page.change({ [field]: this.page.typed(field, planes) }, key);
    for (const [row, value] of wanted) {
      if (this.#wanted.get(row) !== value) continue; // it was moved on meanwhile
      this.#wanted.delete(row);
      const cell = this.stage.elementOfCell(model, row, 0);
      if (cell) uncover(cell);
    }
  }
}

/** Makes a column draggable, and says so. @type {import("../types").Build} */
export function dragControl(control, _store, _updates, page) {
  const hint = say("fill.dragging_hint");
  const dragging = page && new Dragging(page, control);
  return el("div", {}, el("p", { class: "field-note" }, hint), dragging?.spoken);
}
