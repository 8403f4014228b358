// A grid of numbers: cells, the window over them, moving about by keys, typing into a cell.

/** @import { GridModel, Region } from "../types" */

import { cellText, number } from "../format.js";
import { editCell } from "./cell-editor.js";
import { drawArrows } from "./arrows.js";
import { el } from "./dom.js";
import { paint } from "./scale.js";

/** Cells narrower than this show colour and no number. */
export const SMALL = 20;
const BORDER = 3;
const ROOM = 5; // characters: the type grows with the cell

/**
 * @typedef {object} GridEvents
 * @property {(model: GridModel, row: number, col: number, value: number) => void} edit
 * @property {(step: number) => void} choose
 * @property {(text: string, target: import("../types").Target | null) => void} point what is pointed at, and which cell that is
 * @property {(target: import("../types").Target) => void} [pin]
 */

/** One grid on the stage. `show` draws any model; only what changed is touched. */
export class GridView {
  #cells = /** @type {HTMLElement[]} */ ([]);
  #drawn = /** @type {string[]} */ ([]);
  #shape = "";
  #size = 0;
  #gap = 2;
  #at = 0; // the cell that Tab reaches
  #linked = /** @type {Set<number>} */ (new Set());
  #pinned = -1;
  #ready = -1;
  #window = el("div", { class: "window", hidden: true, "aria-hidden": "true" });
  #model = /** @type {GridModel | null} */ (null);

