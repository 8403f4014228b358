// The stage: panels of grids side by side, as large as the room allows, and the motion of one step to the next.

/** @import { Cell, Frame, GridModel, Pace, Panel, Part, Spot, StageEvents, Target } from "./types" */
/** @import { Fitting } from "./draw/extent.js" */
/** @import { Span } from "./draw/sight.js" */

import { partsOf } from "./draw/card.js";
import { cellAt } from "./draw/cells.js";
import { el } from "./draw/dom.js";
import { fittingIn, isSlim, cellsSeen } from "./draw/extent.js";
import { drawFigure } from "./draw/figure.js";
import { GridView } from "./draw/grid.js";
import { Heads } from "./draw/heads.js";
import { leadOf, operatorOf, shownPanels, shownPart } from "./draw/layout.js";
import { Film, motionAllowed } from "./draw/motion.js";
import { scrollOf, uncovered } from "./draw/sight.js";
import { SideSwitch } from "./draw/side-switch.js";
import { shownAt } from "./frame.js";
import { lengthOf, motionOf, WHOLE_MS } from "./motion.js";
import { areStacked, setSides } from "./sides.js";
import { StageRoom } from "./stage-room.js";

const DIGITS = 11; // pixels of the smallest ones, usually
const GLIDE_MS = 220;
const HURRY_MS = 120; // steps that follow each other faster than this do not move: they change
const REST_MS = 250; // after the last of such steps one scrolls by oneself again
const MOVING = 0.96; // of the time between two steps, at most: then the sentence has been said

/** @param {Target} one @param {Target | null} other */
const isSame = (one, other) => one.id === other?.id && one.row === other.row && one.col === other.col;

/** @param {string} sign */
const operator = (sign) =>
  el("div", { class: sign ? "operator" : "operator none", "aria-hidden": "true" }, sign);

/** Draws frames. It keeps what is on the screen and changes only what differs. */
export class Stage {
  /** @type {Map<string, GridView>} */ #views = new Map();
  #heads = new Heads();
  #shape = "";
  /** @type {Frame | null} */ #frame = null;
  #panels = el("div", { class: "panels" });
  #figure = el("div", { class: "figure", hidden: true });
  /** @type {Target | null} */ #pointed = null;
  /** @type {Target | null} */ #named = null;
  /** @type {Target | null} */ #pinned = null;
  #lit = false;
  #room;
  #height = "";
  #about = ""; // which cells the step is about that is shown
  #hurried = 0; // the timer that ends a hurry
  #outdated = false; // whether there is another room than was measured
  #sides;
  #lab;
  #drawn = el("div", { class: "drawn" }, this.#panels, this.#figure);
  #readout = el("div", { class: "readout", "aria-hidden": "true" });
  #film = new Film({ find: (part) => this.#find(part), hold: (part, held) => this.#hold(part, held) });

