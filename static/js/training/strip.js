// The network as a strip: the picture, each layer's filters beside the maps that they make, and the answer.

/** @import { Checked } from "./editor.js" */
/** @import { Ref } from "./column.js" */
/** @import { Snapshot } from "./planes.js" */

import { bentAcross } from "../draw/bent-lines.js";
import { byRole, el, find, svg } from "../draw/dom.js";
import { appear, motionAllowed } from "../draw/motion.js";
import { size } from "../format.js";
import { say } from "../words.js";
import { Answer } from "./answer.js";
import { canvasOf, Column } from "./column.js";
import { drawSample } from "../draw/pictures.js";
import { looksEmpty } from "./planes.js";

const PHASE_DELAY_MS = 70;
const PHASE_MS = 200;
const SMALLEST = 0.6;
const FITS = [2, 1.8, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, SMALLEST]; // how large tiles are, before the strip scrolls
const TALL = 240; // pixels of a strip whose tiles are as large as usual

/** @typedef {{ tile: HTMLElement, sources: HTMLElement[] }} Edge a tile, and those of the layer before it that it is made of */

/** Lines from the maps that a map is made of to that map, while somebody points at it. Which those are the engine says. */
class Edges {
  /** @type {HTMLElement[]} */ #fed = [];
  node = svg("svg", { class: "edges", "aria-hidden": "true" });

  /** @param {HTMLElement} host what scrolls with the tiles */
  constructor(host) {
    this.host = host;
  }

