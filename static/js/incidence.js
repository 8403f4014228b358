// Which cells have to do with one that is pointed at: looked up in the tables that came with the trace.

/** @import { Cell, Rule, TraceLike } from "./types" */

import { listOf, pairIn, within } from "./nested.js";

/** The entry of a table for a cell. @param {unknown} table @param {number[]} by @param {number[]} index @returns {unknown} */
const entry = (table, by, index) => within(table, by.map((axis) => index[axis] ?? -1));

/** The indices along one axis that have to do with a cell. @param {Rule} rule @param {number[]} index @returns {number[]} */
function along({ by = [], at, step = 1, lists }, index) {
  if (lists) return listOf(entry(lists, by, index)).map(Number);
  const found = at === undefined ? index[by[0] ?? 0] : entry(at, by, index);
  if (typeof found === "number") return found < 0 ? [] : [found];
  const [first, count] = pairIn(listOf(found));
  return Array.from({ length: count }, (_, index) => first + index * step);
}

/** Every cell with one of these indices along each axis. @param {number[][]} axes @returns {number[][]} */
const cross = (axes) =>
  axes.reduce((/** @type {number[][]} */ cells, indices) => cells.flatMap((cell) => indices.map((one) => [...cell, one])), [[]]);

/**
 * The cells of other tensors that a cell has to do with.
 * @param {Pick<TraceLike, "links">} trace @param {Cell} cell @returns {{ tensor: string, cells: number[][] }[]}
 */
export function linksOf(trace, { tensor, index }) {
  return Object.entries(trace.links?.[tensor] ?? {})
    .map(([other, rules]) => ({ tensor: other, cells: cross(rules.map((rule) => along(rule, index))) }))
    .filter(({ cells }) => cells.length > 0);
}
