// A grid of numbers: cells, the window over them, moving about by keys, typing into a cell.

/** @import { GridModel } from "../types" */

import { cellText, number } from "../format.js";
import { say } from "../words.js";
import { enter, isByPointer } from "../focus.js";
import { editCell } from "./cell-editor.js";
import { GAP, NARROW_CELL, bandOf, cellWords, changed, isDim, isEverRounded, isUnread, kindOf, mostOf, roomOf } from "./cells.js";
import { el, isModified } from "./dom.js";
import { drawArrows, drawOutlines } from "./overlays.js";
import { dimmed, paint, scale } from "./scale.js";
import { View } from "./view.js";
import { WindowView } from "./window.js";

const CLOSE = 28; // in narrower cells four characters stand close
const SMALL = 24; // cells narrower than this show colour and no number

const touch = matchMedia("(pointer: coarse)");
let hasEdited = false; // whoever has typed into a cell knows that a second tap lets one do so

/** What a number that is typed begins with; before a projector + and − change the speed after a mere click. */
const beginning = () =>
  isByPointer() && document.documentElement.hasAttribute("data-present") ? /^[.,0-9]$/ : /^[-+−–.,0-9]$/;

/**
 * @typedef {object} GridEvents
 * @property {(model: GridModel, row: number, col: number, value: number) => void} [edit]
 * @property {(step: number) => void} [choose]
 * @property {(text: string, target: import("../types").Target | null) => void} [point] what is pointed at, and which cell that is
 * @property {(target: import("../types").Target) => void} [pin]
 */

/** One grid on the stage. `show` draws any model; only what changed is touched. */
export class GridView {
  /** @type {HTMLElement[]} */ #cells = [];
  /** @type {string[]} */ #drawn = [];
  #shape = "";
  #size = 0;
  #room = 0; // characters of a cell
  #most = 0; // in smaller type
  #at = 0; // the cell that Tab reaches
  /** @type {Set<number>} */ #linked = new Set();
  #pinned = -1;
  #ready = -1;
  #window = new WindowView();
  #view;
  /** @type {Set<number>} */ #rounded = new Set();
  /** @type {Set<number>} */ #held = new Set();
  /** @type {unknown} */ #colours = null;
  /** @type {GridModel | null} */ #model = null;