  /** @param {GridEvents} events */
  constructor(events) {
    this.events = events;
    this.grid = el("div", { class: "grid", role: "grid" });
    this.box = el("div", { class: "grid-box" }, this.grid, this.#window);
    this.grid.addEventListener("keydown", (event) => this.#onKey(event));
    this.grid.addEventListener("click", (event) => this.#onClick(event));
    this.grid.addEventListener("dblclick", (event) => this.#editAt(this.#indexOf(event.target)));
    this.grid.addEventListener("pointerover", (event) => this.#onPoint(this.#indexOf(event.target)));
    this.grid.addEventListener("pointerleave", () => this.events.point("", null));
    this.grid.addEventListener("focusin", (event) => this.#onFocus(this.#indexOf(event.target)));
  }

  /** @param {number} row @param {number} col */
  cell(row, col) {
    return this.#cells[row * (this.#model?.cols ?? 0) + col];
  }

  /**
   * @param {GridModel} model @param {number} size of a cell in pixels
   * @returns {boolean} whether any number had to be rounded to fit
   */
  show(model, size) {
    const shape = `${model.rows}x${model.cols}${model.wrap}`;
    if (shape !== this.#shape) this.#build(model, shape);
    this.#model = model;
    this.#resize(size);
    this.grid.setAttribute("aria-label", model.label);
    let rounded = false;
    for (let index = 0; index < this.#cells.length; index += 1) rounded = this.#drawCell(index, ROOM) || rounded;
    this.#placeWindow(model.region);
    drawArrows(this.box, model.arrows ?? [], this.#size + this.#gap, this.#size);
    return rounded && size >= SMALL;
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
      if (this.#cells[index]) this.#drawCell(index, ROOM);
  }

  /** @param {GridModel} model @param {string} shape */
  #build(model, shape) {
    this.#shape = shape;
    this.#drawn = [];
    this.#linked.clear();
    this.#at = 0;
    this.grid.classList.toggle("wrap", model.wrap);
    this.grid.style.setProperty("--cols", String(model.cols));
    this.grid.setAttribute("aria-rowcount", String(model.rows));
    this.grid.setAttribute("aria-colcount", String(model.cols));
    const rows = Array.from({ length: model.rows }, (_, row) =>
      el(
        "div",
        { role: "row", "aria-rowindex": row + 1 },
        ...Array.from({ length: model.cols }, (_, col) =>
          el("div", { role: "gridcell", class: "cell", "aria-colindex": col + 1, tabindex: row + col ? -1 : 0 }),
        ),
      ),
    );
    this.grid.replaceChildren(...rows);
    this.#cells = rows.flatMap((row) => /** @type {HTMLElement[]} */ ([...row.children]));
  }

  /** @param {number} size */
  #resize(size) {
    if (size === this.#size) return;
    this.#size = size;
    this.#gap = size < 14 ? 1 : 2;
    this.box.style.setProperty("--cell", `${size}px`);
    this.box.style.setProperty("--gap", `${this.#gap}px`);
    this.box.classList.add("still"); // a change of size is not a step: nothing glides
    requestAnimationFrame(() => requestAnimationFrame(() => this.box.classList.remove("still")));
    this.#drawn = [];
  }

  /** @param {number} index @param {number} room */
  #drawCell(index, room) {
    const model = /** @type {GridModel} */ (this.#model);
    const cell = /** @type {HTMLElement} */ (this.#cells[index]);
    const kind = kindOf(model, index);
    const value = kind === "pending" ? null : (model.values[index] ?? null);
    const marked = model.marked && index === model.marked[0] * model.cols + model.marked[1];
    const { text, rounded } = value === null ? { text: "", rounded: false } : cellText(value, room);
    const colour = value === null || kind === "padding" ? null : paint(value, model.max);
    const key = `${kind} ${text} ${colour?.fill} ${marked} ${isUnread(model, index)} ${this.#linked.has(index)} ${index === this.#pinned}`;
    if (key === this.#drawn[index]) return rounded;
    this.#drawn[index] = key;
    const unread = isUnread(model, index) ? " unread" : "";
    const small = this.#size < SMALL ? " small" : "";
    const tight = text.length > 4 ? " tighter" : text.length > 3 ? " tight" : "";
    const editable = model.edit && kind === "value" ? " editable" : "";
    cell.className = `cell ${kind}${small}${tight}${editable}${unread}${this.#linked.has(index) ? " linked" : ""}${index === this.#pinned ? " pinned" : ""}${marked ? " marked" : ""}`;
    cell.textContent = text;
    cell.style.background = colour?.fill ?? "";
    cell.style.color = colour?.ink ?? "";
    if (kind === "pending") cell.setAttribute("aria-label", "still to come");
    else if (rounded || small) cell.setAttribute("aria-label", number(value));
    else cell.removeAttribute("aria-label");
    return rounded;
  }

  /** @param {Region | null} region */
  #placeWindow(region) {
    this.#window.hidden = !region;
    if (!region) return;
    const pitch = this.#size + this.#gap;
    const extent = (/** @type {number} */ taps, /** @type {number} */ step) =>
      ((taps - 1) * step + 1) * pitch - this.#gap;
    const dilated = region.rowStep > 1 || region.colStep > 1;
    this.#window.classList.toggle("dilated", dilated);
    Object.assign(this.#window.style, {
      transform: `translate(${region.col * pitch - BORDER}px, ${region.row * pitch - BORDER}px)`,
      width: `${extent(region.width, region.colStep) + 2 * BORDER}px`,
      height: `${extent(region.height, region.rowStep) + 2 * BORDER}px`,
    });
    const count = dilated ? region.height * region.width : 0;
    while (this.#window.children.length > count) this.#window.lastChild?.remove();
    while (this.#window.children.length < count) this.#window.append(el("i"));
    [...this.#window.children].forEach((tap, index) => {
      const row = Math.floor(index / region.width) * region.rowStep;
      const col = (index % region.width) * region.colStep;
      Object.assign(/** @type {HTMLElement} */ (tap).style, {
        left: `${col * pitch - 1.5}px`,
        top: `${row * pitch - 1.5}px`,
        width: `${this.#size + BORDER}px`,
        height: `${this.#size + BORDER}px`,
      });
    });
  }

  /** @param {EventTarget | null} target */
  #indexOf(target) {
    const cell = target instanceof Element ? target.closest(".cell") : null;
    return cell ? this.#cells.indexOf(/** @type {HTMLElement} */ (cell)) : -1;
  }

  /** @param {number} index */
  #onPoint(index) {
    const model = this.#model;
    if (index < 0 || !model) return;
    const [row, col] = [Math.floor(index / model.cols), index % model.cols];
    const place = placeOf(model, row, col);
    const kind = kindOf(model, index);
    const value = model.values[index];
    const said = { outside: "beyond the end", pending: "still to come", padding: `padding, ${number(value)}` };
    this.events.point(`${model.label}, ${place}: ${said[/** @type {keyof typeof said} */ (kind)] ?? number(value)}`, {
      id: model.id,
      row,
      col,
    });
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
    this.#ready = index; // a second tap, later, edits
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
    if (this.#model && this.#model.firstStep !== null) this.events.choose(this.#model.firstStep + index);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const index = this.#indexOf(event.target);
    const model = this.#model;
    if (index < 0 || !model || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -model.cols, ArrowDown: model.cols };
    const move = moves[/** @type {keyof typeof moves} */ (event.key)];
    if (move) {
      const sideways = Math.abs(move) === 1 && !model.wrap;
      const sameRow = Math.floor(index / model.cols) === Math.floor((index + move) / model.cols);
      if (!sideways || sameRow) this.#cells[index + move]?.focus();
    } else if (event.key === "Enter") {
      this.#pin(index);
      this.#choose(index);
    } else if (model.edit && (event.key === "F2" || /^[-−.,0-9]$/.test(event.key))) {
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
    if (!model?.edit || !cell || kindOf(model, index) !== "value" || this.box.querySelector(".cell-editor")) return;
    const [row, col] = [Math.floor(index / model.cols), index % model.cols];
    editCell({
      box: this.box,
      cell,
      label: `${model.label}, ${placeOf(model, row, col)}`,
      value: model.values[index] ?? 0,
      typed,
      keep: (value) => this.#commit(model, index, value),
    });
  }

  /** @param {GridModel} model @param {number} index @param {number} value */
  #commit(model, index, value) {
    const row = Math.floor(index / model.cols) - (model.inside?.row ?? 0);
    const col = (index % model.cols) - (model.inside?.col ?? 0);
    this.events.edit(model, row, col, value);
  }
}

/** Whether no window reaches a cell. @param {GridModel} model @param {number} index */
function isUnread(model, index) {
  const { rows, cols } = model.unread ?? { rows: 0, cols: 0 };
  return Math.floor(index / model.cols) >= model.rows - rows || index % model.cols >= model.cols - cols;
}

/** @param {GridModel} model @param {number} index */
function kindOf(model, index) {
  if (model.values[index] === undefined) return "outside";
  if (index >= model.filled) return "pending";
  if (model.gaps?.[index]) return "padding";
  const area = model.inside;
  if (!area) return "value";
  const row = Math.floor(index / model.cols) - area.row;
  const col = (index % model.cols) - area.col;
  return row >= 0 && row < area.height && col >= 0 && col < area.width ? "value" : "padding";
}

/** Where a cell is, as people count. @param {GridModel} model @param {number} row @param {number} col */
function placeOf(model, row, col) {
  if (model.wrap) return `place ${col + 1}`;
  const [top, left] = [model.inside?.row ?? 0, model.inside?.col ?? 0];
  const inside = !model.inside || kindOf(model, row * model.cols + col) === "value";
  return inside ? `row ${row - top + 1}, column ${col - left + 1}` : "outside the input";
}
