// What the tasks look at: numbers of a trace, compared with each other. Nothing here computes one.

/** @import { AxisGeometry, Shown, TraceLike } from "../../types" */
/** @import { PairTimeline } from "../../timeline.js" */

import { linksOf } from "../../incidence.js";
import { listOf } from "../../nested.js";

/** @param {Shown} shown @returns {AxisGeometry[]} height and width, where the operation has windows */
export const axes = ({ trace }) => sidesOf(trace);

/** All the numbers of a tensor, in order. @param {TraceLike} trace @param {string} name @returns {number[]} */
export const flat = (trace, name) => [trace.tensors[name]?.values ?? []].flat(4).map(Number);

/** @param {TraceLike} trace @param {string} name */
export const shape = (trace, name) => trace.tensors[name]?.shape ?? [];

/** The channels of a tensor, row by row. @param {TraceLike} trace @param {string} name */
const channels = (trace, name) =>
  listOf(trace.tensors[name]?.values).map((plane) => listOf(plane).map((row) => listOf(row).map(Number)));

/** What the window of each output of the first channel holds, with that output. @param {TraceLike} trace */
export function windows(trace) {
  const [output = []] = channels(trace, "output");
  const padded = channels(trace, "padded_input");
  const read = (/** @type {number[]} */ index) =>
    linksOf(trace, { tensor: "output", index }).find(({ tensor }) => tensor === "padded_input")?.cells ?? [];
  return output.flatMap((row, i) =>
    row.map((value, j) => ({ value, cells: read([0, i, j]).map(([channel = 0, y = 0, x = 0]) => padded[channel]?.[y]?.[x]) })),
  );
}

/** Height and width of one of two traces, where it has windows. @param {TraceLike} trace @returns {AxisGeometry[]} */
export const sidesOf = ({ geometry }) => (geometry ? [geometry.height, geometry.width] : []);

/** Whether there is a cell of padding on any side. @param {TraceLike} trace */
export const hasPadding = (trace) => sidesOf(trace).some(({ padding }) => padding.some(Boolean));

/** The outputs up to the step that is shown: the others are not on the screen yet. @param {Pick<Shown, "step">} shown @param {TraceLike} trace */
export const outputsSoFar = ({ step }, trace) => flat(trace, "output").slice(0, step.index + 1);

/** @param {unknown[]} values */
export const allEqual = (values) => values.every((value) => value === values[0]);

/** The two traces of a page that compares. @param {Shown<PairTimeline>} shown @returns {[TraceLike, TraceLike]} */
export const both = ({ trace: { one, two } }) => [one, two];
