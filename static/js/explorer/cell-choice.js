// The values of a reason: its maps as small pictures, the one that is opened as a grid, and the cell that is looked at.

/** @import { Model, Why } from "./model.js" */

import { GAP, roomOf } from "../draw/cells.js";
import { buttonTo, byRole, el, find } from "../draw/dom.js";
import { GridView } from "../draw/grid.js";
import { middle } from "../draw/part.js";
import { leastCell, zoomOf } from "../draw/room.js";
import { grid } from "../frame.js";
import { isBound, number, operand } from "../format.js";
import { strongest } from "../draw/scale.js";
import { say } from "../words.js";
import { cellTitle as cellNameIn, cellNames, titleIn } from "./names.js";
import { cellIn, countOf, indexOf, nthCell, positionIn } from "./positions.js";
import { paintedPlane, shapedPlanes } from "./planes.js";

const [SMALLEST, LARGEST] = [8, 40]; // pixels of a cell
const FEW = 8; // rows and columns of a map whose digits are always shown
const WIDEST = 460; // pixels of a map
const AROUND = 3; // cells on each side of the one that is looked at, at most, in the part whose digits are shown
const LENS = 38; // pixels of a cell there

export class CellChoice {
  #grid;
  #around;
  /** @type {[number, number]} */ #corner = [0, 0]; // the first row and column of the part around the cell
  #isSmall = false; // whether the cells of the map have no room for digits
  /** @type {Model | null} */ #model = null;
  /** @type {Why | null} */ #why = null;
  /** @type {string[] | undefined} */ #names; // of its cells, where they are in a line
  #plane = 0;
  /** @type {[number, number]} */ #spot = [0, 0]; // row and column of the cell
  #slider = find('[data-role="why-cell"]', HTMLInputElement);

