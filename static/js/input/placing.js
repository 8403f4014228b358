// Where numbers that were read go: into one cell, into one grid, or into all grids of a field.

/** @import { Pair } from "../types" */

import { say } from "../words.js";

/**
 * @typedef {object} Sheet grids that can be filled
 * @property {string} label
 * @property {string} array what programs call it
 * @property {() => number[][][]} planes what they hold now
 * @property {() => { height: Pair, width: Pair } | null} limits how large they can become; null where they keep their size
 * @property {(planes: number[][][]) => Promise<string>} keep says why it cannot be, where it cannot
 * @property {(sentence: string) => void} tell
 */
/** @typedef {{ channel: number, cell?: Pair | undefined }} GridSpot which of the grids, and where one number alone goes */

/** @param {Pair} size */
const shown = ([height, width]) => `${height} × ${width}`;

/** @param {number[][] | undefined} plane @returns {Pair} */
const sizeOf = (plane = []) => [plane.length, plane[0]?.length ?? 0];

/** Whether both are one line of the same length, the one lying and the other standing. @param {Pair} now @param {Pair} given */
const isTurned = (now, given) => Math.min(...now) === 1 && now[0] === given[1] && now[1] === given[0];

/** @param {string} label @param {Pair} now @param {Pair} given @param {{ height: Pair, width: Pair } | null} limits @param {number} count */
function checkSize(label, now, given, limits, count) {
  if (shown(now) === shown(given)) return;
  const sizes = { label, now: shown(now), given: shown(given) };
  if (!limits) throw new Error(say("fill.keeps_size", sizes));
  if (count > 1) throw new Error(say("fill.one_size", { ...sizes, count }));
  const { height, width } = limits;
  const fits = given[0] >= height[0] && given[0] <= height[1] && given[1] >= width[0] && given[1] <= width[1];
  if (fits) return;
  const [[least_rows, most_rows], [least_columns, most_columns]] = [height, width];
  throw new Error(say("fill.ranges", { label, given: shown(given), least_rows, most_rows, least_columns, most_columns }));
}

/**
 * The grids of a sheet with what was read in its place.
 * @param {{ label: string, now: number[][][], room: { height: Pair, width: Pair } | null }} sheet what it holds, and how large its grids can become
 * @param {GridSpot} spot @param {number[][][]} given @returns {number[][][]}
 */
export function inserted({ label, now, room }, { channel, cell }, given) {
  const [first = []] = given;
  const size = sizeOf(now[channel]);
  if (given.length > 1) {
    if (given.length !== now.length) throw new Error(say("fill.grids", { given: given.length, label, now: now.length }));
    checkSize(label, size, sizeOf(first), room, 1); // all of them change: they stay of one size
    return given;
  }
  if (cell && first.length === 1 && first[0]?.length === 1) {
    const plane = now[channel] ?? [];
    return now.with(channel, plane.with(cell[0], (plane[cell[0]] ?? []).with(cell[1], first[0][0] ?? 0)));
  }
  const values = !room && isTurned(size, sizeOf(first)) ? turned(first) : first;
  checkSize(label, size, sizeOf(values), room, now.length);
  return now.with(channel, values);
}

/** A row as a column, a column as a row. @param {number[][]} plane */
const turned = (plane) => (plane[0] ?? []).map((_, col) => plane.map((row) => row[col] ?? 0));
