// What to try on the convolution page.

/** @import { Shown, Task } from "../../types" */

import { listOf } from "../../nested.js";
import { allEqual, axes, flat, outputsSoFar, shape, windows } from "./reading.js";
import { tasksOf } from "./rows.js";

/** How much of the input the value of a step depends on, where it is one of a second layer. @param {Shown} shown @returns {number[]} */
const seen = ({ trace, step }) =>
  trace.op === "stacked_conv2d" && step["layer"] === 1 ? listOf(step["field_size"]).map(Number) : [];

/** Whether both kernels of two layers are 3 × 3. @param {import("../../types").TraceLike} trace */
const isSmall = (trace) => ["weight", "second_weight"].every((name) => String(shape(trace, name)) === "1,1,3,3");

/** @type {Task[]} */
export const tasks = tasksOf("convolution", {
  negative: {
    step: true,
    met: (shown) => outputsSoFar(shown, shown.trace).some((value) => value < 0),
    way: "kernel=1,0;0,-1",
  },
  "same-size": {
    met: (shown) =>
      shown.trace.op === "conv2d" &&
      axes(shown).every((axis) => axis.output_size === axis.input_size) &&
      axes(shown).some((axis) => axis.kernel_size > 1),
    way: "padding=same",
  },
  "flat-and-edge": {
    step: true,
    met: ({ trace, step }) => {
      if (trace.op !== "conv2d") return false;
      const all = windows(trace).slice(0, step.index + 1);
      const level = all.filter(({ cells }) => allEqual(cells) && cells[0] !== 0);
      const onFlat = level.length > 0 && level.every(({ value }) => value === 0);
      return onFlat && all.some(({ cells, value }) => !allEqual(cells) && value !== 0);
    },
    way: "input=vertical-edge-7x7&kernel=vertical-edge-3x3&step=6",
  },
  reach: {
    met: (shown) =>
      axes(shown).length > 0 &&
      axes(shown).every((axis) => axis.effective_kernel_size === 5 && axis.kernel_size === 3),
    way: "input=blob-7x7&kernel=vertical-edge-3x3&dilation=2",
  },
  hierarchy: {
    met: (shown) => isSmall(shown.trace) && String(seen(shown)) === "5,5",
    step: true,
    way: "mode=stacked&input=cross-7x7&kernel=vertical-edge-3x3&step=25",
  },
  farther: {
    met: (shown) => isSmall(shown.trace) && seen(shown).some((side) => side > 5),
    step: true,
    way: "mode=stacked&input=cross-9x9&kernel=vertical-edge-3x3&stride=2&step=16",
  },
  turned: {
    met: (shown) =>
      shown.trace.comparison?.changed === 0 && axes(shown).some((axis) => axis.kernel_size > 1),
    way: "input=blob-7x7&kernel=gaussian-blur-3x3&flip=yes&step=24",
  },
  back: {
    met: ({ trace }) => {
      const [, rows = 0, cols = 0] = trace.tensors["output"]?.shape ?? [];
      const [, height = 0, width = 0] = trace.tensors["input"]?.shape ?? [];
      return trace.op === "conv_transpose2d" && rows > height && cols > width;
    },
    way: "mode=scatter&stride=2",
  },
  between: {
    met: ({ trace }) => {
      const given = new Set(flat(trace, "input"));
      return trace.op === "interpolate2d" && flat(trace, "output").some((value) => !given.has(value));
    },
    way: "mode=upsample&between=bilinear",
  },
});
