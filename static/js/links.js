// Which cells of other grids a cell has to do with: where indices meet, nothing more.

/** @import { AxisGeometry, Links, Pair, Panel, Step, TraceLike } from "./types" */

import { tensor } from "./frame.js";
import { transposedLinks } from "./links-transposed.js";

/** The links of any trace. @param {TraceLike} trace @param {Step} step @param {Panel[]} panels @returns {Links} */
export function linksFor(trace, step, panels) {
  const ids = panels.flatMap(({ grids }) => grids.map(({ id }) => id));
  if (trace.op === "conv_transpose2d") return transposedLinks(trace);
  if (trace.op === "flatten") return flattenLinks(trace);
  if (trace.op === "dense") return denseLinks(trace, ids.filter((id) => !id.startsWith("weight")));
  if (step["phase"]) return rowLinks(ids);
  if (!trace.geometry) return sameCell("input", "output");
  const links = windowLinks(trace, /** @type {number[]} */ (step.output_cell)[0] ?? 0);
  return panels.some(({ id }) => id === "visits") ? visitLinks(links, trace) : links;
}

/** @param {number} count */
export const upTo = (count) => Array.from({ length: count }, (_, index) => index);

/** Every pair of these rows and columns. @param {number[]} rows @param {number[]} cols @returns {Pair[]} */
export const cross = (rows, cols) => rows.flatMap((row) => cols.map((col) => /** @type {Pair} */ ([row, col])));

/** What a window reads along an axis, in the padded input. @param {AxisGeometry} axis @param {number} index of the output */
const taps = (axis, index) => upTo(axis.kernel_size).map((tap) => index * axis.stride + tap * axis.dilation);

/** Which outputs read a place of the padded input. @param {AxisGeometry} axis @param {number} place */
const readers = (axis, place) => upTo(axis.output_size).filter((index) => taps(axis, index).includes(place));

/** Every place that one tap of the kernel meets. @param {AxisGeometry} axis @param {number} tap */
const met = (axis, tap) => upTo(axis.output_size).map((index) => index * axis.stride + tap * axis.dilation);

/** The channel in the name of a grid: `input-2` → 2. @param {string} id */
const channelIn = (id) => Number(/-(\d+)/.exec(id)?.[1] ?? 0);

/**
 * A windowed operation: its input, its kernel where it has one, its output.
 * @param {TraceLike} trace @param {number} filter the one whose kernels are shown @returns {Links}
 */
export function windowLinks(trace, filter) {
  const { height, width } = /** @type {import("./types").Geometry} */ (trace.geometry);
  const weight = trace.tensors["weight"]?.shape;
  const [filters = 1] = tensor(trace, "output").shape;
  const depth = weight?.[1] ?? 1;
  const groups = weight ? Number(trace.params["groups"]) : filters;
  const first = (/** @type {number} */ output) => Math.floor(output / (filters / groups)) * depth;
  return (id, row, col) => {
    const channel = channelIn(id);
    if (id.startsWith("output"))
      return Object.fromEntries(
        upTo(depth).map((index) => [`input-${first(channel) + index}`, cross(taps(height, row), taps(width, col))]),
      );
    if (id.startsWith("input")) {
      const reading = upTo(filters).filter((output) => first(output) <= channel && channel < first(output) + depth);
      return Object.fromEntries(
        reading.map((output) => [`output-${output}`, cross(readers(height, row), readers(width, col))]),
      );
    }
    if (id.startsWith("kernel"))
      return { [`input-${first(filter) + channel}`]: cross(met(height, row), met(width, col)) };
    return {};
  };
}

/** A partial map beside a windowed operation: a cell of it has the window of one channel, and its place in the map. @param {Links} links @param {number} filter @returns {Links} */
export const partialLinks = (links, filter) => (id, row, col) => {
  const [, first, index] = /^partial-(\d+)-(\d+)$/.exec(id) ?? [];
  if (!index) return links(id, row, col);
  const input = `input-${Number(first) + Number(index)}`;
  const output = `output-${filter}`;
  return { [input]: links(output, row, col)[input] ?? [], [output]: [[row, col]] };
};

/** How often each cell is read, beside a windowed operation: a count belongs to a cell of the input, and to the outputs that read it. @param {Links} links @param {TraceLike} trace @returns {Links} */
export function visitLinks(links, trace) {
  const { height, width } = /** @type {import("./types").Geometry} */ (trace.geometry);
  const [top, left] = [height.padding[0], width.padding[0]];
  const within = (/** @type {number} */ row, /** @type {number} */ col) =>
    row >= 0 && col >= 0 && row < height.input_size && col < width.input_size;
  return (id, row, col) => {
    if (id.startsWith("visits")) return { "input-0": [[row + top, col + left]], ...links("input-0", row + top, col + left) };
    const counted = id.startsWith("input") && within(row - top, col - left);
    return { ...links(id, row, col), ...(counted ? { "visits-0": [[row - top, col - left]] } : {}) };
  };
}

/** Cells that stand at the same place of two grids. @param {string} one @param {string} other @returns {Links} */
export const sameCell = (one, other) => (id, row, col) => {
  const to = id.startsWith(one) ? id.replace(one, other) : id.startsWith(other) ? id.replace(other, one) : "";
  return to ? { [to]: [[row, col]] } : {};
};

/** Flattening: a cell and its place in the line. @param {TraceLike} trace @returns {Links} */
export function flattenLinks(trace) {
  const [, rows = 1, cols = 1] = tensor(trace, "input").shape;
  return (id, row, col) => {
    if (id.startsWith("input")) return { "output-0": [[0, (channelIn(id) * rows + row) * cols + col]] };
    const [channel, rest] = [Math.floor(col / (rows * cols)), col % (rows * cols)];
    return { [`input-${channel}`]: [[Math.floor(rest / cols), rest % cols]] };
  };
}

/** Dense layers: `names` are the grids of the values, the input first. @param {TraceLike} trace @param {string[]} names @returns {Links} */
export function denseLinks(trace, names) {
  const column = (/** @type {number} */ count, /** @type {number} */ col) => cross(upTo(count), [col]);
  const shape = (/** @type {number} */ layer) => /** @type {Pair} */ (tensor(trace, `${layer}.weight`).shape);
  return (id, row, col) => {
    if (id.startsWith("weight")) {
      const layer = channelIn(id);
      return { [names[layer] ?? ""]: [[col, 0]], [names[layer + 1] ?? ""]: [[row, 0]] };
    }
    const place = names.indexOf(id);
    const before = place > 0 ? shape(place - 1) : null;
    const after = place < names.length - 1 ? shape(place) : null;
    return {
      ...(before
        ? { [`weight-${place - 1}`]: cross([row], upTo(before[1])), [names[place - 1] ?? ""]: column(before[1], 0) }
        : {}),
      ...(after ? { [`weight-${place}`]: column(after[0], row), [names[place + 1] ?? ""]: column(after[0], 0) } : {}),
    };
  };
}

/** Several columns in which a row is one value on its way. @param {string[]} ids @returns {Links} */
export const rowLinks = (ids) => (id, row, col) =>
  Object.fromEntries(ids.filter((other) => other !== id).map((other) => [other, [[row, col]]]));

/** The links of one of two settings side by side. @param {Links} links @param {string} prefix @returns {Links} */
export const prefixed = (links, prefix) => (id, row, col) =>
  Object.fromEntries(
    Object.entries(links(id.slice(prefix.length), row, col)).map(([to, cells]) => [prefix + to, cells]),
  );
