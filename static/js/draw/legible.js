// What has to be legible, and the largest cells with which panels fit a room. A number is never too small to be read:
// of a grid that is too large for the room a part is seen, and its place follows the step.

/** @import { Panel } from "../types" */
/** @import { Fitting, Spaces } from "./extent.js" */

import { GAP } from "./cells.js";
import { columnsOf, fittingIn, heightOf, isWrapped, longestIn, sideOf } from "./extent.js";

/** The least width of a cell by the characters of its longest number, two pixels on either side of the smallest type: 11 pixels. */
const LEAST = [24, 24, 24, 28, 32];
const LEAST_ON_WALL = [24, 24, 24, 24, 28]; // of 24 such pixels, where the room is short
const SHORTEST = 24;
const LEAST_TIGHT = [24]; // where these may stand close
/** A grid with no more rows and columns is always seen as a whole. */
export const WHOLE = 8;
/** Rows and columns of a little grid, as most kernels are. */
const LITTLE = 3;
const LARGEST = 150;
const LARGEST_COLUMN = 112; // of a panel of one column, which is as wide as its title
const LARGEST_WRAPPED = 56;
const ALMOST = 0.75; // of that, for one line in the place of two
const AROUND = 2; // cells beside the window that are seen with it
const FEWEST = 5; // rows and columns of a part
const BETTER = 1.15; // how many times as large the cells must be for leaving the first way

/**
 * The best that was found for some lines of panels.
 * @typedef {object} Found
 * @property {Panel[][]} lines
 * @property {Map<string, Fitting>} fittings
 * @property {boolean} fits
 * @property {number} size of the cells of most grids
 * @property {number} cap how many rows and columns of a large grid are seen; all: infinity
 * @property {number} used the height
 */

/** How many times as large as usual the smallest digits are, and the titles; whether digits may stand close; pixels of the largest cell. @typedef {{ zoom: number, titles: number, tight?: boolean, most?: number }} Type */

/** The least cell in which the numbers of a panel can be read. @param {Panel} panel @param {number} zoom @param {boolean} tight */
const leastOf = (panel, zoom, tight) => {
  const longest = longestIn(panel);
  const least = tight ? LEAST_TIGHT : zoom > 1 ? LEAST_ON_WALL : LEAST;
  return Math.ceil(zoom * (least[longest] ?? least.at(-1) ?? SHORTEST));
};

/** @param {Panel} panel @param {number} zoom */
const mostOf = (panel, zoom) => zoom * (isWrapped(panel) ? LARGEST_WRAPPED : columnsOf(panel) === 1 ? LARGEST_COLUMN : LARGEST);

/** The fewest rows and columns of a large grid that show the window and the cells beside it. @param {Panel} panel */
function fewestOf(panel) {
  const spans = panel.grids.map(({ region }) =>
    region ? Math.max((region.height - 1) * region.rowStep, (region.width - 1) * region.colStep) + 1 : 0,
  );
  return Math.min(panel.part ?? Number.POSITIVE_INFINITY, Math.max(FEWEST, Math.max(...spans) + AROUND));
}

/** How many cells beside each other a width has room for. @param {number} width @param {number} cell */
const columnsIn = (width, cell) => Math.max(1, Math.floor((width + GAP) / (cell + GAP)));

/** How many cells of a vector stand on a line: all, in smaller cells, where that is little less; else as many on the last line as on the others. @param {number} count @param {number} width @param {number} cell @param {number} lowest */
function onLines(count, width, cell, lowest) {
  const most = columnsIn(width, cell);
  const size = Math.floor((width + GAP) / count) - GAP;
  if (count > most && size >= Math.max(ALMOST * cell, lowest)) return { size, cols: count };
  return { size: cell, cols: Math.ceil(count / Math.ceil(count / most)) };
}

/** @param {Panel} panel @param {{ size: number, cap: number, width: number, zoom: number, tight: boolean, stacks: Stacks }} how @returns {Fitting} */
function fittingOf(panel, { size, cap, width, zoom, tight, stacks }) {
  const lowest = leastOf(panel, zoom, tight);
  const cell = Math.floor(Math.min(Math.max(size, lowest), Math.max(mostOf(panel, zoom), lowest)));
  const many = panel.grids.length;
  if (isWrapped(panel)) {
    return { ...onLines(columnsOf(panel), width, cell, lowest), across: 1, rows: Math.max(cap, FEWEST) };
  }
  const side = sideOf(panel);
  const seen = side <= WHOLE ? side : Math.max(cap, fewestOf(panel));
  const rows = stacks[kindOf(panel)];
  const most = panel.part && side > WHOLE ? columnsIn(width, cell) : seen;
  return { size: cell, across: Math.ceil(many / rows), rows: seen, cols: Math.min(seen, most) };
}

/** @typedef {{ little: number, small: number, large: number }} Stacks in how many rows the grids of a panel stand, where they are little, small and large */

/** The kind of a panel's grids, by how large they are. @param {Panel} panel @returns {keyof Stacks} */
function kindOf(panel) {
  const side = sideOf(panel);
  return side <= LITTLE ? "little" : side <= WHOLE ? "small" : "large";
}

