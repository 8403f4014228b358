// What cells of a grid say of themselves beside their numbers: why they are 0, which windows hold a cell, and who won them.

/** @import { Cause, GridModel, PanelShown, Step, TraceLike } from "../types" */

import { indicesIn, listOf, pairIn, planeAt } from "../nested.js";
import { holds, tensor } from "./reading.js";

/** @typedef {{ index: number, shown: number, cols: number, values: GridModel["values"] }} Plane which one of a tensor, which of those that are shown, and what stands on it */

const DROPPED = "dropped";
const MANY = 4; // windows whose outlines can be told apart

/** Each cell in a column that holds one for each term. @param {unknown} column */
const cellsIn = (column) => listOf(column).map(indicesIn);

/** The number of a cell on a plane; −1 for one of another. @param {number[]} cell @param {number[]} shape @param {Plane} plane */
function numberOn(cell, shape, { index, cols }) {
  if (cell.length < 2) return cell[0] ?? 0;
  const [row, col] = pairIn(cell.slice(-2));
  return planeAt(cell, shape) === index ? row * cols + col : -1;
}

/** The number of the place that a cell of another tensor has on a plane; −1 for none. @param {number[]} cell @param {NonNullable<PanelShown["stands"]>} stands @param {Plane} plane */
function numberIn(cell, [planes, rows, columns], { shown, cols }) {
  const [row, col] = pairIn(cell.slice(-2));
  const [down = -1, across = -1] = [rows[row], columns[col]];
  return planes[cell[0] ?? 0] === shown && down >= 0 && across >= 0 ? down * cols + across : -1;
}

/** What a cell that is 0 makes of a product, where the panel says so. @param {PanelShown} panel @param {number} number @param {Plane} plane */
function zeroOf({ zeros, inside }, number, { cols }) {
  const [own, padding = own] = zeros ?? [];
  const [row, col] = [Math.floor(number / cols), number % cols];
  return inside && !holdsCell(inside, row, col) ? padding : own;
}

/** The cells whose gradient goes nowhere. @param {NonNullable<PanelShown["kept"]>} kept @param {Plane} plane */
const dropped = (kept, { cols, values }) => [...values.keys()].filter((number) => !holdsCell(kept, Math.floor(number / cols), number % cols));

/** @param {[number, number, number, number]} block @param {number} row @param {number} col */
const holdsCell = ([top, left, height, width], row, col) => row >= top && row < top + height && col >= left && col < left + width;

/** @param {TraceLike} trace @param {Step} step @param {PanelShown} panel @param {Plane} plane @returns {Pick<GridModel, "notes">} */
export function notesOf(trace, step, panel, plane) {
  const { zero = "", causes = [] } = trace.card?.cards.find(holds(trace, step))?.terms ?? {};
  const { shape } = tensor(trace, panel.tensor);
  /** @type {Map<number, Cause>} */
  const notes = new Map();
  const note = (/** @type {number} */ number, /** @type {unknown} */ word) => {
    const cause = causes.find(({ id }) => id === word);
    if (cause && number >= 0) notes.set(number, cause);
  };
  if (panel.kept) for (const number of dropped(panel.kept, plane)) note(number, DROPPED);
  const words = listOf(step[zero]);
  for (const [term, cell] of cellsIn(panel.terms && step[panel.terms]).entries()) {
    const number = panel.stands ? numberIn(cell, panel.stands, plane) : numberOn(cell, shape, plane);
    if (plane.values[number] === 0 && words[term] && words[term] !== panel.unless) note(number, zeroOf(panel, number, plane) ?? words[term]);
  }
  if (panel.why) note(numberOn(indicesIn(step["output_cell"]), shape, plane), step[panel.why]);
  for (const [number, winner] of winnersOn(step, panel, shape, plane)) notes.set(number, winner);
  return notes.size ? { notes } : {};
}

/** Which cells of a plane windows selected that hold the cell of the step. @param {Step} step @param {PanelShown} panel @param {number[]} shape @param {Plane} plane @returns {[number, Cause][]} */
function winnersOn(step, panel, shape, plane) {
  const { winners, winner, inside = "" } = panel.regions?.find(({ winners }) => winners) ?? {};
  if (!winners || !winner || planeAt(indicesIn(step["output_cell"]), shape) !== plane.index) return [];
  const there = listOf(step[inside]);
  return cellsIn(step[winners]).flatMap(([row = 0, col = 0], term) => (there[term] ? [[row * plane.cols + col, winner]] : []));
}

/** The windows that hold the cell of the step, where there are several and not too many to be told apart. @param {TraceLike} trace @param {Step} step @param {PanelShown} panel @param {number} index of the plane @returns {Pick<GridModel, "windows">} */
export function windowsOf(trace, step, panel, index) {
  const { windows, window, inside = "", won } = panel.regions?.find(({ windows }) => windows) ?? {};
  if (!windows || planeAt(indicesIn(step["output_cell"]), tensor(trace, panel.tensor).shape) !== index) return {};
  const [height, width] = pairIn(window ?? [1, 1]);
  const [there, kept] = [listOf(step[inside]), won ? listOf(step[won]) : []];
  const found = cellsIn(step[windows]).flatMap(([row = 0, col = 0], term) => {
    const region = { row, col, height, width, rowStep: 1, colStep: 1 };
    return there[term] ? [{ region, ...(won ? { won: kept[term] === true } : {}) }] : [];
  });
  return found.length > 1 && found.length <= MANY ? { windows: found } : {};
}
