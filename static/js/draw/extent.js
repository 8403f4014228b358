// How much room panels of grids take on the stage, and which of them are of a kind of their own.

/** @import { Panel } from "../types" */

import { GAP, longestOf } from "./cells.js";

const SLIM = 3; // columns of a panel that may be narrower than its title
const BETWEEN = 12; // grids of one panel, as in stage.css
const LINE_GAP = 16; // lines of panels, as in stage.css
const CAPTION = 26.5;
const CAPTION_SIDES = 14; // where it has a colour
const LETTER = 7.6; // the width of one in a title or a caption
const TITLE = 19.5; // a line of it
const BELOW_TITLE = 6;
const RAGGED = 0.5; // of a line: what large type leaves free at the ends of lines
const NARROWEST = 52; // a panel, so that its note is not broken
const OVERVIEW = { side: 48, above: 12 }; // the longer side of the picture under a grid of which a part is seen, as in stage.css
const ROUNDED = { letters: 12, sign: 2, from: 4 }; // what a note has more where numbers are rounded, which have so many characters
/** Characters of a note beside which there is room for the word that says that numbers are rounded. */
export const BRIEF = 12;

/**
 * How the grids of a panel are drawn.
 * @typedef {object} Fitting
 * @property {number} size of a cell in pixels
 * @property {number} across how many grids stand beside each other
 * @property {number} rows how many rows of a grid are seen at once, at most
 * @property {number} cols the same of columns; of a vector, how many of its cells stand on a line
 */
/** @typedef {(line: Panel[]) => number} Spaces what stands between the panels of a line */

/** @typedef {{ rows: number, cols: number, wrap: boolean, caption: string, captionWord: string | undefined, tint: string | undefined }} Shape what the room of a grid depends on */
/** @typedef {{ columns: number, isWrapped: boolean, side: number, longest: number, shapes: Shape[] }} Facts of a panel's grids; of those that are alike, one shape */

/** A layout asks for the facts of a panel many hundred times. @type {WeakMap<Panel["grids"], Facts>} */
const facts = new WeakMap();

/** @param {Pick<Panel, "grids">} panel @returns {Facts} */
function factsOf({ grids }) {
  const known = facts.get(grids);
  if (known) return known;
  const shapes = grids.map(({ rows, cols, wrap, caption = "", captionWord, tint }) => ({ rows, cols, wrap, caption, captionWord, tint }));
  const found = {
    columns: grids.reduce((sum, { cols }) => sum + cols, 0),
    isWrapped: grids.some(({ wrap }) => wrap),
    side: Math.max(...grids.map(({ rows, cols, wrap }) => (wrap ? 1 : Math.max(rows, cols)))),
    longest: Math.max(...grids.map(longestOf)),
    shapes: [...new Map(shapes.map((shape) => [JSON.stringify({ ...shape, caption: shape.caption.length }), shape])).values()],
  };
  facts.set(grids, found);
  return found;
}

/** @param {Panel} panel */
export const columnsOf = (panel) => factsOf(panel).columns;
/** Whether a panel is as wide as its title or its note. @param {Panel} panel */
export const isSlim = (panel) => columnsOf(panel) < SLIM;
/** @param {Panel} panel */
export const isWrapped = (panel) => factsOf(panel).isWrapped;
/** The rows or columns of the largest grid; of a vector one, since it wraps. @param {Panel} panel */
export const sideOf = (panel) => factsOf(panel).side;
/** The characters of the longest number in any of its grids. @param {Panel} panel */
export const longestIn = (panel) => factsOf(panel).longest;

/** How many rows and columns of a grid are seen. @param {{ rows: number, cols: number, wrap: boolean }} grid @param {Fitting} fitting */
export function cellsSeen({ rows, cols, wrap }, fitting) {
  const across = Math.min(cols, fitting.cols);
  return { rows: Math.min(wrap ? Math.ceil(cols / across) : rows, fitting.rows), cols: across };
}