/** Every choice of numbers of rows for the kinds of grids that there are. @param {Panel[]} panels @returns {Stacks[]} */
function stacksOf(panels) {
  const counts = [...new Set(panels.flatMap(({ grids }) => [1, 2, 3, grids.length].filter((rows) => rows <= grids.length)))];
  const kinds = new Set(panels.filter(({ grids }) => grids.length > 1).map(kindOf));
  /** @type {Stacks[]} */
  const one = [{ little: 1, small: 1, large: 1 }];
  return [...kinds].reduce((all, kind) => all.flatMap((stacks) => counts.map((rows) => ({ ...stacks, [kind]: rows }))), one);
}

/** The largest whole number for which something holds that holds for all smaller ones. @param {number} low for which it holds @param {number} high @param {(value: number) => boolean} holds */
function largest(low, high, holds) {
  let [good, bad] = [low, high + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** The same panels with as many grids of each beside each other as makes them least high. @param {Found} found @param {number} width @param {Spaces} spaces @param {number} titles @returns {Found} */
function lowered(found, width, spaces, titles) {
  const ways = found.lines.flat().flatMap(({ id, grids }) => grids.map((_, index) => ({ id, across: index + 1 })));
  return ways.reduce((best, { id, across }) => {
    const fitting = fittingIn(best.fittings, { id });
    const fittings = new Map(best.fittings).set(id, { ...fitting, across });
    const used = heightOf(best.lines, fittings, width, spaces, titles);
    return used < best.used ? { ...best, fittings, used, fits: true } : best;
  }, found);
}

/** One way to put panels on lines, with the grids of a panel in so many rows. @param {Panel[][]} lines @param {Stacks} stacks @param {number} width @param {number} height @param {Spaces} spaces @param {Type} type @returns {Found} */
function stacked(lines, stacks, width, height, spaces, { zoom, titles, tight = false, most = LARGEST }) {
  const panels = lines.flat();
  const least = Math.ceil(zoom * SHORTEST);
  /** @param {number} size @param {number} cap @returns {Found} */
  const at = (size, cap) => {
    const fittings = new Map(panels.map((panel) => [panel.id, fittingOf(panel, { size, cap, width, zoom, tight, stacks })]));
    const used = heightOf(lines, fittings, width, spaces, titles);
    return { lines, fittings, fits: Number.isFinite(used) && used <= height, size, cap, used };
  };
  const all = Number.POSITIVE_INFINITY;
  if (height === all) return lowered(at(least, FEWEST), width, spaces, titles); // the page scrolls: not more than need be
  if (at(least, all).fits) return at(largest(least, zoom * most, (size) => at(size, all).fits), all);
  const side = Math.max(...panels.map((panel) => (isWrapped(panel) ? columnsOf(panel) : sideOf(panel))));
  return at(least, largest(FEWEST, Math.max(FEWEST, side), (cap) => at(least, cap).fits));
}

/** Whether the other one is: what fits before what does not, more of a grid before less, larger cells before smaller. @param {Found} one @param {Found} other @param {number} by how many times */
function isBetter(one, other, by) {
  if (one.fits !== other.fits) return other.fits;
  if (!one.fits) return other.used < one.used;
  if (one.cap !== other.cap) return other.cap > one.cap * by;
  return other.size === one.size ? other.used * by < one.used : other.size > one.size * by;
}

/** The same with cells of one size in grids of one size, where there is room: longer numbers in one of them make its cells no larger than the others'. @param {Found} found @param {number} width @param {number} height @param {Spaces} spaces @param {number} titles @returns {Found} */
function levelled(found, width, height, spaces, titles) {
  const panels = found.lines.flat().filter((panel) => !isWrapped(panel));
  const shapeOf = (/** @type {Panel} */ { grids }) => grids.map(({ rows, cols }) => `${rows} ${cols}`)[0];
  const sizeOf = (/** @type {Panel} */ panel) => fittingIn(found.fittings, panel).size;
  const level = panels.map(/** @returns {[string, Fitting]} */ (panel) => {
    const alike = panels.filter((other) => shapeOf(other) === shapeOf(panel));
    return [panel.id, { ...fittingIn(found.fittings, panel), size: Math.max(...alike.map(sizeOf)) }];
  });
  const fittings = new Map([...found.fittings, ...level]);
  const used = heightOf(found.lines, fittings, width, spaces, titles);
  return used <= Math.max(height, found.used) ? { ...found, fittings, used } : found;
}

/**
 * The best of some ways to put panels on lines: the one whose cells are largest, or the least high where none fits.
 * @param {Panel[][][]} ways the first is kept where the others are not much better
 * @param {number} width @param {number} height @param {Spaces} spaces
 * @param {Type} type
 * @param {boolean} [firm] whether the first is kept wherever it fits
 */
export function fit(ways, width, height, spaces, type, firm = false) {
  const bests = ways.map((lines) =>
    stacksOf(lines.flat())
      .map((stacks) => stacked(lines, stacks, width, height, spaces, type))
      .reduce((one, other) => (isBetter(one, other, 1) ? other : one)),
  );
  const by = (/** @type {Found} */ one) => (firm && one === bests[0] ? Number.POSITIVE_INFINITY : BETTER);
  return levelled(bests.reduce((one, other) => (isBetter(one, other, by(one)) ? other : one)), width, height, spaces, type.titles);
}
