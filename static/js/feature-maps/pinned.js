// The pixel that is kept, by the name of its kernel: a pixel of the wall that is shown, whatever is set meanwhile.

/** @import { Spot } from "../draw/wall.js" */
/** @import { Target } from "../types" */

import { say } from "../words.js";
import { AT } from "./settings.js";

export class Pinned {
  /** @type {Target | null} */ cell = null; // of the map of a kernel
  /** @type {{ kernels: string[], rows: number, cols: number }} */ #wall = { kernels: [], rows: 0, cols: 0 };

  /** @param {string[]} kernels of the wall that is shown @param {number} rows @param {number} cols */
  show(kernels, rows, cols) {
    this.#wall = { kernels, rows, cols };
  }

  /** Keep a pixel, or no longer, where it is the one that is kept. @param {Spot} spot */
  toggle({ map, row, col }) {
    const cell = { id: this.#wall.kernels[map] ?? "", row, col };
    this.cell = AT.format(this.cell) === AT.format(cell) ? null : cell;
  }

  /** Where it is on the wall; null where that does not have it. @returns {Spot | null} */
  get spot() {
    const { kernels, rows, cols } = this.#wall;
    const { id = "", row = rows, col = cols } = this.cell ?? {};
    const map = kernels.indexOf(id);
    return map >= 0 && row < rows && col < cols ? { map, row, col } : null;
  }

  /** Let go of one that the wall does not have. @param {string[]} problems what is wrong, in sentences: added to @returns {boolean} whether all is well */
  check(problems) {
    if (!this.cell || this.spot) return true;
    problems.push(say("maps.no_pixel", { text: AT.format(this.cell) }));
    this.cell = null;
    return false;
  }
}
