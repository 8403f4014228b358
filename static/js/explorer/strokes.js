// A drawing: strokes of a pen or an eraser over 64 x 64 cells. A link has two letters for each point of a stroke.

import { say } from "../words.js";

export const SIDE = 64;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const FORM = /^[de][1-9](?:[\w-]{2})+$/;
const MOST_POINTS = 4000;
const NOTHING = "none";

/** @typedef {[number, number]} Point its row and its column */
/** @typedef {{ erases: boolean, width: number, points: Point[] }} Stroke */

/** @param {Stroke[]} strokes */
export const formatStrokes = (strokes) => strokes.map(formatStroke).join(".") || NOTHING;

/** @param {Stroke} stroke */
const formatStroke = ({ erases, width, points }) =>
  `${erases ? "e" : "d"}${width}${points.map((point) => point.map((at) => LETTERS[at]).join("")).join("")}`;

/** @param {string} text @returns {Stroke[]} */
export function parseStrokes(text) {
  if (text === NOTHING) return [];
  if (text.length > 2 * MOST_POINTS) throw new Error(say("explorer.drawing_long", { most: MOST_POINTS }));
  return text.split(".").map(parseStroke);
}

/** @param {string} text @returns {Stroke} */
function parseStroke(text) {
  if (!FORM.test(text)) throw new Error(say("explorer.no_stroke", { text: text.slice(0, 20) }));
  const places = [...text.slice(2)].map((letter) => LETTERS.indexOf(letter));
  const points = Array.from({ length: places.length / 2 }, (_, index) => /** @type {Point} */ (places.slice(2 * index, 2 * index + 2)));
  return { erases: text.startsWith("e"), width: Number(text[1]), points };
}

/** The drawing as rows of cells: 1 where a pen was, 0 elsewhere. @param {Stroke[]} strokes @returns {number[][]} */
export function cellsOf(strokes) {
  const cells = Array.from({ length: SIDE }, () => new Array(SIDE).fill(0));
  for (const { erases, width, points } of strokes)
    points.forEach((point, index) => {
      for (const at of between(points[index - 1] ?? point, point)) dab(cells, at, width, erases ? 0 : 1);
    });
  return cells;
}

/** The cells on the way from one to another, both included. @param {Point} from @param {Point} to @returns {Point[]} */
function between([row, col], [toRow, toCol]) {
  const steps = Math.max(Math.abs(toRow - row), Math.abs(toCol - col), 1);
  return Array.from({ length: steps + 1 }, (_, step) => [
    Math.round(row + ((toRow - row) * step) / steps),
    Math.round(col + ((toCol - col) * step) / steps),
  ]);
}

/** A round dab, so many cells wide. @param {number[][]} cells @param {Point} at @param {number} width @param {number} value */
function dab(cells, [row, col], width, value) {
  const reach = Math.floor(width / 2);
  for (let down = -reach; down <= reach; down += 1)
    for (let right = -reach; right <= reach; right += 1) {
      const line = cells[row + down];
      if (line && col + right >= 0 && col + right < SIDE && Math.hypot(down, right) <= width / 2) line[col + right] = value;
    }
}
