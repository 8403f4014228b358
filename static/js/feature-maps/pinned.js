// The pixel that is kept, by the name of its kernel: a pixel of the wall that is shown, whatever is set meanwhile.

/** @import { Spot } from "../draw/wall.js" */

import { say } from "../words.js";

export class Pinned {
  text = ""; // as links have it: a kernel, a row and a column
  /** @type {{ kernels: string[], rows: number, cols: number }} */ #wall = { kernels: [], rows: 0, cols: 0 };

  /** @param {string[]} kernels of the wall that is shown @param {number} rows @param {number} cols */
  show(kernels, rows, cols) {
    this.#wall = { kernels, rows, cols };
  }

  /** Keep a pixel, or no longer, where it is the one that is kept. @param {Spot} spot */
  toggle({ map, row, col }) {
    const text = `${this.#wall.kernels[map]},${row},${col}`;
    this.text = this.text === text ? "" : text;
  }

  /** Where it is on the wall; null where that does not have it. @returns {Spot | null} */
  get spot() {
    const [name = "", row = "0", col = "0"] = this.text.split(",");
    const { kernels, rows, cols } = this.#wall;
    const spot = { map: kernels.indexOf(name), row: Number(row), col: Number(col) };
    return spot.map >= 0 && spot.row < rows && spot.col < cols ? spot : null;
  }

  /** Let go of one that the wall does not have. @param {string[]} problems what is wrong, in sentences: added to @returns {boolean} whether all is well */
  check(problems) {
    if (!this.text || this.spot) return true;
    problems.push(say("maps.no_pixel", { text: this.text }));
    this.text = "";
    return false;
  }
}
