// What a cell of a grid is, where it stands, and which cells differ between two models of the same grid.

/** @import { GridModel, Pair, Region } from "../types" */

import { cellText } from "../format.js";
import { say } from "../words.js";

/** The cell of a region at a tap. @param {Region} region @param {Pair} tap @returns {Pair} */
export const cellAt = ({ row, col, rowStep, colStep }, [i, j]) => [row + i * rowStep, col + j * colStep];

/** Every tap of a region. @param {Pick<Region, "height" | "width">} region @returns {Pair[]} */
export const taps = ({ height, width }) => Array.from({ length: height * width }, (_, k) => [Math.floor(k / width), k % width]);

/** Pixels between two cells, as in stage.css. */
export const GAP = 2;
/** How many characters a small cell holds, and a larger one. */
export const ROOM = { small: 4, large: 5, most: 6 };
export const NARROW_CELL = 37; // pixels of a cell in which the type has stopped shrinking, and of one with air beside “>0.99”

/** How many characters a cell holds. @param {number} size in pixels @param {number} [zoom] how many times as large as usual the smallest digits are */
export const roomOf = (size, zoom = 1) => (size < zoom * NARROW_CELL ? ROOM.small : ROOM.large);

const WIDE = 50; // pixels of a cell in which the smaller type of six characters is legible

/** How many it holds in smaller type. @param {number} size in pixels @param {number} [zoom] */
export const mostOf = (size, zoom = 1) => (size < zoom * WIDE ? roomOf(size, zoom) : ROOM.most);
/** @type {WeakMap<GridModel["values"], number>} */
const longest = new WeakMap();

/** The characters of the longest number as it stands in a small cell. @param {GridModel["values"]} values */
function longestText(values) {
  const known = longest.get(values);
  if (known !== undefined) return known;
  const count = values.reduce((/** @type {number} */ most, value) => Math.max(most, textOf(value, ROOM.small)), 0);
  longest.set(values, count);
  return count;
}

/** The same of all that a grid shows at one step or another, so that its cells keep their size. @param {Pick<GridModel, "values" | "all">} model */
export const longestOf = ({ values, all = values }) => longestText(all);

/** @type {WeakMap<GridModel["values"], Map<number, boolean>>} */
const roundings = new WeakMap();

/** Whether any number that a grid shows at one step or another is rounded in a cell. @param {Pick<GridModel, "values" | "all">} model @param {number} room characters that it holds @param {number} most in smaller type */
export function isEverRounded({ values, all = values }, room, most) {
  const known = roundings.get(all) ?? new Map();
  const key = 10 * room + most;
  if (!known.has(key)) known.set(key, all.some((value) => typeof value === "number" && cellText(value, room, most).rounded));
  roundings.set(all, known);
  return known.get(key) ?? false;
}

/** @param {number | null | undefined} value @param {number} room */
const textOf = (value, room) => (value === null || value === undefined ? 0 : cellText(value, room).text.length);

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
export function cellWords(model, row, col) {
  const name = model.names?.[row * model.cols + col];
  if (name !== undefined) return name;
  if (model.wrap) return say("stage.index", { index: col + 1 });
  const [top, left] = [model.inside?.row ?? 0, model.inside?.col ?? 0];
  const inside = !model.inside || kindOf(model, row * model.cols + col) === "value";
  return inside ? say("common.row_column", { row: row - top + 1, column: col - left + 1 }) : say("stage.outside");
}

/** Whether a cell is beside the window: the step is about others. @param {GridModel} model @param {number} index */
export function isDim({ region, cols }, index) {
  if (!region || region.height * region.width === 1) return false; // one cell has its frame
  const [down, across] = [Math.floor(index / cols) - region.row, (index % cols) - region.col];
  const isTap = (/** @type {number} */ at, /** @type {number} */ step, /** @type {number} */ taps) =>
    at >= 0 && at % step === 0 && at / step < taps;
  return !isTap(down, region.rowStep, region.height) || !isTap(across, region.colStep, region.width);
}

const BANDS = ["--series-4", "--series-2", "--series-3", "--series-6"];

/** The token of the colour for the channel that a cell's value is from, if that is told. @param {GridModel} model @param {number} index */
export function bandOf({ channels }, index) {
  const channel = channels?.[index];
  return channel === undefined ? null : (BANDS[channel % BANDS.length] ?? null);
}

/** Whether two models show the same thing in a cell. @param {GridModel} one @param {GridModel} other @param {number} index */
const isAlike = (one, other, index) =>
  one.values[index] === other.values[index] &&
  index < one.filled === index < other.filled &&
  isDim(one, index) === isDim(other, index) &&
  one.gaps?.[index] === other.gaps?.[index] &&
  one.notes?.get(index) === other.notes?.get(index) &&
  one.channels?.[index] === other.channels?.[index];

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
