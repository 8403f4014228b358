// What the frames of several operations share: reading tensors and making grids. Nothing here computes a value.

/** @import { GridModel, Region, Step, Tensor, TraceLike } from "../types" */

import { strongest } from "../draw/scale.js";

/** @typedef {(number | null)[][]} Plane */

/** The channels of a tensor. @param {Tensor | undefined} tensor @returns {Plane[]} */
export const channelsOf = (tensor) => /** @type {Plane[]} */ (tensor?.values ?? []);

/** The strongest magnitude in a tensor, kept with it: frames are made many times a second. */
const strengths = new WeakMap();
/** @param {Tensor} tensor @returns {number} */
export function strengthOf(tensor) {
  if (!strengths.has(tensor)) {
    const flat = /** @type {(number | null)[]} */ (/** @type {unknown[]} */ (tensor.values).flat(3));
    strengths.set(tensor, strongest(flat));
  }
  return strengths.get(tensor);
}

/** @type {WeakMap<Plane, (number | null)[]>} */
const flattened = new WeakMap();
/** The values of a plane row by row, kept with it like its strength. @param {Plane} plane */
export function flat(plane) {
  let values = flattened.get(plane);
  if (!values) flattened.set(plane, (values = plane.flat()));
  return values;
}

/** A tensor by name; a frame is never made without it. @param {TraceLike} trace @param {string} name @returns {Tensor} */
export function tensor(trace, name) {
  const found = trace.tensors[name];
  if (!found) throw new Error(`the trace of ${trace.op} has no tensor ${name}`);
  return found;
}

/** @param {Partial<GridModel> & Pick<GridModel, "id" | "label" | "values" | "cols">} parts @returns {GridModel} */
export const grid = (parts) => ({
  rows: Math.ceil(parts.values.length / parts.cols),
  max: 0,
  inside: null,
  filled: Number.POSITIVE_INFINITY,
  region: null,
  marked: null,
  edit: null,
  firstStep: null,
  wrap: false,
  ...parts,
});

/** @param {string} name @param {number} channel @param {number} count */
export const numbered = (name, channel, count) => (count > 1 ? `${name}, channel ${channel + 1}` : name);

/** @param {{ height: { input_size: number }, width: { input_size: number } }} geometry */
export const inputSize = ({ height, width }) => `${height.input_size} × ${width.input_size}`;

/** @param {{ padding: number[] }} height @param {{ padding: number[] }} width */
export function paddingNote(height, width) {
  const sides = [...height.padding, ...width.padding];
  if (sides.every((side) => side === sides[0])) return sides[0] ? `, padding ${sides[0]}` : "";
  return `, padding ${sides[0]} above, ${sides[1]} below, ${sides[2]} left, ${sides[3]} right`;
}

/** The padded input with the window over it, one grid a channel. @param {TraceLike} trace @param {Step} step @param {number[]} channels those that the step reads */
export function inputGrids(trace, step, channels) {
  const { height, width } = /** @type {import("../types").Geometry} */ (trace.geometry);
  const padded = tensor(trace, "padded_input");
  const planes = channelsOf(padded);
  const [row = 0, col = 0] = step.position ?? [];
  /** @type {Region} */
  const region = {
    row,
    col,
    height: height.kernel_size,
    width: width.kernel_size,
    rowStep: height.dilation,
    colStep: width.dilation,
  };
  const inside = { row: height.padding[0], col: width.padding[0], height: height.input_size, width: width.input_size };
  const max = strengthOf(padded);
  return planes.map((plane, channel) =>
    grid({
      id: `input-${channel}`,
      label: numbered("Input", channel, planes.length),
      cols: (plane[0]?.length ?? 0) + width.overhang,
      values: overhung(plane, height.overhang, width.overhang),
      max,
      inside,
      region: channels.includes(channel) ? region : null,
      edit: { field: "input", channel },
    }),
  );
}

/** A plane with the cells that a last window of ceil_mode reaches beyond it: nothing is there. @param {Plane} plane @param {number} below @param {number} right */
function overhung(plane, below, right) {
  if (!below && !right) return flat(plane);
  const beyond = new Array(right).fill(undefined);
  const rows = plane.flatMap((row) => [...row, ...beyond]);
  return [...rows, ...new Array(below * ((plane[0]?.length ?? 0) + right)).fill(undefined)];
}

/** The output, filled as far as the step, one grid a channel. @param {TraceLike} trace @param {Step} step */
export function outputGrids(trace, step) {
  const output = tensor(trace, "output");
  const planes = channelsOf(output);
  const [, rows = 1, cols = 1] = output.shape;
  const [channel, row, col] = /** @type {number[]} */ (step.output_cell);
  return planes.map((plane, index) =>
    grid({
      id: `output-${index}`,
      label: planes.length > 1 ? `Output, channel ${index + 1}` : "Output",
      cols,
      values: flat(plane),
      max: strengthOf(output),
      filled: step.index + 1 - index * rows * cols,
      region: index === channel ? { row: row ?? 0, col: col ?? 0, height: 1, width: 1, rowStep: 1, colStep: 1 } : null,
      firstStep: index * rows * cols,
    }),
  );
}

/** @param {number[]} cell channel, row, column @param {number} channels */
export function whereTo([channel = 0, row = 0, col = 0], channels) {
  const place = `row ${row + 1}, column ${col + 1}`;
  return channels > 1 ? `output (channel ${channel + 1}, ${place})` : `output (${place})`;
}
