// What a cell of a grid is, where it stands, and which cells differ between two models of the same grid.

/** @import { GridModel, Pair, Region } from "../types" */

/** The cell of a region at a tap. @param {Region} region @param {Pair} tap @returns {Pair} */
export const cellAt = ({ row, col, rowStep, colStep }, [i, j]) => [row + i * rowStep, col + j * colStep];

/** Every tap of a region. @param {Pick<Region, "height" | "width">} region */
export const taps = ({ height, width }) =>
  Array.from({ length: height * width }, (_, k) => /** @type {Pair} */ ([Math.floor(k / width), k % width]));

import { say } from "../words.js";

/** Whether no window reaches a cell. @param {GridModel} model @param {number} index */
export function isUnread(model, index) {
  const { rows, cols } = model.unread ?? { rows: 0, cols: 0 };
  return Math.floor(index / model.cols) >= model.rows - rows || index % model.cols >= model.cols - cols;
}

/** @param {GridModel} model @param {number} index */
export function kindOf(model, index) {
  if (model.values[index] === undefined) return "outside";
  if (index >= model.filled) return "pending";
  if (model.gaps?.[index]) return "padding";
  const area = model.inside;
  if (!area) return "value";
  const row = Math.floor(index / model.cols) - area.row;
  const col = (index % model.cols) - area.col;
  return row >= 0 && row < area.height && col >= 0 && col < area.width ? "value" : "padding";
}

/** Where a cell is, as people count. @param {GridModel} model @param {number} row @param {number} col */
export function placeOf(model, row, col) {
  if (model.wrap) return say("stage.index", { index: col + 1 });
  const [top, left] = [model.inside?.row ?? 0, model.inside?.col ?? 0];
  const inside = !model.inside || kindOf(model, row * model.cols + col) === "value";
  return inside ? say("common.row_column", { row: row - top + 1, column: col - left + 1 }) : say("stage.outside");
}

/** Whether two models show the same thing in a cell. @param {GridModel} one @param {GridModel} other @param {number} index */
const isAlike = (one, other, index) =>
  one.values[index] === other.values[index] &&
  index < one.filled === index < other.filled &&
  one.gaps?.[index] === other.gaps?.[index];

/** What all the cells of a grid depend on. @param {GridModel} model */
const rules = ({ max, inside, unread, edit }) => JSON.stringify([max, inside, unread, edit !== null]);

/** @param {GridModel} model */
const markedIndex = ({ marked, cols }) => (marked ? marked[0] * cols + marked[1] : -1);

/**
 * The cells that look different in two models of one size: those that a step changes, or all of them.
 * @param {GridModel | null} before @param {GridModel} model
 */
export function changed(before, model) {
  const afresh = !before || rules(before) !== rules(model);
  const marked = [before ? markedIndex(before) : -1, markedIndex(model)];
  const found = [];
  for (let index = 0; index < model.rows * model.cols; index += 1)
    if (afresh || !isAlike(before, model, index) || marked.includes(index)) found.push(index);
  return found;
}
