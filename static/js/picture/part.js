// The part of a large grid that a sheet of paper has room for, so that its digits can be read: the cells around its step's.

/** @import { GridModel } from "../types" */
/** @typedef {{ row: number, col: number, rows: number, cols: number }} Seen where it begins, and how large it is */

import { isPart } from "../draw/extent.js";
import { say } from "../words.js";

const MOST = 12; // rows and columns

/** @param {number} middle @param {number} length @returns {[from: number, length: number]} */
function around(middle, length) {
  const seen = Math.min(MOST, length);
  return [Math.max(0, Math.min(length - seen, Math.floor(middle - seen / 2))), seen];
}

/** @param {GridModel} model @param {boolean} isPaper @returns {Seen} */
export function seenOf({ rows, cols, wrap, region, marked }, isPaper) {
  if (!isPaper || wrap) return { row: 0, col: 0, rows, cols };
  const [down, across] = marked ?? (region ? [region.row + (region.height * region.rowStep) / 2, region.col + (region.width * region.colStep) / 2] : [0, 0]);
  const [[row, seenRows], [col, seenCols]] = [around(down, rows), around(across, cols)];
  return { row, col, rows: seenRows, cols: seenCols };
}

/** Which part it is, as people count; nothing where it is all. @param {GridModel} model @param {boolean} isPaper */
export function partWords(model, isPaper) {
  const seen = seenOf(model, isPaper);
  if (!isPart(model, seen)) return "";
  const { row, col, height, width } = model.inside ?? { row: 0, col: 0, height: model.rows, width: model.cols };
  const [top, left] = [Math.max(0, seen.row - row) + 1, Math.max(0, seen.col - col) + 1];
  const [bottom, right] = [Math.min(height, seen.row + seen.rows - row), Math.min(width, seen.col + seen.cols - col)];
  return say("stage.part", { top, bottom, left, right });
}
