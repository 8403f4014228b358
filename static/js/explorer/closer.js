// Closer: one map with its numbers, or the one step that made one of its cells. The way back and forward stands above.

/** @import { CellView } from "./cell.js" */
/** @import { Answer } from "./model.js" */
/** @import { PartsEvents, PartsView } from "./parts.js" */

import { GAP, roomOf } from "../draw/cells.js";
import { byRole, el, findAll, onAction } from "../draw/dom.js";
import { GridView } from "../draw/grid.js";
import { leastCell, zoomOf } from "../draw/room.js";
import { isBound } from "../format.js";
import { grid } from "../frame.js";
import { latest } from "../input/latest.js";
import { needed } from "../needed.js";
import { isTyping } from "../shell.js";
import { say } from "../words.js";
import { cellAt, depthOf, isThere, layerOf, mapName, mapOf, numbers, planeOf, rowAndCol } from "./addresses.js";
import { isOff } from "./bending.js";
import { cellNames, classOf } from "./names.js";
import { scalesOf } from "./network.js";
import { ACROSS } from "./positions.js";
import { showWay } from "./way.js";
import { beginOnScreen } from "./sight.js";
import { zoom } from "./zoom.js";

const LARGEST = 40; // pixels of a cell; a map that is wider than its room is scrolled
const BESIDE = 40; // pixels that a grid leaves free
const ABOVE = 260; // pixels of the window above a map
const SHORT = 3; // letters of a class that stand above its number as they are read
const PATIENCE = 200; // milliseconds that the motion into a cell waits for what it ends in
const [NETWORK, MAP, CELL] = [0, 1, 2]; // how close one is

/** A number from 0 to below a size. @param {number} index @param {number} size */
const within = (index, size) => Math.max(0, Math.min(size - 1, index));

/** Whether anything that is shown has the focus: what is hidden loses it later, and what is taken away at once. */
const hasFocus = () => document.activeElement !== document.body && Boolean(document.activeElement?.checkVisibility());

/** What is opened begins on the screen, whatever was below it on the page. @param {HTMLElement} node */
const bringIntoSight = (node) => node.scrollIntoView({ block: node.getBoundingClientRect().top < 0 ? "start" : "nearest" });

export class Closer {
  at = ""; // as links have it
  settled = Promise.resolve(); // once the step of the cell is shown
  channel = ""; // the one that was chosen of those that a cell of the layer adds up, as links have it
  #deepest = ""; // how far one has been on this way
  #width = 0; // of the room for a map in pixels, as it was seen last
  #middle = ""; // the map whose middle was brought into sight
  /** @type {import("../types").Target | null} */ #pointed = null; // the cell of the map that is spoken of
  /** @type {Answer | null} */ #answer = null;
  /** @type {Promise<PartsView> | null} */ #parts = null;
  /** @type {CellView | null} */ #cell = null;
  #grid;
  #names = el("div", { class: "cell-names", "aria-hidden": "true" }); // above the numbers of the last layer, whose cells say them
  #explain;

  /** @param {() => void} changed @param {(act: () => unknown) => Promise<void>} attempt says why something could not be done @param {Omit<PartsEvents, "open"> & { complain: (sentence: string) => void }} events */
  constructor(changed, attempt, events) {
    this.changed = changed;
    this.attempt = attempt;
    this.events = events;
    this.#grid = new GridView({
      point: (text, target) => {
        byRole("map-readout").textContent = text;
        this.#pointed = target;
      },
      pin: ({ row, col }) => this.go(cellAt(this.#model, this.at, row, col)),
    });
    byRole("map").replaceChildren(this.#names, this.#grid.node);
    this.#explain = latest((/** @type {string} */ at) => attempt(() => this.#showCell(at)));
    onAction("back", () => this.back());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !this.at || isTyping(event.target) || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      this.back();
    });
    new ResizeObserver(() => {
      const width = byRole("map").clientWidth;
      if (width && width !== this.#width) this.#showMap();
    }).observe(byRole("map"));
    document.addEventListener("themechange", () => this.#showMap());
  }

  /** Look at a place, with the way that leads to it: what was clicked grows into what is opened. @param {string} at */
  async go(at) {
    const before = this.at;
    this.at = at;
    if (!at || numbers(at)[0] !== numbers(before)[0]) this.channel = "";
    this.changed();
    const show = await this.#awaited(before);
    if (this.at !== at) return; // one has gone on meanwhile
    zoom(
      () => this.#nodeOf(at, before),
      () => {
        const hadFocus = hasFocus();
        this.#look(show);
        bringIntoSight(byRole("closer"));
        if (at && hadFocus && !hasFocus()) byRole("closer").focus({ preventScroll: true }); // not a button in it: Enter goes deeper
      },
      () => this.#nodeOf(before, at),
    );
  }

  /** What shows a cell. @param {Answer} answer @param {string} at */
  async #ask(answer, at) {
    const { CellView } = await import("./cell.js");
    const missing = (/** @type {string} */ channel) => {
      this.#choose("");
      this.events.complain(say("explorer.no_cell_channel", { channel }));
    };
    this.#cell ??= new CellView(() => this.channel, (channel) => this.#choose(String(channel)), missing);
    return this.#cell.ask(answer, at);
  }

