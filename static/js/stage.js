// The stage: panels of grids side by side, as large as the room allows, and the motion of one step to the next.

/** @import { Frame, GridModel, Pair, Panel, Spot, Target } from "./types" */

import { cardHeight, drawCard, movingParts, NARROW } from "./draw/card.js";
import { el } from "./draw/dom.js";
import { drawFigure } from "./draw/figure.js";
import { GridView, SMALL } from "./draw/grid.js";
import { appear, fly, motionAllowed, settle } from "./draw/motion.js";

const LARGEST_CELL = 72;
const SMALLEST_CELL = 7;
const COMFORTABLE = 34; // cells larger than this are no reason for another line
const GAP = 2;
const OPERATOR = 56; // an operator with the space around it
const BETWEEN = 14; // grids of one panel
/** As in layout.css: the page scrolls, and nothing has to fit in its height. */
const ONE_COLUMN = matchMedia("(max-width: 900px)");
const HEAD = 28; // the title over a grid
const AROUND = 386; // what stands above and below the grids and the arithmetic, so that a step is on one screen
const SLIM = 3; // columns of a panel that is narrower than its title
const SLIM_CELL = 44;
const SLIM_TITLE = 64;
const CAPTION = 24;
const SAYS_MORE = 14; // the sentence of two settings has a line more
const MANY = 4;
const PHONE_CELL = 32; // of many panels below each other
const LOWEST = 200;
const FIGURE = 206; // the height of a figure with the space above it
const SMALL_GRID = 7; // rows and columns of a grid that is kept readable beside large ones
const READABLE = 30;
const WRAPPED = 44; // the cells of a vector, from here down to the smallest
const WRAPPED_SMALLEST = 12;
const WRAPPED_HEIGHT = 300;
const WRAPPED_ROWS = 3;
const LINE_GAP = 24;
const BETTER = 24; // pixels, over all panels, that another line must be worth
const GLIDE_MS = 220;
const HURRY_MS = 120; // steps that follow each other faster than this do not move: they change
const WHOLE_MS = 1260; // how long it takes a step to come about when nothing presses
const LEAST_WHOLE_MS = 800; // with less time than this only the window and the cell move
const MOVING = 0.6; // of the time between two steps: the rest is stillness

/** @param {Panel[]} panels @param {string[]} breaks @returns {Panel[][]} */
function onLines(panels, breaks) {
  const starts = [0, ...breaks.map((id) => panels.findIndex((panel) => panel.id === id))];
  return starts.map((start, index) => panels.slice(start, starts[index + 1]));
}

/** @typedef {{ sizes: number[], breaks: string[], score: number }} Layout */

/** The largest cell with which a wrapped vector stays within the height. @param {Panel} panel @param {number} width @param {number} height */
function wrappedCell(panel, width, height) {
  const count = columnsOf(panel);
  const within = Math.min(height, WRAPPED_HEIGHT);
  let cell = WRAPPED;
  while (cell > WRAPPED_SMALLEST && Math.ceil(count / Math.floor(width / (cell + GAP))) * (cell + GAP) > within)
    cell -= 1;
  return cell;
}

/** How wide a line of panels is; a vector wraps. @param {Panel[]} panels @param {number[]} sizes */
function widthOf(panels, sizes) {
  const grids = panels.map((panel, index) =>
    panel.grids.some((grid) => grid.wrap)
      ? 0
      : columnsOf(panel) * ((sizes[index] ?? 0) + GAP) + (panel.grids.length - 1) * BETWEEN,
  );
  return grids.reduce((sum, grid) => sum + grid, (panels.length - 1) * OPERATOR - GAP + titles(panels));
}

/** The height of the words above grids. @param {Panel[]} panels */
const captions = (panels) => (panels.some((panel) => panel.grids.some((grid) => grid.caption)) ? 2 * CAPTION : 0);

/** How much wider than their grids the titles of slim panels are. @param {Panel[]} panels */
const titles = (panels) => SLIM_TITLE * panels.filter((panel) => columnsOf(panel) < SLIM).length;

/** What a size of cell is worth: numbers that cannot be read cost a line's height. @param {number} size */
const worth = (size) => Math.min(size, COMFORTABLE) - (size < SMALL ? COMFORTABLE : 0);

/** The rows of a line of panels; a vector counts as several. @param {Panel[]} panels */
const rowsOf = (panels) =>
  Math.max(...panels.flatMap((panel) => panel.grids.map((grid) => (grid.wrap ? WRAPPED_ROWS : grid.rows))));

