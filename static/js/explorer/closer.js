// Closer: one map with its numbers, or the one step that made one of its cells. The way back and forward stands above.

/** @import { Answer, Layer } from "./model.js" */
/** @import { CellView } from "./cell.js" */
/** @import { PartsEvents, PartsView } from "./parts.js" */

import { GAP } from "../draw/cells.js";
import { byRole, el, onAction } from "../draw/dom.js";
import { GridView } from "../draw/grid.js";
import { grid } from "../frame.js";
import { latest } from "../input/latest.js";
import { isTyping } from "../shell.js";
import { say } from "../words.js";
import { isOff } from "./bending.js";
import { scaleOf, shownPlanes, titleOf } from "./network.js";

const [SMALLEST, LEGIBLE, LARGEST] = [8, 24, 40]; // pixels of a cell: LEGIBLE has room for digits
const BESIDE = 40; // pixels that a grid leaves free
const ABOVE = 260; // pixels of the window above a map

/** A place as a link has it, in numbers. @param {string} at */
const numbers = (at) => at.split(",").map(Number);

export class Closer {
  at = ""; // as links have it
  #deepest = ""; // how far one has been on this way
  #answer = /** @type {Answer | null} */ (null);
  #cell = /** @type {CellView | null} */ (null);
  #parts = /** @type {Promise<PartsView> | null} */ (null);
  #grid;
  #explain;