  /** What shows the cell that one zooms into, as soon as it is there; null where it is late or one looks at no other cell. @param {string} before */
  async #awaited(before) {
    const answer = this.#answer;
    if (!answer || this.#depth !== CELL || this.#isSilent || depthOf(answer.model, before) === CELL) return null;
    const step = this.#ask(answer, this.at).catch(() => null); // it is asked for once more, and what is wrong is said then
    /** @type {Promise<null>} */
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
    const show = await Promise.race([step, late]);
    return this.#answer === answer ? show : null;
  }

  /** A link that opens a cell or a map shows its sum, or all of the map, on one screen where that has room. */
  async leadTo() {
    await this.settled;
    const last = [byRole("arithmetic"), byRole("long-sum"), byRole("map")].find((node) => node.checkVisibility());
    if (this.at) beginOnScreen(byRole("closer"), last);
  }

  async back() {
    if (this.#depth === CELL) await this.go(mapOf(this.#model, this.at));
    else await this.#leave();
  }

  /** Back to the whole network, at the map that one comes from. */
  async #leave() {
    const map = mapOf(this.#model, this.at);
    await this.go("");
    const opened = this.at ? null : byRole("network").querySelector(`[data-at="${map}"]`);
    if (opened instanceof HTMLElement) opened.focus();
  }

  /** To the map or the layer beside the one that is open, or to the cell beside it. @param {number} down @param {number} right @returns {boolean} whether anything is open */
  step(down, right) {
    if (!this.at || !this.#answer) return false;
    const at = this.#depth === CELL ? this.#nextCell(down, right) : this.#nextMap(down, right);
    if (at !== this.at) this.go(at);
    return true;
  }

  /** Deeper: to where one was before, else into the grid of the map. @returns {boolean} whether there is anything deeper */
  enter() {
    if (this.#depth !== MAP) return false;
    if (this.#deepest !== this.at) this.go(this.#deepest);
    else findAll('.cell[tabindex="0"]', HTMLElement, byRole("map"))[0]?.focus();
    return true;
  }

  /** @param {Answer} answer */
  show(answer) {
    this.#answer = answer;
    if (this.at && !isThere(answer.model, this.at)) this.at = "";
    if (!this.at) this.channel = "";
    this.#look();
  }

  /** @param {string} channel */
  #choose(channel) {
    this.channel = channel;
    this.changed();
  }

  get #chosen() {
    return needed(this.#answer).chosen;
  }

  get #model() {
    return needed(this.#answer).model;
  }

  get #depth() {
    return this.#answer ? depthOf(this.#model, this.at) : NETWORK;
  }

  /** Whether the map of the cell is switched off: no step makes a 0. */
  get #isSilent() {
    const [layer = 0, channel = 0] = numbers(this.at);
    return this.#depth === CELL && isOff(this.#chosen.off, { layer, channel });
  }

  /** @param {number} down @param {number} right */
  #nextMap(down, right) {
    const [layer = 0, channel = 0] = numbers(this.at);
    const to = within(layer + down, this.#model.layers.length);
    const shape = this.#model.layers[to]?.output_shape ?? [];
    return shape.length === 3 ? `${to},${within(channel + right, shape[0] ?? 1)}` : `${to}`;
  }

  /** @param {number} down @param {number} right */
  #nextCell(down, right) {
    const [row, col] = rowAndCol(this.#model, this.at);
    const plane = planeOf(needed(this.#answer), this.at);
    const to = within(row + down, plane.length);
    return cellAt(this.#model, this.at, to, within(col + right, plane[to]?.length ?? 1));
  }

  /** What shows a place while one looks at another: it itself where that is closer, else where it is. @param {string} at @param {string} seen */
  #nodeOf(at, seen) {
    const answer = this.#answer;
    if (!answer) return null;
    const [depth, wanted] = [depthOf(answer.model, seen), depthOf(answer.model, at)];
    if (depth === wanted) return null;
    if (depth > wanted) return depth === CELL ? byRole("stage") : this.#grid.node;
    if (depth === NETWORK) return byRole("network").querySelector(`[data-at="${mapOf(answer.model, at)}"]`);
    const [row, col] = rowAndCol(answer.model, at);
    return byRole("map").querySelector(`[aria-rowindex="${row + 1}"] [aria-colindex="${col + 1}"]`);
  }

  /** @param {(() => void) | null} [show] shows the step of the cell, where that is there already */
  #look(show = null) {
    const { at } = this;
    const depth = this.#depth;
    const zoom = zoomOf(byRole("map")); // before anything changes: asking later lays out what is about to be written over
    byRole("network-view").hidden = depth === MAP; // beside a cell it shows how far that reaches
    byRole("closer").hidden = depth === NETWORK;
    if (depth !== CELL) this.#cell?.clear();
    if (depth === NETWORK) return;
    if (!`${this.#deepest},`.startsWith(`${at},`)) this.#deepest = at;
    showWay(this.#model, at, this.#deepest, (to) => (to ? this.go(to) : this.#leave()));
    byRole("map-view").hidden = depth !== MAP;
    byRole("cell-view").hidden = depth !== CELL;
    byRole("cell-off").hidden = !this.#isSilent;
    byRole("cell-step").hidden = this.#isSilent;
    if (this.#isSilent) this.#cell?.clear();
    else if (depth === MAP) this.#showMap({ zoom, width: this.#width });
    else if (show) show();
    else this.settled = this.#explain(at);
    this.attempt(() => this.#takeApart());
  }

  /** A map, or a number that a dense layer gives, stands above what it is made of. */
  async #takeApart() {
    const { output_shape, layer: kind } = layerOf(this.#model, this.at);
    const isWhole = this.#depth === (output_shape.length === 3 ? MAP : CELL) && (output_shape.length === 3 || kind === "linear");
    if (!isWhole && !this.#parts) return;
    this.#parts ??= import("./parts.js").then(({ PartsView }) => new PartsView({ ...this.events, open: (at) => this.go(at) }, this.attempt));
    const view = await this.#parts;
    const [layer = 0, channel = 0] = numbers(this.at);
    view.look(isWhole && this.at && this.#answer ? { answer: this.#answer, layer, channel } : null);
  }

  /** @param {{ zoom?: number, width?: number }} [known] of the room for it, in order not to lay out the map before */
  #showMap({ zoom = zoomOf(byRole("map")), width = 0 } = {}) {
    if (!this.#answer || this.#depth !== MAP) return;
    const plane = planeOf(this.#answer, this.at);
    const cols = plane[0]?.length ?? 1;
    const host = byRole("map");
    this.#width = width || host.clientWidth;
    const across = Math.floor((this.#width - BESIDE) / cols) - GAP;
    const down = Math.floor((window.innerHeight - ABOVE) / plane.length) - GAP;
    const [layer = 0, channel = 0] = numbers(this.at);
    const max = scalesOf(this.#answer)(layer, channel);
    const model = grid({ id: "map", label: mapName(this.#model, this.at), values: plane.flat(), cols, max, names: cellNames(this.#model, layer) });
    const size = Math.max(leastCell(zoom), Math.min(zoom * LARGEST, across, down));
    this.#grid.show(model, size, model, zoom);
    this.#showNames(layer, size);
    byRole("map-bounds").hidden = !plane.flat().some((value) => isBound(value, roomOf(size, zoom)));
    const isSame = this.#middle === this.at;
    if (!isSame) this.#pointed = null; // a finger does not leave
    byRole("map-readout").textContent = this.#pointed ? this.#grid.textAt(this.#pointed.row, this.#pointed.col) : "";
    if (isSame) return;
    this.#middle = this.at;
    if (cols * (size + GAP) > this.#width) host.scrollLeft = (host.scrollWidth - host.clientWidth) / 2;
  }

  /** The classes that the numbers of the last layer stand for, each above its own. @param {number} layer @param {number} size of a cell in pixels */
  #showNames(layer, size) {
    const { classes } = this.#model;
    const isShown = cellNames(this.#model, layer) && classOf(this.#model, layer, 0) !== undefined && classes.length <= ACROSS;
    this.#names.hidden = !isShown;
    this.#names.style.setProperty("--cell", `${size}px`);
    this.#names.classList.toggle("upright", classes.some((name) => name.length > SHORT));
    this.#names.replaceChildren(...(isShown ? classes.map((name) => el("span", {}, name)) : []));
  }

  /** @param {string} at */
  async #showCell(at) {
    const answer = needed(this.#answer);
    const show = await this.#ask(answer, at);
    if (this.at === at && this.#answer === answer) show();
  }
}
