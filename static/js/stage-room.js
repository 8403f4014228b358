// The room of a stage, and where everything of a frame stands in it: worked out anew only when what it depends on is another.

/** @import { Card, Frame, Panel } from "./types" */
/** @import { Chosen, Layout, Room } from "./draw/layout.js" */

import { drawCard, NARROW_CARD } from "./draw/card.js";
import { longestOf } from "./draw/cells.js";
import { el } from "./draw/dom.js";
import { layOut } from "./draw/layout.js";
import { measured } from "./draw/room.js";

/** What the layout of a panel depends on. @param {Panel} panel */
const shapeOf = ({ id, title, note, grids }) => [
  id,
  title.length,
  note.length,
  grids.map(({ region, ...grid }) => [grid.rows, grid.cols, longestOf(grid), region && [region.height, region.width, region.rowStep, region.colStep]]),
];

/** The card for which there is room: where steps have more terms and fewer, the one with the most. @param {Frame} frame */
const roomy = ({ card }) => (card.fullest ? { ...card, ...card.fullest, asks: false } : card);

/** What the height of the arithmetic depends on, but for how long its numbers are: of those only the longest of all steps count. @param {Frame} frame */
function shapeOfCard(frame) {
  const { blocks, lines, factors, causes, asks, fullest } = roomy(frame);
  return JSON.stringify([
    blocks.map(({ rows, title, sum }) => [rows.length, rows[0]?.terms.length, Boolean(title), sum !== null]),
    lines.length,
    fullest?.blocks?.map(({ rows }) => rows[0]?.terms[0]),
    fullest?.lines,
    Boolean(factors),
    asks ? 0 : (causes?.length ?? 0),
  ]);
}

/** @typedef {Pick<Layout, "dense" | "plain">} How the arithmetic is drawn */
/** @type {How} */
const SPACIOUS = { dense: false, plain: false };
/** The last of them is for products with factors alone. */
const WAYS = [SPACIOUS, { dense: true, plain: false }, { dense: true, plain: true }];
/** In whole pixels. @param {HTMLElement} card */
const heightOf = (card) => Math.ceil(card.getBoundingClientRect().height);
/** @param {HTMLElement} card */
const isTooWide = (card) => card.scrollWidth > card.clientWidth + 1;
/** @param {string | undefined} shape of the arithmetic @param {How} how */
const keyOf = (shape, { dense, plain }) => `${shape} ${dense} ${plain}`;

export class StageRoom {
  /** @type {Room} */
  size = { width: 0, height: 0, narrow: false }; // measured when it changes: asking while drawing lays out twice
  #narrowCard = false;
  #isBeside = false; // whether the arithmetic stands right of the stage, and takes nothing of its height
  /** @type {Map<string, number>} */ #cardHeights = new Map();
  /** @type {Map<string, number>} */ #longest = new Map(); // texts that have been seen to have room, by what they are in
  /** @type {{ key: string, card: string, layout: Layout } | null} */ #laidOut = null;

  /** @param {HTMLElement} host @param {HTMLElement} arithmetic */
  constructor(host, arithmetic) {
    this.host = host;
    this.arithmetic = arithmetic;
    this.measure();
  }

  measure() {
    const before = this.size;
    this.size = measured(this.host);
    this.#narrowCard = this.arithmetic.clientWidth < NARROW_CARD;
    this.#isBeside = this.arithmetic.getBoundingClientRect().left >= this.host.getBoundingClientRect().right;
    if (before.width === this.size.width && before.zoom === this.size.zoom) return;
    this.#cardHeights.clear();
    this.#longest.clear();
  }

  /** Where everything stands. @param {Frame} frame @param {Chosen} chosen */
  layoutOf(frame, chosen) {
    const card = shapeOfCard(frame);
    const key = JSON.stringify([this.size, chosen, frame.narrows, frame.panels.map(shapeOf), card]);
    const cardHeight = (/** @type {boolean} */ dense, /** @type {boolean} */ plain) => {
      const height = this.#cardHeight(frame, { dense, plain }, card);
      return this.#isBeside && Number.isFinite(height) ? 0 : height;
    };
    if (this.#laidOut?.key !== key) this.#laidOut = { key, card, layout: layOut(frame, this.size, cardHeight, chosen) };
    return this.#laidOut.layout;
  }

  /** Where everything of the frame stands that was laid out last. */
  get layout() {
    return this.#laidOut?.layout;
  }

  get #drawnHeight() {
    return heightOf(this.arithmetic);
  }

