// What the tasks look at: numbers of a trace, compared with each other. Nothing here computes one.

/** @import { AxisGeometry, Shown, TraceLike } from "../../types" */

/** @param {Shown} shown @returns {AxisGeometry[]} height and width, where the operation has windows */
export const axes = ({ trace }) => (trace.geometry ? [trace.geometry.height, trace.geometry.width] : []);

/** All the numbers of a tensor, in order. @param {TraceLike} trace @param {string} name @returns {number[]} */
export const flat = (trace, name) => /** @type {number[]} */ ([trace.tensors[name]?.values ?? []].flat(4));

/** @param {TraceLike} trace @param {string} name */
export const shape = (trace, name) => trace.tensors[name]?.shape ?? [];

/** @param {TraceLike} trace the channels of the padded input */
const padded = (trace) => /** @type {number[][][]} */ (trace.tensors["padded_input"]?.values ?? []);

/** What the window of each output of the first channel holds, with that output. @param {TraceLike} trace */
export function windows(trace) {
  const output = /** @type {number[][][]} */ (trace.tensors["output"]?.values)[0] ?? [];
  const { height, width } = /** @type {import("../../types").Geometry} */ (trace.geometry);
  const taps = (/** @type {AxisGeometry} */ axis, /** @type {number} */ index) =>
    Array.from({ length: axis.kernel_size }, (_, tap) => index * axis.stride + tap * axis.dilation);
  return output.flatMap((row, i) =>
    row.map((value, j) => ({
      value,
      cells: padded(trace).flatMap((plane) =>
        taps(height, i).flatMap((y) => taps(width, j).map((x) => /** @type {number} */ (plane[y]?.[x]))),
      ),
    })),
  );
}

/** Whether some padded cell holds something else than 0. @param {TraceLike} trace */
export function isPaddedWithValues(trace) {
  const { height, width } = /** @type {import("../../types").Geometry} */ (trace.geometry);
  const inside = (/** @type {AxisGeometry} */ axis, /** @type {number} */ place) =>
    place >= axis.padding[0] && place < axis.padding[0] + axis.input_size;
  return padded(trace).some((plane) =>
    plane.some((row, y) => row.some((value, x) => value !== 0 && !(inside(height, y) && inside(width, x)))),
  );
}

/** @param {unknown[]} values */
export const allEqual = (values) => values.every((value) => value === values[0]);

/** The two traces of a page that compares. @param {Shown} shown @returns {[TraceLike, TraceLike]} */
export function both({ trace }) {
  const { one, two } = /** @type {import("../../timeline.js").PairTimeline} */ (trace);
  return [one, two];
}