  /** @param {(cell: number[]) => void} choose @param {(cell: number[] | null) => void} look at the cell that is pointed at, or at the chosen one again */
  constructor(choose, look) {
    this.choose = choose;
    this.#grid = new GridView({
      point: (text, target) => {
        byRole("why-readout").textContent = text;
        look(target && this.#cellAt(target.row, target.col));
      },
      pin: ({ row, col }) => choose(this.#cellAt(row, col)),
    });
    byRole("why-map").replaceChildren(this.#grid.node);
    this.#around = new GridView({
      point: (text) => void (byRole("why-readout").textContent = text),
      pin: ({ row, col }) => choose(this.#cellAt(this.#corner[0] + row, this.#corner[1] + col)),
    });
    byRole("why-around").replaceChildren(this.#around.node);
    addEventListener("resize", () => this.#fit());
    this.#slider.addEventListener("input", () => this.#why && choose(nthCell(this.#why.shape, Number(this.#slider.value) - 1)));
  }

  /** @param {number} row @param {number} col */
  #cellAt(row, col) {
    return cellIn(this.#why?.shape ?? [], this.#plane, row, col);
  }

  /** What the map shows: where Grad-CAM is blank its sums, before they become 0. */
  get #planes() {
    const { shape = [], values, blank, sums } = this.#why ?? {};
    return shapedPlanes(shape, blank ? sums : values);
  }

  /** What a plane is called. @param {number} plane */
  #nameOf(plane) {
    if (!this.#model || !this.#why || this.#why.shape.length < 3) return say("why.values");
    return titleIn(this.#model, this.#why.layer, plane);
  }

  /** @param {Model} model @param {Why} why @param {number[]} cell */
  show(model, why, cell) {
    this.#model = model;
    this.#why = why;
    this.#names = cellNames(model, why.layer);
    const { shape } = why;
    const planes = this.#planes;
    byRole("why-blank").hidden = !why.blank;
    byRole("why-blank").textContent = why.blank ? `${why.blank} ${say("why.blank_shown")}` : "";
    const max = strongest(planes.flat(2));
    const { plane, row, col } = positionIn(shape, cell);
    this.#plane = plane;
    this.#slider.max = String(countOf(shape));
    this.#slider.value = String(indexOf(shape, cell) + 1);
    this.#slider.setAttribute("aria-valuetext", cellNameIn(model, why.layer, cell));
    this.#showPlanes(planes, max, row, col);
    this.#showMap();
  }

  /** The opened map, in cells for which there is room. */
  #showMap() {
    const planes = this.#planes;
    const shown = planes[this.#plane] ?? [];
    const max = strongest(planes.flat(2));
    const cols = shown[0]?.length ?? 1;
    const host = byRole("why-map");
    const zoom = zoomOf(host);
    const across = Math.floor(Math.min(WIDEST, host.clientWidth) / cols) - GAP;
    const least = Math.max(shown.length, cols) <= FEW ? leastCell(zoom) : SMALLEST;
    const map = grid({ id: "why", label: this.#nameOf(this.#plane), values: shown.flat(), cols, max, names: this.#names });
    const size = Math.max(least, Math.min(zoom * LARGEST, across));
    this.#isSmall = size < leastCell(zoom);
    host.classList.toggle("plain", this.#isSmall && zoom > 1); // digits as large as those on a wall have no room in them
    this.#grid.show(map, size, map, zoom);
    this.#grid.highlight([], this.#spot);
  }

  /** In another window there is other room. */
  #fit() {
    if (!this.#why || !byRole("why-map").clientWidth) return;
    this.#showMap();
    this.showAround(this.#cellAt(...this.#spot));
  }

  /** A cell and those beside it with their digits, where the map has no room for them. @param {number[]} cell */
  showAround(cell) {
    byRole("why-around").hidden = !this.#isSmall;
    byRole("why-bounds").hidden = true;
    if (!this.#isSmall || !this.#why) return;
    const { plane, row, col } = positionIn(this.#why.shape, cell);
    const planes = this.#planes;
    const whole = planes[plane] ?? [];
    const [height, width] = [whole.length, whole[0]?.length ?? 1];
    const host = byRole("why-around");
    const zoom = zoomOf(host);
    const size = Math.ceil(zoom * LENS);
    const side = 1 + 2 * Math.max(1, Math.min(AROUND, Math.floor((host.clientWidth / (size + GAP) - 1) / 2)));
    const [top, left] = [middle(row, side, height), middle(col, side, width)];
    const rows = whole.slice(top, top + side).map((line) => line.slice(left, left + side));
    this.#corner = [top, left];
    const names = this.#names && rows.flatMap((line, down) => line.map((_, over) => this.#names?.[(top + down) * width + left + over] ?? ""));
    const inside = { row: -top, col: -left, height, width };
    const max = strongest(planes.flat(2));
    const label = say("why.around", { map: this.#nameOf(plane) });
    byRole("why-bounds").hidden = !rows.flat().some((value) => isBound(value, roomOf(size, zoom)));
    const model = grid({ id: "around", label, values: rows.flat(), cols: rows[0]?.length ?? 1, max, inside, names });
    this.#around.show(model, size, model, zoom);
    this.#around.highlight([], [row - top, col - left]);
  }

  /** Where there are several maps each can be opened, at the cell that is looked at. @param {import("../draw/pictures.js").Plane[]} planes @param {number} max @param {number} row @param {number} col */
  #showPlanes(planes, max, row, col) {
    const host = byRole("why-maps");
    host.hidden = planes.length < 2;
    this.#spot = [row, col];
    const count = planes.length < 2 ? 0 : planes.length;
    if (host.childElementCount !== count) host.replaceChildren(...Array.from({ length: count }, (_, index) => this.#mapButton(index)));
    [...host.children].forEach((button, index) => {
      const label = this.#nameOf(index);
      for (const name of ["aria-label", "title"]) button.setAttribute(name, label);
      button.setAttribute("aria-pressed", String(index === this.#plane));
      button.replaceChildren(paintedPlane(planes[index] ?? [], max));
    });
  }

  /** @param {number} index of the map that it opens */
  #mapButton(index) {
    return buttonTo(() => this.#why && this.choose(cellIn(this.#why.shape, index, ...this.#spot)), { class: "map-button" });
  }

  /** Of Grad-CAM: each map's weight times what it has at the cell. @param {(number | null)[][]} terms */
  showTerms(terms) {
    const rows = terms.map(([weight, value, product], index) =>
      el("li", {}, say("why.term", { unit: this.#nameOf(index), weight: number(weight), value: operand(value ?? null), product: number(product) })),
    );
    byRole("why-terms").replaceChildren(...rows);
    byRole("why-terms").hidden = !rows.length;
  }
}