  /** @param {() => void} changed @param {(act: () => unknown) => Promise<void>} attempt says why something could not be done @param {Omit<PartsEvents, "open">} bending */
  constructor(changed, attempt, bending) {
    this.changed = changed;
    this.attempt = attempt;
    this.bending = bending;
    this.#grid = new GridView({
      edit: () => {},
      choose: () => {},
      point: (text) => void (byRole("map-readout").textContent = text),
      pin: ({ row, col }) => this.go(this.#cellAt(row, col)),
    });
    byRole("map").replaceChildren(this.#grid.node);
    this.#explain = latest((/** @type {string} */ at) => attempt(() => this.#showCell(at)));
    onAction("back", () => this.back());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !this.at || isTyping(event.target) || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      this.back();
    });
    new ResizeObserver(() => this.#showMap()).observe(byRole("map"));
    document.addEventListener("themechange", () => this.#showMap());
  }

  /** Look at a place, with the way that leads to it. @param {string} at */
  go(at) {
    this.at = at;
    this.changed();
    this.#look();
    byRole("closer").scrollIntoView({ block: "nearest" });
  }

  back() {
    const place = this.at;
    this.go(this.#isCell ? this.#mapAt : "");
    const opened = this.at ? null : byRole("network").querySelector(`[data-at="${place}"]`);
    if (opened instanceof HTMLElement) opened.focus();
  }

  /** @param {Answer} answer */
  show(answer) {
    this.#answer = answer;
    if (this.at && !this.isThere) this.at = "";
    this.#look();
  }

  /** Whether the network has the place that is looked at. */
  get isThere() {
    const [layer = 0, ...index] = numbers(this.at);
    const shape = this.#answer?.model.layers[layer]?.output_shape;
    if (!shape || ![shape.length, shape.length === 3 ? 1 : 0].includes(index.length)) return false;
    return index.every((one, axis) => one < (shape[axis] ?? 0));
  }

  get #layer() {
    return /** @type {Layer} */ (this.#answer?.model.layers[numbers(this.at)[0] ?? 0]);
  }

  get #isCell() {
    return numbers(this.at).length === this.#layer.output_shape.length + 1;
  }

  /** The map that a cell is of. */
  get #mapAt() {
    return numbers(this.at).slice(0, this.#layer.output_shape.length === 3 ? 2 : 1).join();
  }

  /** The place of a cell of the map. @param {number} row @param {number} col */
  #cellAt(row, col) {
    const isMap = this.#layer.output_shape.length === 3;
    return isMap ? `${this.#mapAt},${row},${col}` : `${this.#mapAt},${row * this.#columns + col}`;
  }

  get #columns() {
    return this.#plane[0]?.length ?? 1;
  }

  get #plane() {
    const [layer = 0, channel = 0] = numbers(this.#mapAt);
    const planes = shownPlanes(this.#answer?.maps[layer] ?? [], this.#layer);
    return planes[this.#layer.output_shape.length === 3 ? channel : 0] ?? [];
  }

  #look() {
    const { at } = this;
    byRole("network-view").hidden = at !== "";
    byRole("closer").hidden = at === "";
    if (!at || !this.#answer) return;
    if (!`${this.#deepest},`.startsWith(`${at},`)) this.#deepest = at;
    byRole("crumbs").replaceChildren(...this.#crumbs());
    byRole("map-view").hidden = this.#isCell;
    byRole("cell-view").hidden = !this.#isCell;
    const [layer = 0, channel = 0] = numbers(at);
    const isSilent = this.#isCell && isOff(this.#answer.chosen.off, { layer, channel });
    byRole("cell-off").hidden = !isSilent;
    byRole("cell-step").hidden = isSilent;
    if (this.#isCell && !isSilent) this.#explain(at);
    else if (!this.#isCell) this.#showMap();
    this.attempt(() => this.#takeApart());
  }

  /** A map, or a number that a dense layer gives, stands above what it is made of. */
  async #takeApart() {
    const { output_shape, layer: kind } = this.#layer;
    const isWhole = output_shape.length === 3 ? !this.#isCell : this.#isCell && kind === "linear";
    if (!isWhole && !this.#parts) return;
    this.#parts ??= import("./parts.js").then(({ PartsView }) => new PartsView({ ...this.bending, open: (at) => this.go(at) }, this.attempt));
    const view = await this.#parts;
    const [layer = 0, channel = 0] = numbers(this.at);
    view.look(isWhole && this.at && this.#answer ? { answer: this.#answer, layer, channel } : null);
  }

  /** The way from the network to the deepest place: each of its places can be gone to. */
  #crumbs() {
    const { output_shape } = this.#layer;
    const parts = numbers(this.#deepest);
    const short = output_shape.length === 3 ? 2 : 1;
    const ways = [
      { at: "", text: say("explorer.network") },
      { at: parts.slice(0, short).join(), text: this.#named(parts) },
      ...(parts.length > short ? [{ at: parts.join(), text: cellName(parts.slice(short)) }] : []),
    ];
    return ways.map(({ at, text }) => {
      const button = el("button", { type: "button", class: "button quiet", "aria-current": at === this.at ? "step" : null }, text);
      button.addEventListener("click", () => this.go(at));
      return el("li", {}, button);
    });
  }

  /** What a map, or a line, is called. @param {number[]} parts */
  #named([layer = 0, channel = 0]) {
    const title = titleOf(layer, this.#layer);
    return this.#layer.output_shape.length === 3 ? say("explorer.map_of", { layer: title, map: channel + 1 }) : title;
  }

  #showMap() {
    if (!this.#answer || !this.at || this.#isCell) return;
    const plane = this.#plane;
    const cols = plane[0]?.length ?? 1;
    const across = Math.floor((byRole("map").clientWidth - BESIDE) / cols) - GAP;
    const down = Math.floor((window.innerHeight - ABOVE) / plane.length) - GAP;
    const values = plane.flat();
    const [layer = 0, channel = 0] = numbers(this.at);
    const max = scaleOf(this.#answer, layer, channel);
    const model = grid({ id: "map", label: this.#named(numbers(this.at)), values, cols, max });
    this.#grid.show(model, Math.max(SMALLEST, Math.min(LARGEST, across, Math.max(LEGIBLE, down))));
  }

  /** @param {string} at */
  async #showCell(at) {
    const answer = /** @type {Answer} */ (this.#answer);
    const { CellView } = await import("./cell.js");
    this.#cell ??= new CellView();
    const [layer = 0, ...index] = numbers(at);
    const shown = await this.#cell.ask(answer, layer, index);
    if (this.at === at) shown();
  }
}

/** @param {number[]} index */
const cellName = ([row = 0, col]) =>
  col === undefined ? say("explorer.number_at", { number: row + 1 }) : say("explorer.cell_at", { row: row + 1, col: col + 1 });
