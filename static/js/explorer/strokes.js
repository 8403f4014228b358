// A drawing: strokes of a pen or an eraser over 64 x 64 cells. A link has two letters for each point of a stroke.

import { cellsBetween } from "../input/way.js";
import { say } from "../words.js";

export const SIDE = 64;
export const WIDEST = 24; // cells of a stroke
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const FORM = /^[edrygcbm][1-9a-o](?:[\w-]{2})+$/; // its ink, how many cells wide it is, and points
const MOST_POINTS = 4000;
const NOTHING = "none";
const BASE = 36; // of a width's letter

/** What is drawn with, by its letter: red, green and blue. The eraser leaves black. @type {Record<string, number[]>} */
export const INKS = {
  d: [1, 1, 1],
  r: [0.9, 0.15, 0.1],
  y: [0.95, 0.8, 0.1],
  g: [0.1, 0.75, 0.25],
  c: [0.1, 0.75, 0.85],
  b: [0.15, 0.3, 0.95],
  m: [0.85, 0.2, 0.8],
  e: [0, 0, 0],
};
export const WHITE = "d";
export const ERASER = "e";

/** @typedef {[number, number]} Point its row and its column */
/** @typedef {{ ink: string, width: number, points: Point[] }} Stroke */

/** @param {Stroke[]} strokes */
export const formatStrokes = (strokes) => strokes.map(formatStroke).join(".") || NOTHING;

/** @param {Stroke} stroke */
const formatStroke = ({ ink, width, points }) =>
  `${ink}${width.toString(BASE)}${points.map((point) => point.map((at) => LETTERS[at]).join("")).join("")}`;

/** @param {string} text @returns {Stroke[]} */
export function parseStrokes(text) {
  if (text === NOTHING) return [];
  if (text.length > 2 * MOST_POINTS) throw new Error(say("explorer.drawing_long", { most: MOST_POINTS }));
  return text.split(".").map(parseStroke);
}

/** Whether a link can hold no more of a drawing. @param {Stroke[]} strokes */
export const isFull = (strokes) => formatStrokes(strokes).length > 2 * MOST_POINTS - 100;

/** @param {string} text @returns {Stroke} */
function parseStroke(text) {
  if (!FORM.test(text)) throw new Error(say("explorer.no_stroke", { text: text.slice(0, 20) }));
  const coordinates = [...text.slice(2)].map((letter) => LETTERS.indexOf(letter));
  /** @type {Point[]} */
  const points = Array.from({ length: coordinates.length / 2 }, (_, index) => [coordinates[2 * index], coordinates[2 * index + 1]]);
  return { ink: text.charAt(0), width: Number.parseInt(text.charAt(1), BASE), points };
}

/**
 * A stroke goes on to a point; where a pen is pressed more or less than before, in a piece of another width.
 * @param {Stroke[]} pieces of it, added to @param {Point} point @param {number} width
 */
export function lengthen(pieces, point, width) {
  const last = pieces[pieces.length - 1];
  const end = last.points.at(-1);
  if (!end) last.width = width;
  else if (String(end) === String(point)) return;
  if (!end || width === last.width) last.points.push(point);
  else pieces.push({ ink: last.ink, width, points: [end, point] });
}

/** The drawing as planes of cells, 0 where nothing is: one where it is white alone, else red, green and blue. @param {Stroke[]} strokes @returns {number[][][]} */
export function cellsOf(strokes) {
  const isGrey = strokes.every(({ ink }) => [WHITE, ERASER].includes(ink));
  return [0, 1, 2].slice(0, isGrey ? 1 : 3).map((channel) => planeOf(strokes, channel));
}

/** @param {Stroke[]} strokes @param {number} channel */
function planeOf(strokes, channel) {
  const cells = Array.from({ length: SIDE }, () => new Array(SIDE).fill(0));
  for (const { ink, width, points } of strokes)
    points.forEach((point, index) => {
      for (const at of cellsBetween(points[index - 1] ?? point, point)) dab(cells, at, width, INKS[ink]?.[channel] ?? 0);
    });
  return cells;
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

/** A drawing of each digit: one of the ways to write it in cnn_engine/data/skeletons.txt. */
export const SAMPLES = [
  "d5IgIiJlLoOqSrWsbtgtktpstrxq0o2l3i4g3d2a0XxVtUpTkSgSbSWTSUOVLXJaIdIg",
  "d5RXIh.d5Ih4h",
  "d5QUNXLZIcIeIhJlMoOqRqVqZpdnikpgucyZzXzVyTxTwTvVuWtYvaxdzf0i1l1n1q1t",
  "d5NUMXKaIdIgIiKlMoOqRqUpWoZnalcjdhegfhgkinjqmrpsssurxp0m2j4g3d2a0XyU",
  "d5JWhU.d5hUgs.d5Iq4o",
  "d5IrIX.d5IXcV.d5cVbYabZeYgZjbmdpfrismsqstrwpzn2k4h3e2a0XzU",
  "d5InKjMgPdSaWYaWfVjUnUrUvVyW0Y2a3d4g3j1mzoxqvrrrormqkoilhigghdjamYoV",
  "d5ITIs.d5IsNqSnXldijhqfxe4c",
  "d5egcdaaYXVWTVQWNXLYJZIcIeIgIiJlKnLoNpQpTpVpYnakciefgcjZlXoVrUuUxVzW1Y2a3d4g3j2m1ozqwrtrqroqlojlgieg",
  "d5RqOoLmJkIhHfIcKZMXOWRVUVWVZWbYdaecefdhbkZmXoVpTqRq.d5RqWqaqfqkqppuozn4n",
];