  /** @param {GridEvents} events */
  constructor(events) {
    this.events = events;
    this.grid = el("div", { class: "grid", role: "grid" });
    this.box = el("div", { class: "grid-box" }, this.grid, this.#window.node);
    this.#view = new View(this.box);
    this.node = this.#view.node;
    this.grid.addEventListener("keydown", (event) => this.#onKey(event));
    this.grid.addEventListener("click", (event) => this.#onClick(event));
    this.grid.addEventListener("dblclick", (event) => this.#editAt(this.#indexOf(event.target)));
    this.grid.addEventListener("pointerover", (event) => this.#onPoint(this.#indexOf(event.target)));
    this.grid.addEventListener("pointerleave", () => this.events.point?.("", null));
    this.grid.addEventListener("focusin", (event) => this.#onFocus(this.#indexOf(event.target)));
    this.grid.addEventListener("focusout", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && this.box.contains(relatedTarget))) this.events.point?.("", null);
    });
  }

  /** @param {number} row @param {number} col */
  cell(row, col) {
    return this.#cells[row * (this.#model?.cols ?? 0) + col];
  }

  /** Draw a model, and scroll to the part that its step is about. @param {Parameters<GridView["draw"]>} given */
  show(...given) {
    const isRounded = this.draw(...given);
    this.turn(given[0]);
    return isRounded;
  }

  /**
   * @param {GridModel} model @param {number} size of a cell in pixels
   * @param {import("./view.js").Seen} [seen] how much of it is seen; left out: all
   * @param {number} [zoom] how many times as large as usual the smallest digits are
   * @returns {{ now: boolean, ever: boolean }} whether any number had to be rounded to fit, and whether one has at one step or another
   */
  draw(model, size, seen = model, zoom = 1) {
    this.#become(model, size, seen);
    const [room, most] = [roomOf(size, zoom), mostOf(size, zoom)];
    if (room !== this.#room || most !== this.#most) this.#forget();
    this.#room = room;
    this.#most = most;
    const before = this.#colours === scale(model.hue) ? this.#model : null;
    this.#colours = scale(model.hue);
    this.#model = model;
    if (before?.label !== model.label) this.grid.setAttribute("aria-label", model.label);
    for (const index of changed(before, model)) this.#drawCell(index);
    this.#window.node.classList.toggle("set", model.filled !== Number.POSITIVE_INFINITY); // a mark on cells that fill covers none of them on its way
    this.#window.show(model.region, size, GAP);
    this.#view.overview.showWindow(model.region);
    drawOutlines(this.box, model.windows ?? [], { pitch: size + GAP, size });
    drawArrows(this.box, model.arrows ?? [], { pitch: size + GAP, size });
    const now = this.#rounded.size > 0;
    return { now, ever: now || isEverRounded(model, room, most) };
  }

  /** Scroll to the part that a step is about. All grids of a stage are drawn before: scrolling lays out all of them. @param {GridModel} model */
  turn(model) {
    this.#view.turn(model);
  }

  /** Take the size and the shape of a model. @param {GridModel} model @param {number} size @param {import("./view.js").Seen} seen */
  #become(model, size, seen) {
    const shape = `${model.rows}x${model.cols}${model.wrap}`;
    if (shape !== this.#shape) this.#build(model, shape);
    this.#resize(size);
    if (model.wrap) this.grid.style.setProperty("--across", String(seen.cols));
    if (this.#view.become(model, size, seen)) this.#forget();
  }

  /** Keep a cell as it was at the step before, or let it be as the model has it. @param {number} row @param {number} col @param {boolean} held */
  hold(row, col, held) {
    const index = row * (this.#model?.cols ?? 0) + col;
    if (held) this.#held.add(index);
    else this.#held.delete(index);
    if (this.#cells[index]) this.#drawCell(index);
  }

  /** What a cell holds, and of what kind it is. @param {GridModel} model @param {number} index */
  #contents(model, index) {
    const kind = kindOf(model, index);
    if (!this.#held.has(index)) return { kind, value: kind === "pending" ? null : (model.values[index] ?? null) };
    const value = model.before?.values?.[index] ?? null;
    return { kind: model.before?.values ? kind : "pending", value };
  }

  /** Light up these cells and no others. @param {import("../types").Pair[]} cells @param {import("../types").Pair | null} pinned */
  highlight(cells, pinned) {
    const model = this.#model;
    if (!model) return;
    const before = [...this.#linked, this.#pinned];
    const within = cells.filter(([row, col]) => row < model.rows && col < model.cols);
    this.#linked = new Set(within.map(([row, col]) => row * model.cols + col));
    this.#pinned = pinned ? pinned[0] * model.cols + pinned[1] : -1;
    for (const index of new Set([...before, ...this.#linked, this.#pinned]))
      if (this.#cells[index]) this.#drawCell(index);
  }

  /** @param {GridModel} model @param {string} shape */
  #build(model, shape) {
    this.#shape = shape;
    this.#forget();
    this.#linked.clear();
    this.#at = 0;
    this.grid.classList.toggle("wrap", model.wrap);
    this.grid.classList.toggle("draggable", model.drag === true);
    this.grid.style.setProperty("--cols", String(model.cols));
    this.grid.setAttribute("aria-rowcount", String(model.rows));
    this.grid.setAttribute("aria-colcount", String(model.cols));
    const { rows, cols } = model;
    this.#cells = Array.from({ length: rows * cols }, (_, index) =>
      el("div", { role: "gridcell", class: "cell", "aria-colindex": (index % cols) + 1, tabindex: index ? -1 : 0 }),
    );
    const lines = Array.from({ length: rows }, (_, row) =>
      el("div", { role: "row", "aria-rowindex": row + 1 }, ...this.#cells.slice(row * cols, (row + 1) * cols)),
    );
    this.grid.replaceChildren(...lines);
  }

  /** @param {number} size */
  #resize(size) {
    if (size === this.#size) return;
    this.#size = size;
    this.box.style.setProperty("--cell", `${size}px`);
    this.box.classList.add("still"); // a change of size is not a step: nothing glides
    requestAnimationFrame(() => requestAnimationFrame(() => this.box.classList.remove("still")));
    this.#forget();
  }

  /** Nothing on the screen can be relied on. */
  #forget() {
    this.#drawn = [];
    this.#rounded.clear();
    this.#colours = null;
  }

  /** @param {number} index */
  #drawCell(index) {
    const [model, cell] = [this.#model, this.#cells[index]];
    if (!model || !cell) return;
    const { kind, value } = this.#contents(model, index);
    const marked = model.marked && index === model.marked[0] * model.cols + model.marked[1];
    const isNone = kind === "value" && model.values[index] === null; // computed, and no finite number
    const { text, rounded } = value === null ? { text: isNone ? say("common.none") : "", rounded: false } : cellText(value, this.#room, this.#most);
    if (rounded) this.#rounded.add(index);
    else this.#rounded.delete(index);
    const isEmpty = value === null || kind === "padding";
    const shades = scale(model.hue);
    const colour = isEmpty ? null : (isDim(model, index) ? dimmed : paint)(value, model.max, shades);
    this.#view.overview.draw(index, isEmpty ? "" : paint(value, model.max, shades).fill);
    const isLeft = isUnread(model, index);
    const band = isEmpty ? null : bandOf(model, index);
    const mark = kind === "pending" ? "" : (model.notes?.get(index)?.mark ?? "");
    const key = `${kind} ${mark} ${text} ${colour?.fill} ${marked} ${isLeft} ${this.#linked.has(index)} ${index === this.#pinned} ${band}`;
    if (key === this.#drawn[index]) return;
    this.#drawn[index] = key;
    const unread = isLeft ? " unread" : "";
    const small = this.#size < SMALL ? " small" : "";
    const tight = text.length > 5 ? " tightest" : text.length > 4 ? " tighter" : text.length > 3 ? " tight" : "";
    const close = text.length > 3 && this.#size < CLOSE ? " close" : "";
    const crowded = mark && this.#size < NARROW_CELL ? " crowded" : "";
    const editable = model.edit && kind === "value" ? " editable" : "";
    cell.className = `cell ${kind}${small}${tight}${close}${crowded}${editable}${unread}${this.#linked.has(index) ? " linked" : ""}${index === this.#pinned ? " pinned" : ""}${marked ? " marked" : ""}${band ? " banded" : ""}`;
    if (cell.textContent !== text) cell.textContent = text; // a number that stays is not laid out again
    cell.style.backgroundColor = colour?.fill ?? "";
    cell.style.color = colour?.ink ?? "";
    if (mark) cell.dataset["mark"] = mark;
    else delete cell.dataset["mark"];
    if (band) cell.style.setProperty("--band", `var(${band})`);
    if (kind === "pending") cell.setAttribute("aria-label", say("stage.pending"));
    else if (rounded || small) cell.setAttribute("aria-label", number(value));
    else cell.removeAttribute("aria-label");
  }

  /** @param {EventTarget | null} target */
  #indexOf(target) {
    const cell = target instanceof Element ? target.closest(".cell") : null;
    return cell instanceof HTMLElement ? this.#cells.indexOf(cell) : -1;
  }

  /** @param {number} index */
  #onPoint(index) {
    const model = this.#model;
    if (index < 0 || !model) return;
    const [row, col] = [Math.floor(index / model.cols), index % model.cols];
    this.events.point?.(this.textAt(row, col), { id: model.id, row, col });
  }

  /** What is said of a cell; nothing where there is none. @param {number} row @param {number} col */
  textAt(row, col) {
    const model = this.#model;
    if (!model || !this.cell(row, col)) return "";
    const index = row * model.cols + col;
    const kind = kindOf(model, index);
    const value = model.values[index];
    /** @type {Record<string, string>} */
    const spoken = { outside: say("stage.beyond_end"), pending: say("stage.pending"), padding: say("stage.padding", { value: number(value) }) };
    const note = kind === "pending" ? undefined : model.notes?.get(index)?.text;
    const spokenValue = spoken[kind] ?? number(value);
    const text = `${model.label}, ${cellWords(model, row, col)}: ${note ? say("stage.noted", { value: spokenValue, note }) : spokenValue}`;
    return touch.matches && !hasEdited && model.edit && kind === "value" ? say("stage.tap_again", { text }) : text;
  }

  /** @param {number} index */
  #onFocus(index) {
    if (index < 0) return;
    this.#cells[this.#at]?.setAttribute("tabindex", "-1");
    this.#at = index;
    this.#cells[index]?.setAttribute("tabindex", "0");
    this.#onPoint(index);
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const index = this.#indexOf(event.target);
    if (index < 0) return;
    if (event.detail === 1 && this.#model?.edit && index === this.#ready) this.#editAt(index);
    else this.#ready = index; // a second tap, later, edits
    if (event.detail < 2) this.#pin(index);
    this.#choose(index);
  }

  /** @param {number} index */
  #pin(index) {
    const model = this.#model;
    if (model) this.events.pin?.({ id: model.id, row: Math.floor(index / model.cols), col: index % model.cols });
  }

  /** @param {number} index */
  #choose(index) {
    if (this.#model && this.#model.firstStep !== null) this.events.choose?.(this.#model.firstStep + index);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const index = this.#indexOf(event.target);
    const model = this.#model;
    if (index < 0 || !model || isModified(event)) return;
    /** @type {Record<string, number>} */
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -model.cols, ArrowDown: model.cols };
    const move = isByPointer() ? 0 : moves[event.key];
    if (move) {
      const sideways = ["ArrowLeft", "ArrowRight"].includes(event.key) && !model.wrap;
      const sameRow = Math.floor(index / model.cols) === Math.floor((index + move) / model.cols);
      if (!sideways || sameRow) this.#cells[index + move]?.focus();
    } else if (event.key === "Enter") {
      enter();
      this.#pin(index);
      this.#choose(index);
    } else if (model.edit && (event.key === "F2" || beginning().test(event.key))) {
      this.#editAt(index, event.key === "F2" ? undefined : event.key);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} index @param {string} [typed] what was typed to begin with */
  #editAt(index, typed) {
    const model = this.#model;
    const cell = this.#cells[index];
    this.#ready = -1; // when that is over, a first tap points again
    enter();
    if (!model?.edit || !cell || kindOf(model, index) !== "value" || this.box.querySelector(".cell-editor")) return;
    const [row, col] = [Math.floor(index / model.cols), index % model.cols];
    editCell({
      box: this.box,
      cell,
      label: `${model.label}, ${cellWords(model, row, col)}`,
      value: model.values[index] ?? 0,
      typed,
      keep: (value) => this.#commit(model, index, value),
    });
  }

  /** @param {GridModel} model @param {number} index @param {number} value */
  #commit(model, index, value) {
    hasEdited = true;
    const row = Math.floor(index / model.cols) - (model.inside?.row ?? 0);
    const col = (index % model.cols) - (model.inside?.col ?? 0);
    this.events.edit?.(model, row, col, value);
  }
}
