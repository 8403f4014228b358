// Panels that do not fit a wide screen as they are usually laid out: the largest cells with which they do, the grids of
// a panel in several rows where that helps. Cells too small for a number keep their colour, and tell it when pointed at.

/** @import { Panel } from "../types" */
/** @import { Fitting, Spaces } from "./extent.js" */

import { areaOf, heightOf, isSmall } from "./extent.js";
import { SMALL } from "./grid.js";

const LARGEST = 84;
const TIGHTEST = 4; // pixels of a cell that can still be told from its neighbours
const READABLE = [30, 24, SMALL]; // the cells of a small grid beside large ones, where there is room
const SHARE = 5; // a grid is small where the largest has so many times its cells
const ROWS = [1, 2, 3]; // in which the grids of a panel may stand
const NUMBERS = 100; // pixels of height that it is worth that the numbers of a panel can be read
const BETTER = 1.15; // how many times as large the cells must be for leaving the first way

/** @typedef {{ lines: Panel[][], fitting: Map<string, Fitting>, used: number, read: number, least: number }} Squeezed how many panels have numbers that can be read, and the smallest cell of all */

/** Cells of one size for all grids but the small ones, and the grids of a panel in rows. @param {Panel[]} panels @param {number} size @param {number} readable of the small ones, at least @param {number} rows @param {number} smallRows @returns {Map<string, Fitting>} */
function fittingOf(panels, size, readable, rows, smallRows) {
  const largest = Math.max(...panels.map(areaOf));
  return new Map(
    panels.map((panel) => {
      const small = isSmall(panel) && SHARE * areaOf(panel) <= largest;
      const across = Math.ceil(panel.grids.length / (small ? smallRows : rows));
      return [panel.id, { size: small ? Math.max(size, readable) : size, across }];
    }),
  );
}

/** One way to put panels on lines with the largest cells that fit, or with the smallest of all. @param {Panel[][]} lines @param {number} width @param {number} height @param {Spaces} spaces @returns {Squeezed[]} */
function squeezed(lines, width, height, spaces) {
  const panels = lines.flat();
  const counts = panels.some(({ grids }) => grids.length > 1) ? ROWS : [1];
  const choices = counts.flatMap((rows) =>
    counts.flatMap((smallRows) => [...READABLE, 0].map((readable) => ({ rows, smallRows, readable }))),
  );
  return choices.map(({ rows, smallRows, readable }) => {
    const at = (/** @type {number} */ size) => {
      const fitting = fittingOf(panels, size, readable, rows, smallRows);
      const sizes = [...fitting.values()].map((found) => found.size);
      const read = sizes.filter((found) => found >= SMALL).length;
      return { lines, fitting, used: heightOf(lines, fitting, width, spaces), read, least: Math.min(...sizes) };
    };
    let [fits, tooLarge] = [TIGHTEST, LARGEST + 1]; // larger cells are never less high
    while (tooLarge - fits > 1) {
      const size = Math.floor((fits + tooLarge) / 2);
      if (at(size).used > height) tooLarge = size;
      else fits = size;
    }
    return at(fits);
  });
}

/** Whether the other one is: where both fit, more numbers can be read, or the cells are larger. @param {Squeezed} one @param {Squeezed} other @param {number} height @param {number} by how many times */
function isBetter(one, other, height, by) {
  const [fits, otherFits] = [one.used <= height, other.used <= height];
  if (fits !== otherFits) return otherFits;
  if (!fits) return other.used - NUMBERS * other.read < one.used - NUMBERS * one.read;
  return other.read === one.read ? other.least > one.least * by : other.read > one.read;
}

/**
 * The best of some ways to put panels on lines: the one whose cells are largest, or the least high where none fits.
 * @param {Panel[][][]} ways the first is kept where the others are not much better
 * @param {number} width @param {number} height @param {Spaces} spaces
 */
export function squeeze(ways, width, height, spaces) {
  const bests = ways.map((lines) =>
    squeezed(lines, width, height, spaces).reduce((one, other) => (isBetter(one, other, height, 1) ? other : one)),
  );
  return bests.reduce((one, other) => (isBetter(one, other, height, BETTER) ? other : one));
}