  /** @param {Edge[]} edges none: nothing is pointed at */
  show(edges) {
    for (const tile of this.#fed) tile.classList.remove("fed");
    this.#fed = edges.flatMap(({ sources }) => sources);
    for (const tile of this.#fed) tile.classList.add("fed");
    const lines = edges.flatMap(({ tile, sources }) => sources.map((source) => this.#line(source, tile)));
    const each = (/** @type {string} */ name) => lines.map((d) => svg("path", { class: name, d }));
    const { scrollWidth: width, scrollHeight: height } = this.host;
    if (lines.length) Object.assign(this.node.style, { width: `${width}px`, height: `${height}px` });
    this.node.replaceChildren(...each("edge-halo"), ...each("edge"));
  }

  /** From the middle of one side to the middle of the other. @param {HTMLElement} source @param {HTMLElement} tile */
  #line(source, tile) {
    const host = this.host.getBoundingClientRect();
    const [from, to] = [source.getBoundingClientRect(), tile.getBoundingClientRect()];
    const at = (/** @type {number} */ x, /** @type {DOMRect} */ { top, height }) => ({
      x: x - host.left - this.host.clientLeft + this.host.scrollLeft,
      y: top + height / 2 - host.top - this.host.clientTop + this.host.scrollTop,
    });
    return bentAcross(at(from.right, from), at(to.left, to));
  }
}

/** Draws what the network is doing; tells what a person wants to see large. */
export class LayerStrip {
  /** @type {Column[]} */ #columns = [];
  #shape = "";
  /** @type {Snapshot | null} */ #snapshot = null;
  #room = 0; // for which the size of the tiles was found
  #phase = "";
  /** @type {WeakMap<Element, Ref>} */ #refs = new WeakMap();
  /** @type {Element | null} */ #pointed = null;
  /** @type {Element | null} */ #tapped = null;
  #edges;
  #own = false;
  answer = new Answer();

  /** @param {HTMLElement} host @param {(ref: Ref) => void} enlarge */
  constructor(host, enlarge) {
    this.host = host;
    this.enlarge = enlarge;
    this.sample = this.tile({ layer: -1, kind: "sample", index: 0 }, say("common.the_picture"), "sample-tile");
    this.sampleSize = el("span", {});
    this.input = el(
      "div",
      { class: "column" },
      el("div", { class: "column-head" }, el("b", {}, say("common.picture")), this.sampleSize),
      el("div", { class: "tiles single" }, this.sample),
    );
    byRole("answer").replaceChildren(this.answer.node);
    this.#edges = new Edges(host);
    host.addEventListener("keydown", (event) => this.#onKey(event));
    host.addEventListener("pointerover", ({ target }) => this.#point(target));
    host.addEventListener("focusin", ({ target }) => this.#point(target));
    host.addEventListener("pointerleave", ({ pointerType }) => pointerType === "touch" || this.#point(null)); // a finger leaves when it is lifted
    host.addEventListener("focusout", () => this.#point(null));
    addEventListener("resize", () => this.fit());
    document.addEventListener("themechange", () => this.#snapshot && this.#paint(this.#snapshot));
    new ResizeObserver(() => host.clientWidth !== this.#room && this.fit()).observe(host);
  }

  /** @param {Ref} ref @param {string} name @param {string} kind */
  tile(ref, name, kind) {
    const canvas = el("canvas", { "aria-hidden": "true", width: 1, height: 1 });
    const tile = el("button", { type: "button", class: `tile ${kind} empty`, "aria-label": name, title: name }, canvas);
    tile.tabIndex = -1;
    this.#refs.set(tile, ref);
    tile.addEventListener("click", (event) => this.#choose(ref, tile, event));
    return tile;
  }

  /** A mouse points before it clicks; of two taps the first points and the second opens. @param {Ref} ref @param {HTMLElement} tile @param {MouseEvent} event */
  #choose(ref, tile, event) {
    const isFirst = event instanceof PointerEvent && event.pointerType === "touch" && tile !== this.#tapped;
    this.#tapped = tile;
    if (this.#snapshot && !isFirst) this.enlarge(ref);
  }

  /** Show what a tile is made of. @param {EventTarget | null} target */
  #point(target) {
    const tile = target instanceof Element ? target.closest(".tile") : null;
    if (tile === this.#pointed) return;
    this.#pointed = tile;
    const ref = tile && this.#refs.get(tile);
    this.#edges.show(ref ? this.#edgesTo(ref.layer, ref.index) : []);
  }

  /** The lines to a map, and on through what only hands values on. @param {number} layer @param {number} index @returns {Edge[]} */
  #edgesTo(layer, index) {
    const column = this.#columns[layer];
    const tile = column?.tileOf(index);
    if (!column || !tile) return [];
    const before = this.#columns[layer - 1];
    const sources = before?.tilesOf(column.vector ? undefined : column.reads[index]) ?? [this.sample];
    return [{ tile, sources }, ...(before?.vector ? this.#edgesTo(layer - 1, 0) : [])];
  }

  /** A network that may not have run yet. @param {Checked[]} layers @param {number[]} inputShape @param {string[]} classes */
  plan(layers, inputShape, classes) {
    const shape = JSON.stringify([layers.map(({ layer, output_shape }) => [layer, output_shape]), inputShape, classes]);
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#snapshot = null;
    this.sampleSize.textContent = size(inputShape);
    this.#columns = layers.map((_, index) => new Column(this, layers, index));
    this.answer.plan(classes);
    this.#point(null);
    this.host.replaceChildren(this.input, ...this.#columns.map(({ node }) => node), this.#edges.node);
    for (const group of this.host.querySelectorAll(".tiles")) {
      /** @type {HTMLElement | null} */
      const first = group.querySelector(".tile");
      if (first) first.tabIndex = 0; // each layer is one stop of Tab; arrows move within
    }
    this.fit();
  }

  /** As large as the room allows. Each look lays the page out, so that what cannot fit is not tried. */
  fit() {
    this.host.style.removeProperty("--fit");
    this.host.toggleAttribute("data-wide", false);
    this.#room = this.host.clientWidth;
    const most = Math.min(this.#most, this.#room / this.#width()); // not all of it grows or shrinks: what is tried may still be too much
    for (const fit of FITS.filter((fit) => fit <= most || fit === SMALLEST)) {
      this.host.style.setProperty("--fit", String(fit));
      if (this.host.scrollWidth <= this.host.clientWidth) return;
    }
    this.host.toggleAttribute("data-wide", true); // on paper it takes another line
  }

  /** How large the tiles may be by the window's height, of which the style sheet gives the strip a share. */
  get #most() {
    const share = Number(getComputedStyle(this.host).getPropertyValue("--strip-share"));
    return Math.max(1, (share * innerHeight) / TALL);
  }

  /** How wide all columns are, gaps left out. */
  #width() {
    return [...this.host.children].reduce((sum, node) => sum + (node instanceof HTMLElement ? node.offsetWidth : 0), 1);
  }

  get own() {
    return this.#own;
  }

  /** Whether a map that would look empty among the others is seen on a scale of its own. */
  get finds() {
    return this.#own && (this.#snapshot?.layers ?? []).some(looksEmpty);
  }

  /** Whether each map has a colour scale of its own. */
  set own(own) {
    this.#own = own;
    find('[data-role="own-scale"]', HTMLInputElement).checked = own;
    byRole("scale-note").textContent = own ? say("training.scale_map") : say("training.scale_layer");
    if (this.#snapshot) this.#paint(this.#snapshot);
  }

  /** What is not known yet is empty. */
  blank() {
    this.#snapshot = null;
    for (const tile of this.host.querySelectorAll(".tile:not(.sample-tile)")) tile.classList.add("empty");
    for (const column of this.#columns) column.what.textContent = "";
    this.answer.blank();
    this.host.dataset["phase"] = "";
  }

  /** @param {Snapshot} snapshot */
  show(snapshot) {
    if (snapshot.layers.length !== this.#columns.length) return; // of another network: the plan is on its way
    this.#snapshot = snapshot;
    for (const tile of this.host.querySelectorAll(".tile.empty")) tile.classList.remove("empty");
    this.#paint(snapshot);
    const phase = snapshot.phase ?? "";
    this.host.dataset["phase"] = phase;
    if (phase !== this.#phase && motionAllowed()) this.#move(phase);
    this.#phase = phase;
  }

  /** @param {Snapshot} snapshot */
  #paint(snapshot) {
    drawSample(canvasOf(this.sample), snapshot.sample.image);
    for (const column of this.#columns) column.show(snapshot, this.#own);
    this.answer.show(snapshot);
  }

  /** Forward from the picture to the answer, backward from the answer to the picture. @param {string} phase */
  #move(phase) {
    const columns = this.#columns.map(({ tiles }) => tiles);
    if (phase === "backward") columns.reverse();
    if (phase === "forward" || phase === "backward")
      columns.forEach((tiles, index) => void appear(tiles, index * PHASE_DELAY_MS, PHASE_MS));
  }

  /** Arrow keys move from tile to tile of a layer. @param {KeyboardEvent} event */
  #onKey(event) {
    const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    const tile = event.target instanceof HTMLElement ? event.target.closest(".tile") : null;
    if (!by || !(tile instanceof HTMLElement)) return;
    const group = [...(tile.closest(".tiles")?.querySelectorAll(".tile") ?? [])];
    const next = group[group.indexOf(tile) + by];
    event.preventDefault();
    event.stopPropagation();
    if (!(next instanceof HTMLElement)) return;
    tile.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