  /** Draw the arithmetic of a frame, as it was laid out; whether its numbers have become too long for that. @param {Frame} frame */
  drawCard({ card }) {
    const how = this.#how;
    const height = card.fullest && !this.size.narrow ? this.#cardHeights.get(keyOf(this.#laidOut?.card, how)) : undefined;
    this.#keepHeight(height === undefined ? "" : `${height}px`);
    this.#draw(card, how);
    return !how.dense && this.#hasWidened();
  }

  /** How the arithmetic of the frame is drawn that was laid out last. @returns {How} */
  get #how() {
    return this.#laidOut?.layout ?? SPACIOUS;
  }

  /** Whether the arithmetic is wider than its room, with more text than what was measured: then it is laid out anew. */
  #hasWidened() {
    const [key, length] = [keyOf(this.#laidOut?.card, SPACIOUS), this.arithmetic.textContent.length];
    if (length <= (this.#longest.get(key) ?? 0)) return false;
    this.#longest.set(key, length);
    if (!isTooWide(this.arithmetic)) return false;
    this.#cardHeights.set(key, Number.POSITIVE_INFINITY);
    this.#laidOut = null;
    return true;
  }

  /** Keep the arithmetic as high as the fullest is. @param {string} height */
  #keepHeight(height) {
    if (this.arithmetic.style.getPropertyValue("min-height") !== height) this.arithmetic.style.setProperty("min-height", height);
  }

  /** @param {Card} card @param {How} how */
  #draw(card, { dense, plain }, host = this.arithmetic) {
    drawCard(host, card, { narrow: this.#narrowCard, dense, plain, wall: (this.size.zoom ?? 1) > 1, high: this.size.narrow });
  }

  /** How high the arithmetic of a frame is, and no lower than its fullest: measured once for all cards of its shape. @param {Frame} frame @param {How} how @param {string} shape */
  #cardHeight(frame, how, shape) {
    const key = keyOf(shape, how);
    if (!this.#cardHeights.has(key)) this.#measureCards(frame, shape);
    return this.#cardHeights.get(key) ?? this.#drawnHeight;
  }

  /** How high the arithmetic is in every way that it is drawn, without end where it is too wide: all are drawn unseen, so that the page is laid out once. @param {Frame} frame @param {string} shape */
  #measureCards(frame, shape) {
    const cards = [...new Set([roomy(frame), frame.card])];
    const width = `${this.arithmetic.getBoundingClientRect().width}px`;
    const drawn = (frame.card.factors ? WAYS : WAYS.slice(0, 2)).map((how) => ({ how, hosts: cards.map((card) => this.#unseen(card, how, width)) }));
    const hosts = drawn.flatMap((way) => way.hosts);
    this.arithmetic.after(...hosts);
    for (const way of drawn) {
      const height = Math.max(...way.hosts.map((host) => (!way.how.dense && isTooWide(host) ? Number.POSITIVE_INFINITY : heightOf(host))));
      this.#cardHeights.set(keyOf(shape, way.how), height);
    }
    for (const host of hosts) host.remove();
  }

  /** A card on a copy of the arithmetic that nobody sees. @param {Card} card @param {How} how @param {string} width */
  #unseen(card, how, width) {
    const host = el("div", { class: this.arithmetic.className });
    Object.assign(host.style, { position: "absolute", visibility: "hidden", width });
    this.#draw(card, how, host);
    return host;
  }

  /** Whether the arithmetic of a later step, with longer numbers, is higher than that which was measured: then there is less room than was shared out. */
  hasGrown() {
    if (!this.#laidOut || this.size.narrow) return false;
    const key = keyOf(this.#laidOut.card, this.#how);
    const height = this.#drawnHeight;
    if (height <= (this.#cardHeights.get(key) ?? height)) return false;
    this.#cardHeights.set(key, height);
    this.#laidOut = null;
    return true;
  }
}