/** Whether not all of a grid is seen. @param {{ rows: number, cols: number }} grid @param {{ rows: number, cols: number }} seen */
export const isPart = ({ rows, cols }, seen) => seen.rows < rows || seen.cols < cols;

/** How large the picture of a whole grid is, and each of its cells on it. @param {{ rows: number, cols: number }} grid */
export function overviewOf({ rows, cols }) {
  const pitch = OVERVIEW.side / Math.max(rows, cols);
  return { pitch, width: cols * pitch, height: rows * pitch };
}

/** What stands above a grid; on a wall the name of its channel alone, as in present.css. @param {Pick<Shape, "caption" | "captionWord">} grid @param {number} type */
const captionOf = ({ caption, captionWord }, type) => (captionWord && type === 1 ? `${captionWord} ${caption}` : caption);

/** The width or height of so many cells. @param {number} count @param {number} size */
export const lengthAcross = (count, size) => count * (size + GAP) - GAP;

/** @param {Panel} panel @param {Fitting} fitting @param {number} type how many times as large as usual the type of titles is */
function extent(panel, fitting, type) {
  const { grids, title, note } = panel;
  const { size, across } = fitting;
  const sides = factsOf(panel).shapes.map((grid) => {
    const seen = cellsSeen(grid, fitting);
    const below = !grid.wrap && isPart(grid, seen) ? overviewOf(grid).height + OVERVIEW.above : 0;
    return {
      width: Math.max(lengthAcross(seen.cols, size), captionOf(grid, type).length * type * LETTER + (grid.tint ? CAPTION_SIDES : 0)),
      height: lengthAcross(seen.rows, size) + (grid.caption ? type * CAPTION : 0) + below,
    };
  });
  const inner = across * (Math.max(...sides.map((side) => side.width)) + BETWEEN) - BETWEEN;
  const slim = isSlim(panel) ? type * LETTER * Math.max(title.length, note.length) : 0;
  const width = Math.max(inner, slim, NARROWEST);
  const down = Math.ceil(grids.length / across);
  const isRounded = longestIn(panel) >= ROUNDED.from;
  const rounded = isRounded ? (note.length > BRIEF ? ROUNDED.sign : ROUNDED.letters) : 0;
  const linesOf = (/** @type {number} */ letters, ragged = 0) => Math.ceil((letters * type * LETTER) / width + ragged);
  const noted = note.length + rounded;
  const together = linesOf(title.length + noted + 1);
  const apart = linesOf(title.length) + linesOf(noted); // a note that does not fit beside its title begins a line of its own
  const titles = slim ? (note ? 2 : 1) : together === 1 ? together : type > 1 ? linesOf(title.length + noted + 1, RAGGED) : apart;
  const height = down * (Math.max(...sides.map((side) => side.height)) + BETWEEN) - BETWEEN;
  return { width, height, head: titles * type * TITLE + BELOW_TITLE };
}

/** How the grids of a panel are drawn. @param {Map<string, Fitting>} fittings @param {Pick<Panel, "id">} panel */
export function fittingIn(fittings, { id }) {
  const found = fittings.get(id);
  if (!found) throw new Error(`the page has no room for ${id}`);
  return found;
}

/** How high lines of panels are; without end where one is wider than there is room. @param {Panel[][]} lines @param {Map<string, Fitting>} fittings @param {number} width @param {Spaces} spaces @param {number} [type] how many times as large as usual the type of titles is */
export function heightOf(lines, fittings, width, spaces, type = 1) {
  let all = (lines.length - 1) * LINE_GAP;
  for (const line of lines) {
    const extents = line.map((panel) => extent(panel, fittingIn(fittings, panel), type));
    if (extents.reduce((sum, one) => sum + one.width, spaces(line)) > width) return Number.POSITIVE_INFINITY;
    const headOf = (/** @type {number} */ height) => Math.max(...extents.filter((one) => one.height === height).map(({ head }) => head)); // as in heads.js
    all += Math.max(...extents.map(({ height }) => height + headOf(height)));
  }
  return all;
}
