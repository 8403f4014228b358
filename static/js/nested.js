// Arrays as answers have them, in lists within lists, read as values, planes and volumes.

/** @import { Pair } from "./types" */

/** @typedef {number | null} Value a number, or none */
/** @typedef {Value[][]} Plane */

/** A list as it is; what is none, as an empty one. @param {unknown} value @returns {unknown[]} */
export const listOf = (value) => (Array.isArray(value) ? value : []);

/** What stands at these indices. @param {unknown} lists @param {(number | string)[]} indices @returns {unknown} */
export const within = (lists, indices) => indices.reduce((/** @type {unknown} */ found, index) => listOf(found)[Number(index)], lists);

/** @param {unknown} value @returns {Value} */
export const valueOf = (value) => (typeof value === "number" ? value : null);

/** All the values, row by row. @param {unknown} lists */
export const valuesIn = (lists) => [lists].flat(5).map(valueOf);

/** An index, a place or a pair of sizes. @param {unknown} value @returns {number[]} */
export const indicesIn = (value) => [value].flat().map(Number);

/** The first two of several numbers. @param {unknown} value @returns {Pair} */
export function pairIn(value) {
  const [first = 0, second = 0] = indicesIn(value);
  return [first, second];
}

/** Which of the planes of an array of this shape a cell is on: counted over all axes but the last two. @param {number[]} cell @param {number[]} shape */
export const planeAt = (cell, shape) => cell.slice(-shape.length, -2).reduce((number, at, axis) => number * (shape[axis] ?? 1) + at, 0);

/** @param {unknown} rows @returns {Plane} */
export const planeOf = (rows) => listOf(rows).map((row) => listOf(row).map(valueOf));

/** An array of maps as planes of rows. @param {unknown} maps @returns {Plane[]} */
export const mapsOf = (maps) => listOf(maps).map(planeOf);

/** An array as planes of rows; a line is a column of one. @param {unknown[]} values @returns {Plane[]} */
export function planesOf(values) {
  if (!Array.isArray(values[0])) return [values.map((value) => [valueOf(value)])];
  return Array.isArray(values[0][0]) ? values.map(planeOf) : [planeOf(values)];
}

/** An array as planes of rows; a line is a row of one. @param {unknown} values @returns {unknown[][][]} */
export function volumeOf(values) {
  const outer = listOf(values);
  if (!Array.isArray(outer[0])) return [[outer]];
  return Array.isArray(outer[0][0]) ? outer.map((plane) => listOf(plane).map(listOf)) : [outer.map(listOf)];
}

/** A line as planes of so many rows and columns. @param {unknown} values @param {Pair} shape @returns {unknown[][][]} */
export function cut(values, [rows, cols]) {
  const line = listOf(values);
  return Array.from({ length: line.length / rows / cols }, (_, k) =>
    Array.from({ length: rows }, (_, i) => line.slice((k * rows + i) * cols, (k * rows + i + 1) * cols)),
  );
}
