// The values of a reason: its maps as small pictures, the one that is opened as a grid, and the cell that is looked at.

/** @import { Why } from "./why.js" */

import { GAP } from "../draw/cells.js";
import { byRole, el, find } from "../draw/dom.js";
import { GridView } from "../draw/grid.js";
import { grid } from "../frame.js";
import { number, operand } from "../format.js";
import { strongest } from "../draw/scale.js";
import { say } from "../words.js";
import { cellIn, cellOf, countOf, indexOf, placeIn } from "./places.js";
import { pictureOf, planesOf } from "./planes.js";

const [SMALLEST, LEGIBLE, LARGEST] = [8, 24, 40]; // pixels of a cell: LEGIBLE has room for digits
const FEW = 8; // rows and columns of a map whose digits are always shown
const WIDEST = 460; // pixels of a map

export class CellChoice {
  #grid;
  /** @type {Why | null} */ #why = null;
  #plane = 0;
  #place = /** @type {[number, number]} */ ([0, 0]); // row and column of the cell
  #slider = find('[data-role="why-cell"]', HTMLInputElement);

  /** @param {(cell: number[]) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.#grid = new GridView({
      edit: () => {},
      choose: () => {},
      point: (text) => void (byRole("why-readout").textContent = text),
      pin: ({ row, col }) => this.#why && choose(cellIn(this.#why.shape, this.#plane, row, col)),
    });
    byRole("why-map").replaceChildren(this.#grid.node);
    this.#slider.addEventListener("input", () => this.#why && choose(cellOf(this.#why.shape, Number(this.#slider.value) - 1)));
  }

  /** @param {Why} why @param {number[]} cell */
  show(why, cell) {
    this.#why = why;
    const { shape } = why;
    const planes = planesOf(shape, why.values);
    const max = strongest(planes.flat(2));
    const { plane, row, col } = placeIn(shape, cell);
    this.#plane = plane;
    this.#slider.max = String(countOf(shape));
    this.#slider.value = String(indexOf(shape, cell) + 1);
    this.#slider.setAttribute("aria-valuetext", nameOf(shape, cell));
    this.#showPlanes(planes, max, row, col);
    const shown = planes[plane] ?? [];
    const cols = shown[0]?.length ?? 1;
    const host = byRole("why-map");
    const across = Math.floor(Math.min(WIDEST, host.clientWidth) / cols) - GAP;
    const least = Math.max(shown.length, cols) <= FEW ? LEGIBLE : SMALLEST;
    const model = grid({ id: "why", label: nameOfMap(why, plane), values: shown.flat(), cols, max });
    this.#grid.show(model, Math.max(least, Math.min(LARGEST, across)));
    this.#grid.highlight([], [row, col]);
  }

  /** Where there are several maps each can be opened, at the cell that is looked at. @param {import("../draw/pictures.js").Plane[]} planes @param {number} max @param {number} row @param {number} col */
  #showPlanes(planes, max, row, col) {
    const host = byRole("why-maps");
    host.hidden = planes.length < 2;
    this.#place = [row, col];
    const count = planes.length < 2 ? 0 : planes.length;
    if (host.childElementCount !== count) host.replaceChildren(...Array.from({ length: count }, (_, index) => this.#mapButton(index)));
    [...host.children].forEach((button, index) => {
      const label = this.#why ? nameOfMap(this.#why, index) : "";
      for (const name of ["aria-label", "title"]) button.setAttribute(name, label);
      button.setAttribute("aria-pressed", String(index === this.#plane));
      button.replaceChildren(pictureOf(planes[index] ?? [], max));
    });
  }

  /** @param {number} index of the map that it opens */
  #mapButton(index) {
    const button = el("button", { type: "button", class: "map-button" });
    button.addEventListener("click", () => this.#why && this.choose(cellIn(this.#why.shape, index, ...this.#place)));
    return button;
  }

  /** Of Grad-CAM: each map's weight times what it has at the cell. @param {number[][]} terms */
  showTerms(terms) {
    const rows = terms.map(([weight, value, product], index) =>
      el("li", {}, say("why.term", { map: index + 1, weight: number(weight), value: operand(value ?? null), product: number(product) })),
    );
    byRole("why-terms").replaceChildren(...rows);
    byRole("why-terms").hidden = !rows.length;
  }
}

/** @param {Why} why @param {number} plane */
function nameOfMap({ shape, layer }, plane) {
  if (shape.length < 3) return say("why.values");
  return layer === null ? say("why.channel", { channel: plane + 1 }) : say("why.map", { map: plane + 1 });
}

/** @param {number[]} shape @param {number[]} cell */
function nameOf(shape, cell) {
  const [col = 0, row = 0, plane = 0] = [...cell].reverse();
  if (shape.length === 1) return say("explorer.number_at", { number: col + 1 });
  const place = { row: row + 1, col: col + 1 };
  return shape.length === 2 ? say("explorer.cell_at", place) : say("why.cell_of_map", { ...place, map: plane + 1 });
}