/** @param {Panel} panel */
const columnsOf = (panel) => panel.grids.reduce((sum, grid) => sum + grid.cols, 0);

/** @param {Target} one @param {Target | null} other */
const isSame = (one, other) => one.id === other?.id && one.row === other.row && one.col === other.col;

/** Draws frames. It keeps what is on the screen and changes only what differs. */
export class Stage {
  #views = /** @type {Map<string, GridView>} */ (new Map());
  #notes = /** @type {Map<string, HTMLElement>} */ (new Map());
  #shape = "";
  #frame = /** @type {Frame | null} */ (null);
  #panels = el("div", { class: "panels" });
  #figure = el("div", { class: "figure", hidden: true });
  #pointed = /** @type {Target | null} */ (null);
  #pinned = /** @type {Target | null} */ (null);
  #lit = false;
  #many = false; // more panels than a phone shows at their full size
  #room = { width: 0, height: 0, narrow: false }; // measured when it changes: asking while drawing lays out twice
  #height = "";
  #glide = "";
  #readout = el("div", { class: "readout", "aria-hidden": "true" });

  /**
   * @param {HTMLElement} host @param {HTMLElement} arithmetic
   * @param {{ edit: import("./draw/grid.js").GridEvents["edit"], choose: (step: number) => void, pin: (target: Target | null) => void }} events
   */
  constructor(host, arithmetic, events) {
    this.host = host;
    this.arithmetic = arithmetic;
    this.events = {
      ...events,
      point: (/** @type {string} */ text, /** @type {Target | null} */ target) => {
        this.#readout.textContent = text;
        this.#pointed = target;
        this.#highlight();
      },
      pin: (/** @type {Target} */ target) => events.pin(isSame(target, this.#pinned) ? null : target),
    };
    host.replaceChildren(this.#panels, this.#figure, this.#readout);
    const again = () => this.#frame && this.show(this.#frame);
    const measured = () => {
      this.#measure();
      again();
    };
    new ResizeObserver(measured).observe(host);
    addEventListener("resize", measured);
    document.addEventListener("themechange", again);
    this.#measure();
  }

  #measure() {
    this.#room = {
      width: this.#panels.clientWidth,
      height: window.innerHeight,
      narrow: this.arithmetic.clientWidth < NARROW,
    };
  }

  /**
   * @param {Frame} frame
   * @param {{ onwards?: boolean, time?: number }} [motion] whether this is the step after the one that is shown, and in
   *   how many milliseconds the next one follows
   */
  show(frame, { onwards = false, time = Number.POSITIVE_INFINITY } = {}) {
    settle();
    this.#frame = frame;
    this.#setPace(time);
    const { sizes, breaks } = this.#fit(frame);
    this.#build(frame, breaks);
    for (const [index, panel] of frame.panels.entries()) {
      const size = sizes[index] ?? SMALLEST_CELL;
      const rounded = panel.grids.map((model) => this.#views.get(model.id)?.show(model, size)).some(Boolean);
      const note = this.#notes.get(panel.id);
      if (note) note.textContent = panel.note + (rounded ? (columnsOf(panel) < SLIM ? " ≈" : " · ≈ rounded") : "");
    }
    drawFigure(this.#figure, frame.figure);
    if (this.#pinned || this.#lit) this.#highlight();
    drawCard(this.arithmetic, frame.card, this.#room.narrow);
    if (onwards && motionAllowed() && time >= HURRY_MS) this.#animate(frame, time);
  }

  /** How long the window glides, so that it stands still for as long again. @param {number} time between two steps */
  #setPace(time) {
    this.host.classList.toggle("still", !motionAllowed() || time < HURRY_MS);
    const glide = `${Math.round(Math.min(GLIDE_MS, time / 2))}ms`;
    if (glide !== this.#glide) this.host.style.setProperty("--glide", (this.#glide = glide));
  }

  /**
   * How the panels are put on lines and how large their cells are: the fewest lines on which they can be read well.
   * @param {Frame} frame @returns {Layout}
   */
  #fit({ panels, card, figure, breaks }) {
    const { width } = this.#room;
    this.#many = panels.length > MANY;
    const narrow = ONE_COLUMN.matches;
    const height = narrow
      ? Number.POSITIVE_INFINITY
      : Math.max(LOWEST, this.#room.height - AROUND - cardHeight(card)) -
        (figure ? FIGURE : 0) -
        captions(panels) -
        (breaks ? SAYS_MORE : 0);
    const least = narrow ? "0px" : `${height + HEAD}px`;
    if (least !== this.#height) this.host.style.setProperty("--stage-height", (this.#height = least));
    const [first, ...rest] = panels;
    const wraps = rest.some((panel) => panel.grids.some((grid) => grid.wrap));
    const ways = breaks
      ? narrow
        ? [panels.map((panel) => [panel])]
        : [[panels], onLines(panels, breaks)]
      : wraps
        ? [[first, ...rest].map((panel) => [panel])]
        : [[panels], [[first], rest], ...(narrow ? [panels.map((panel) => [panel])] : [])];
    const layouts = ways.map((lines) => this.#layout(/** @type {Panel[][]} */ (lines), width, height));
    return layouts.reduce((best, layout) => (layout.score > best.score + BETTER ? layout : best));
  }

  /** @param {Panel[][]} lines @param {number} width @param {number} height @returns {Layout} */
  #layout(lines, width, height) {
    const room = height - (lines.length - 1) * (HEAD + LINE_GAP);
    const rows = lines.map(rowsOf);
    const all = rows.reduce((sum, count) => sum + count, 0);
    const bySize = lines.map((line, index) => this.#onOneLine(line, width, (room * (rows[index] ?? 0)) / all));
    const lead = Math.max(READABLE, bySize[0]?.[0] ?? 0); // lines below the first do not outdo it
    const sizes = bySize.flat().map((size) => Math.min(size, lead));
    const fits = lines.every((line, index) => widthOf(line, bySize[index] ?? []) <= width);
    const score = fits ? sizes.reduce((sum, size) => sum + worth(size), 0) : Number.NEGATIVE_INFINITY;
    const breaks = lines.slice(1).map((line) => line[0]?.id ?? "");
    return { sizes, breaks, score };
  }

  /** Beside large grids a small one keeps cells that can be read. @param {Panel[]} panels @param {number} width @param {number} height */
  #onOneLine(panels, width, height) {
    if (panels.some((panel) => panel.grids.some((grid) => grid.wrap)))
      return panels.map((panel) => wrappedCell(panel, width, height));
    const all = this.#cell(panels, width, height);
    const small = panels.filter((panel) => panel.grids.every((grid) => Math.max(grid.rows, grid.cols) <= SMALL_GRID));
    if (all >= READABLE || !small.length || small.length === panels.length) return panels.map(() => all);
    const taken = small.reduce((sum, panel) => sum + OPERATOR + columnsOf(panel) * (READABLE + GAP), 0);
    const rest = this.#cell(
      panels.filter((panel) => !small.includes(panel)),
      width - taken,
      height,
    );
    return panels.map((panel) => (small.includes(panel) ? READABLE : rest));
  }

  /** The largest cell with which these panels fit on one line. @param {Panel[]} panels @param {number} width @param {number} height */
  #cell(panels, width, height) {
    const grids = panels.flatMap((panel) => panel.grids);
    const columns = panels.reduce((sum, panel) => sum + columnsOf(panel), 0);
    const between = (panels.length - 1) * OPERATOR + (grids.length - panels.length) * BETWEEN + titles(panels);
    const across = (width - between) / columns - GAP;
    const down = height / rowsOf(panels) - GAP;
    const largest = grids.every((grid) => grid.cols === 1)
      ? SLIM_CELL
      : this.#many && ONE_COLUMN.matches
        ? PHONE_CELL
        : LARGEST_CELL;
    return Math.floor(Math.max(SMALLEST_CELL, Math.min(largest, across, down)));
  }

  /** The cell of an editable grid that an element is or is in, by its place in the values. @param {EventTarget | null} target @returns {Spot | null} */
  spotOf(target) {
    const cell = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest(".cell.value")) : null;
    if (!cell) return null;
    const [id] = [...this.#views].find(([, view]) => view.grid.contains(cell)) ?? [];
    const model = this.#frame?.panels.flatMap(({ grids }) => grids).find((grid) => grid.id === id);
    if (!model?.edit) return null;
    const row = Number(cell.parentElement?.getAttribute("aria-rowindex")) - 1 - (model.inside?.row ?? 0);
    const col = Number(cell.getAttribute("aria-colindex")) - 1 - (model.inside?.col ?? 0);
    return { model, cell, row, col };
  }

  /** The element of a cell, by its place in the values. @param {GridModel} model @param {number} row @param {number} col */
  cellOf(model, row, col) {
    return this.#views.get(model.id)?.cell(row + (model.inside?.row ?? 0), col + (model.inside?.col ?? 0));
  }

  /** Whether there is such a cell; of a grid that other steps show, none is said to be missing. @param {Target} target */
  holds({ id, row, col }) {
    const view = this.#views.get(id);
    if (view) return view.cell(row, col) !== undefined && col < Number(view.grid.getAttribute("aria-colcount"));
    const kind = (/** @type {string} */ name) => name.replace(/-\d.*$/, "");
    return [...this.#views.keys()].some((other) => kind(other) === kind(id));
  }

  /** Keep a cell lit, wherever the pointer is. @param {Target | null} target */
  setPinned(target) {
    this.#pinned = target;
    this.#highlight();
  }

  /** Light up what the cell that is pointed at, or else the pinned one, has to do with. */
  #highlight() {
    const target = this.#pointed ?? this.#pinned;
    const links =
      target && this.#views.has(target.id) ? (this.#frame?.links?.(target.id, target.row, target.col) ?? {}) : {};
    this.#lit = Object.keys(links).length > 0;
    for (const [id, view] of this.#views) {
      const pinned = this.#pinned?.id === id ? /** @type {Pair} */ ([this.#pinned.row, this.#pinned.col]) : null;
      view.highlight(links[id] ?? [], pinned);
    }
  }

  /** Make the elements anew where the frame has other panels or grids than the last. @param {Frame} frame @param {string[]} breaks the panels that begin a line */
  #build(frame, breaks) {
    const ids = frame.panels.map((panel) => `${panel.id}:${panel.grids.map((grid) => grid.id)}`);
    const shape = `${ids} ${breaks}`;
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#views.clear();
    this.#notes.clear();
    const parts = frame.panels.flatMap((panel, index) => {
      const operator = el("div", { class: "operator", "aria-hidden": "true" }, frame.operators[index - 1] ?? "");
      const turn = breaks.includes(panel.id);
      return [
        ...(turn ? [el("div", { class: "break" })] : []),
        ...(index && !turn ? [operator] : []),
        this.#panel(panel),
      ];
    });
    this.#panels.replaceChildren(...parts);
  }

  /** @param {Panel} panel */
  #panel(panel) {
    const note = el("span");
    this.#notes.set(panel.id, note);
    const grids = panel.grids.map((model) => {
      const view = new GridView(this.events);
      this.#views.set(model.id, view);
      return model.caption ? el("div", {}, el("div", { class: "caption" }, model.caption), view.box) : view.box;
    });
    return el(
      "div",
      { class: `panel${columnsOf(panel) < SLIM ? " slim" : ""}`, "data-panel": panel.id },
      el("div", { class: "panel-head" }, el("b", {}, panel.title), note),
      el("div", { class: "panel-grids" }, ...grids),
    );
  }

  /** The window has glided; the products appear, fall into the sum, and the sum lands in its cell. @param {Frame} frame @param {number} time */
  #animate(frame, time) {
    const target = this.#current(frame, "output");
    const { chips, result } = movingParts(this.arithmetic);
    if (time < LEAST_WHOLE_MS || !result) return target && appear(target, Math.min(GLIDE_MS, time / 2), time / 4);
    const pace = Math.min(1, (MOVING * time) / WHOLE_MS);
    const gather = 240 + Math.min(chips.length * 30, 240);
    chips.forEach((chip, index) => appear(chip, pace * (200 + Math.min(index * 30, 240)), pace * 200));
    for (const chip of chips) fly(chip, result, pace * (gather + 140), pace * 240);
    appear(result, pace * (gather + (chips.length ? 330 : 0)), pace * 200);
    const source = chips.length ? result : this.#current(frame, "input");
    if (!target || !source) return undefined;
    fly(source, target, pace * (gather + 420), pace * 240);
    return appear(target, pace * (gather + 620), pace * 160);
  }

  /** The cell that this step is about, in a panel. @param {Frame} frame @param {string} panel */
  #current(frame, panel) {
    for (const model of frame.panels.find(({ id }) => id === panel)?.grids ?? []) {
      const [row, col] = model.marked ?? (model.region ? [model.region.row, model.region.col] : [-1, -1]);
      if (row >= 0) return this.#views.get(model.id)?.cell(row, col);
    }
    return undefined;
  }
}
