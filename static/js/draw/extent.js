// How much room panels of grids take on the stage, and which of them are of a kind of their own.

/** @import { Panel } from "../types" */

import { gapOf } from "./grid.js";

const SLIM = 3; // columns of a panel that may be narrower than its title
const SMALL_GRID = 7; // rows and columns of a grid that is kept readable beside large ones
const BETWEEN = 12; // grids of one panel, as in stage.css
const LINE_GAP = { usual: 32, squeezed: 16 };
const CAPTION = 26.5;
const CAPTION_SIDES = 14; // where it has a colour
const LETTER = 7.2; // the width of one in a title or a caption
const TITLE = 19.5; // a line of it
const BELOW_TITLE = 6;
const NARROWEST = 52; // a panel, so that its note is not broken

/** @typedef {{ size: number, across: number }} Fitting the cells of a panel, and how many of its grids stand beside each other */
/** @typedef {(line: Panel[]) => number} Spaces what stands between the panels of a line */

/** @param {Panel} panel */
export const columnsOf = (panel) => panel.grids.reduce((sum, grid) => sum + grid.cols, 0);
/** Whether a panel is as wide as its title or its note. @param {Panel} panel */
export const isSlim = (panel) => columnsOf(panel) < SLIM;
/** @param {Panel} panel */
export const isWrapped = (panel) => panel.grids.some((grid) => grid.wrap);
/** @param {Panel} panel */
export const isSmall = (panel) => panel.grids.every((grid) => Math.max(grid.rows, grid.cols) <= SMALL_GRID);
/** The cells of the largest grid. @param {Panel} panel */
export const areaOf = (panel) => Math.max(...panel.grids.map(({ rows, cols }) => rows * cols));

/** @param {Panel} panel @param {Fitting} fitting */
function extent(panel, { size, across }) {
  const { grids, title, note } = panel;
  const gap = gapOf(size);
  const sides = grids.map(({ rows, cols, caption }) => ({
    width: Math.max(cols * (size + gap) - gap, caption ? caption.length * LETTER + CAPTION_SIDES : 0),
    height: rows * (size + gap) - gap + (caption ? CAPTION : 0),
  }));
  const inner = across * (Math.max(...sides.map((side) => side.width)) + BETWEEN) - BETWEEN;
  const slim = isSlim(panel) ? LETTER * Math.max(title.length, note.length) : 0;
  const width = Math.max(inner, slim, NARROWEST);
  const down = Math.ceil(grids.length / across);
  const titles = slim ? (note ? 2 : 1) : Math.ceil(((title.length + note.length + 1) * LETTER) / width);
  const height = down * (Math.max(...sides.map((side) => side.height)) + BETWEEN) - BETWEEN;
  return { width, height: height + titles * TITLE + BELOW_TITLE };
}

/** How high lines of panels are; without end where one is wider than there is room. @param {Panel[][]} lines @param {Map<string, Fitting>} fitting @param {number} width @param {Spaces} spaces @param {"usual" | "squeezed"} [kind] */
export function heightOf(lines, fitting, width, spaces, kind = "squeezed") {
  let all = (lines.length - 1) * LINE_GAP[kind];
  for (const line of lines) {
    const extents = line.map((panel) => extent(panel, /** @type {Fitting} */ (fitting.get(panel.id))));
    const wide = extents.reduce((sum, one) => sum + one.width, spaces(line));
    if (wide > width) return Number.POSITIVE_INFINITY;
    all += Math.max(...extents.map(({ height }) => height));
  }
  return all;
}

/** How high they are where a panel alone on its line has as many grids in a row as there is room for. @param {Panel[][]} lines @param {Map<string, number>} sizes @param {number} width @param {Spaces} spaces */
export function usualHeight(lines, sizes, width, spaces) {
  /** @param {Panel} panel @param {boolean} alone @returns {[string, Fitting]} */
  const fitted = ({ grids, id }, alone) => {
    const size = sizes.get(id) ?? 0;
    const widest = Math.max(...grids.map(({ cols }) => cols * (size + gapOf(size)) - gapOf(size)));
    const most = alone ? Math.floor((width + BETWEEN) / (widest + BETWEEN)) : grids.length;
    return [id, { size, across: Math.max(1, Math.min(grids.length, most)) }];
  };
  const fitting = new Map(lines.flatMap((line) => line.map((panel) => fitted(panel, line.length === 1))));
  return heightOf(lines, fitting, width, spaces, "usual");
}