  /**
   * @param {HTMLElement} host @param {HTMLElement} arithmetic
   * @param {StageEvents} events
   */
  constructor(host, arithmetic, events) {
    this.host = host;
    this.#lab = host.closest(".lab");
    this.arithmetic = arithmetic;
    this.events = {
      ...events,
      point: (/** @type {string} */ text, /** @type {Target | null} */ target) => {
        this.#readout.textContent = text;
        this.#pointed = target;
        this.#highlight();
        events.pointed?.(target);
      },
      pin: (/** @type {Target} */ target) => events.pin(isSame(target, this.#pinned) ? null : target),
    };
    this.#sides = new SideSwitch(() => again());
    host.replaceChildren(this.#sides.node, this.#drawn, this.#readout);
    const again = () => this.#frame && this.show(this.#frame);
    let width = 0; // in which it was measured; of a stage that is not seen nothing can be
    const anew = () => {
      width = host.clientWidth;
      this.#outdated = Boolean(width);
      if (width) again();
    };
    new ResizeObserver(() => {
      if (!host.clientWidth || host.clientWidth === width) return; // not seen, or seen again: what it shows fits as it did
      anew();
    }).observe(host);
    new ResizeObserver(() => this.#room.hasGrown() && requestAnimationFrame(again)).observe(arithmetic);
    addEventListener("resize", anew);
    document.addEventListener("themechange", anew);
    document.addEventListener("roomchange", () => {
      this.#outdated = true; // most often another frame comes at once: it is laid out for that one alone
      requestAnimationFrame(() => this.#outdated && anew());
    });
    this.#room = new StageRoom(host, arithmetic);
  }

  /**
   * Draw a frame; where it is the step after the one that is shown it comes about, and the next may interrupt it.
   * @param {Frame} frame @param {Pace} [pace]
   * @returns {number} for how many milliseconds it moves
   */
  show(frame, { onwards = false, time = Number.POSITIVE_INFINITY, slowly = false } = {}) {
    this.#film.settle();
    this.#frame = frame;
    this.#reserve(frame);
    if (this.#outdated && this.host.clientWidth) {
      this.#outdated = false;
      this.#room.measure();
    }
    const motion = !onwards || !motionAllowed() || time < HURRY_MS ? [] : slowly ? motionOf(frame, true) : frame.motion;
    const speed = slowly ? 1 : Math.max(1, WHOLE_MS / (MOVING * time));
    this.host.classList.toggle("still", !motionAllowed() || time < HURRY_MS);
    if (time < HURRY_MS) this.#hurry();
    const { fittings, ...layout } = this.#fit(frame);
    const panels = shownPanels(frame, layout, this.#sides.chosen);
    const lines = layout.lines.map((line) => line.flatMap(({ id }) => panels.filter((panel) => panel.id === id)));
    this.#build(lines, fittings, panels.map(({ id }) => id));
    this.#setGlide(motion.length ? (motion[0]?.duration ?? 0) / speed : Math.min(GLIDE_MS, time / 2));
    const drawn = lines.flat().map((panel) => ({ panel, fitting: fittingIn(fittings, panel) }));
    for (const { panel, fitting } of drawn) this.#showPanel(panel, fitting);
    if (this.#pinned || this.#lit) this.#highlight();
    if (this.#room.drawCard(frame)) queueMicrotask(() => this.show(frame)); // with other numbers it has no room any more
    if (!motion.some(({ what }) => what.kind === "figure")) this.#drawFigure(frame);
    for (const { grids } of panels) for (const model of grids) this.#views.get(model.id)?.turn(model);
    this.#heads.level(lines.map((line) => line.map(({ id }) => id)), this.#room.layout);
    if (this.#room.size.scrolls || layout.seen !== null || (this.#room.size.narrow && this.#isElsewhere(panels))) {
      if (motion.length) this.#keepInSight(panels);
      else queueMicrotask(() => this.#keepInSight(panels)); // when all is written that the step changes: laid out once
    }
    this.#retell();
    if (motion.length) this.#film.play(frame, motion, speed);
    else this.#hold({ kind: "sentence" }, false);
    return lengthOf(motion) / speed;
  }

  /** What is said of the cell that is pointed at is what it holds now. */
  #retell() {
    const { id = "", row = 0, col = 0 } = this.#pointed ?? this.#named ?? {};
    const text = this.#views.get(id)?.textAt(row, col);
    if (text) this.#readout.textContent = text;
  }

  /** Scroll to what the step computes, which the last of the panels shows that a step is about. @param {Panel[]} panels */
  #keepInSight(panels) {
    const spans = panels.flatMap(({ grids }) => {
      const cells = grids.flatMap((model) => this.#lookedAt(model)).map((cell) => cell.getBoundingClientRect());
      return cells.length ? [cells.map(({ top, bottom }) => ({ top, bottom }))] : [];
    });
    const [computed, ...others] = (spans.at(-1) ?? []).reverse();
    if (!computed) return;
    const view = this.#view();
    const by = view && scrollOf(view, computed, [...others, ...spans.slice(0, -1).flat()]);
    if (by) (this.#room.size.narrow ? window : this.host).scrollBy({ top: by, behavior: "instant" });
  }

  /** What is seen of the stage; null on a page whose sentence covers nothing of it. @returns {Span | null} */
  #view() {
    const { top, bottom } = this.host.getBoundingClientRect();
    if (this.#room.size.narrow) return uncovered(bottom);
    const covered = this.host.classList.contains("scrolls") ? this.#sides.node.offsetHeight : 0; // by the switch, which stays
    return { top: top + covered, bottom };
  }

  /** Whether the step is about other cells than the one before. @param {Panel[]} panels */
  #isElsewhere(panels) {
    const about = JSON.stringify(panels.map(({ grids }) => grids.map(({ region, marked }) => [region, marked])));
    return about !== this.#about && Boolean((this.#about = about));
  }

  /** The cells that a step is about: those at the corners of a grid's window, and the marked one. @param {GridModel} model */
  #lookedAt({ id, region, marked }) {
    const corners = region ? [cellAt(region, [0, 0]), cellAt(region, [region.height - 1, region.width - 1])] : [];
    return [...corners, ...(marked ? [marked] : [])].flatMap(([row, col]) => this.#views.get(id)?.cell(row, col) ?? []);
  }

  /** @param {Frame} frame */
  #drawFigure(frame) {
    const size = this.#room.layout?.figure;
    this.#moveFigure(size?.below ?? false);
    drawFigure(this.#figure, size ? frame.figure : undefined, size);
  }

  /** On the stage, or where that has no room for it on a card below the arithmetic. @param {boolean} below */
  #moveFigure(below) {
    if (this.#figure.classList.contains("below") === below) return;
    this.#figure.classList.toggle("below", below);
    if (below) this.arithmetic.after(this.#figure);
    else this.#drawn.append(this.#figure);
  }

  /** What is said of a frame: of two settings of which one is shown, what it says of that. @param {Frame} frame */
  #spoken(frame) {
    return shownPart(frame, this.#room.layout?.apart ?? null, this.#sides.chosen)?.alone ?? frame;
  }

  /** Two settings say more than one: their sentence has more room. @param {Frame} frame */
  #reserve(frame) {
    const lab = this.#lab;
    if (!lab || lab.classList.contains("compares") === (frame.sides !== undefined)) return;
    lab.classList.toggle("compares");
    this.#outdated = true;
  }

  /** @param {Panel} panel @param {Fitting} fitting */
  #showPanel(panel, fitting) {
    const { zoom } = this.#room.layout ?? {};
    const rounded = panel.grids.map((model) => this.#views.get(model.id)?.draw(model, fitting.size, cellsSeen(model, fitting), zoom));
    this.#heads.show(panel, rounded.some((one) => one?.now), rounded.some((one) => one?.ever));
  }

  /** How long the windows glide. Told to each of them: what the stage is told, each of its thousands of cells is asked about. @param {number} duration */
  #setGlide(duration) {
    const glide = `${Math.round(duration)}ms`;
    for (const node of this.#panels.querySelectorAll(".window"))
      if (node instanceof HTMLElement && node.style.getPropertyValue("--glide") !== glide) node.style.setProperty("--glide", glide);
  }

  /** While steps hurry nobody scrolls their parts: browsers lay a layer under each that can be scrolled, anew for each step. */
  #hurry() {
    clearTimeout(this.#hurried);
    this.host.classList.add("hurries");
    this.#hurried = window.setTimeout(() => this.host.classList.remove("hurries"), REST_MS);
  }

  /** Where everything stands. @param {Frame} frame */
  #fit(frame) {
    this.#sides.follow(frame.sides);
    const layout = this.#room.layoutOf(frame, this.#sides.chosen);
    if (frame.sides) setSides(layout.apart !== "sides" && areStacked(frame.sides, layout.lines));
    this.#sides.show(frame, layout.apart);
    this.#lab?.classList.toggle("one-said", this.#spoken(frame) !== frame);
    this.#panels.classList.toggle("stacked", Boolean(frame.sides) && layout.apart !== "sides" && layout.lines.length > 1);
    this.host.classList.toggle("figure-beside", layout.figure?.beside ?? false);
    this.host.classList.toggle("scrolls", layout.seen !== null);
    if (layout.seen !== null) this.host.style.setProperty("--stage-seen", `${Math.floor(layout.seen + (this.#room.size.around ?? 0))}px`);
    this.#panels.style.setProperty("--digits", layout.zoom === (this.#room.size.zoom ?? 1) ? "" : `${Math.floor(DIGITS * layout.zoom)}px`);
    const least = this.#room.size.narrow ? "0px" : `${Math.floor(layout.height)}px`;
    if (least !== this.#height) this.host.style.setProperty("--stage-height", (this.#height = least));
    return layout;
  }

  /** The cell of an editable grid that an element is or is in, by its place in the values. @param {EventTarget | null} target @returns {Spot | null} */
  spotOf(target) {
    const cell = target instanceof Element ? target.closest(".cell.value") : null;
    if (!(cell instanceof HTMLElement)) return null;
    const [id] = [...this.#views].find(([, view]) => view.grid.contains(cell)) ?? [];
    const model = this.#frame?.panels.flatMap(({ grids }) => grids).find((grid) => grid.id === id);
    if (!model?.edit) return null;
    const row = Number(cell.parentElement?.getAttribute("aria-rowindex")) - 1 - (model.inside?.row ?? 0);
    const col = Number(cell.getAttribute("aria-colindex")) - 1 - (model.inside?.col ?? 0);
    return { model, cell, row, col };
  }

  /** The element of a cell, by its place in the values. @param {GridModel} model @param {number} row @param {number} col */
  elementOfCell(model, row, col) {
    return this.#views.get(model.id)?.cell(row + (model.inside?.row ?? 0), col + (model.inside?.col ?? 0));
  }

  /** The cell of a tensor that a cell on the stage shows. @param {Target} target @returns {Cell | undefined} */
  shownAt({ id, row, col }) {
    const model = this.#frame?.panels.flatMap(({ grids }) => grids).find((grid) => grid.id === id);
    return model && shownAt(model, row, col);
  }

  /** Whether there is such a cell; of a grid that other steps show, none is said to be missing. @param {Target} target */
  holds({ id, row, col }) {
    const view = this.#views.get(id);
    if (view) return view.cell(row, col) !== undefined && col < Number(view.grid.getAttribute("aria-colcount"));
    return this.#frame?.panels.some(({ others }) => others?.includes(id)) ?? false;
  }

  /** Keep a cell lit, wherever the pointer is. @param {Target | null} target */
  setPinned(target) {
    this.#pinned = target;
    if (target && this.#frame && !this.#views.has(target.id)) this.#sides.showGrid(this.#frame, target.id);
    this.#highlight();
  }

  /** Light up a cell that is named in the sentence, as if it were pointed at. @param {Target | null} target */
  light(target) {
    this.#named = target;
    this.#readout.textContent = target ? (this.#views.get(target.id)?.textAt(target.row, target.col) ?? "") : "";
    this.#highlight();
    this.events.pointed?.(target);
  }

  /** Light up what the cell that is pointed at, or else the pinned one, has to do with. */
  #highlight() {
    const target = this.#pointed ?? this.#named ?? this.#pinned;
    const links =
      target && this.#views.has(target.id) ? (this.#frame?.links?.(target.id, target.row, target.col) ?? {}) : {};
    const { id = "", row = 0, col = 0 } = this.#named ?? {};
    if (target === this.#named && this.#views.has(id)) links[id] = [...(links[id] ?? []), [row, col]]; // it is not under the pointer
    this.#lit = Object.keys(links).length > 0;
    for (const [id, view] of this.#views) {
      view.highlight(links[id] ?? [], this.#pinned?.id === id ? [this.#pinned.row, this.#pinned.col] : null);
    }
  }

  /** Make the elements anew where the frame has other panels, grids or lines than the last. @param {Panel[][]} lines @param {Map<string, Fitting>} fittings @param {string[]} order of the panels, by their ids */
  #build(lines, fittings, order) {
    const across = (/** @type {Panel} */ { id }) => fittings.get(id)?.across ?? 1;
    const ids = lines.map((line) => line.map((panel) => `${panel.id}:${panel.sign}:${isSlim(panel)}:${across(panel)}:${panel.grids.map(({ id, caption, captionWord, tint }) => [id, caption, captionWord, tint])}`));
    const shape = JSON.stringify(ids);
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#views.clear();
    this.#heads.clear();
    const before = (/** @type {Panel} */ panel, /** @type {Panel[]} */ line) =>
      operator(operatorOf(order, panel, line));
    const drawn = lines.map((line, at) =>
      el(
        "div",
        { class: "panel-line" },
        ...line.flatMap((panel, index) =>
          index ? [before(panel, line), this.#panel(panel, across(panel))] : [this.#panel(panel, across(panel), leadOf(order, lines, at))],
        ),
      ),
    );
    this.#panels.replaceChildren(...drawn);
  }

  /** @param {Panel} panel @param {number} across @param {string} [lead] a sign that has no panel to its left */
  #panel(panel, across, lead = "") {
    const grids = panel.grids.map((model) => {
      const view = new GridView(this.events);
      this.#views.set(model.id, view);
      if (!model.caption) return view.node;
      const word = model.captionWord ? el("span", { class: "caption-word" }, `${model.captionWord} `) : null;
      const caption = el("span", { class: "caption", "data-tint": model.tint }, word, model.caption);
      return el("div", {}, caption, view.node);
    });
    const inside = el("div", { class: "panel-grids" }, ...grids);
    inside.style.setProperty("grid-template-columns", `repeat(${across}, max-content)`);
    return el(
      "div",
      { class: `panel${isSlim(panel) ? " slim" : ""}`, "data-panel": panel.id },
      this.#heads.make(panel.id, lead),
      inside,
    );
  }

  /** The elements that show a part of the frame. @param {Part} part @returns {Element[]} */
  #find(part) {
    if (!("grid" in part)) return partsOf(this.arithmetic, part);
    const view = this.#views.get(part.grid);
    if (!view) return [];
    if (part.kind === "grid") return [view.grid];
    const region = part.kind === "window" ? part.region : undefined;
    const corners = region ? [cellAt(region, [0, 0]), cellAt(region, [region.height - 1, region.width - 1])] : [];
    const cells = part.kind === "cell" ? [[part.row, part.col]] : corners;
    return cells.flatMap(([row = 0, col = 0]) => view.cell(row, col) ?? []);
  }

  /** Keep a part as it was before this step, or let it be as the frame has it. @param {Part} part @param {boolean} held */
  #hold(part, held) {
    const frame = this.#frame;
    if (!frame) return;
    if (part.kind === "cell") this.#views.get(part.grid)?.hold(part.row, part.col, held);
    else if (part.kind === "choice") for (const node of [this.host, this.arithmetic]) node.classList.toggle("undecided", held);
    else if (held) return;
    else if (part.kind === "figure") this.#drawFigure(frame);
    else {
      const { sentence, numbers } = this.#spoken(frame);
      this.events.say(sentence, numbers?.filter(({ at }) => this.#views.has(at.id)));
    }
  }
}
