// What to try on the convolution page.

/** @import { Shown, Task } from "../../types" */

import { listOf } from "../../nested.js";
import { say } from "../../words.js";
import { allEqual, axes, flat, outputsSoFar, shape, windows } from "./reading.js";

/** How much of the input the value of a step depends on, where it is one of a second layer. @param {Shown} shown @returns {number[]} */
const seen = ({ trace, step }) =>
  trace.op === "stacked_conv2d" && step["layer"] === 1 ? listOf(step["field_size"]).map(Number) : [];

/** Whether both kernels of two layers are 3 × 3. @param {import("../../types").TraceLike} trace */
const isSmall = (trace) => ["weight", "second_weight"].every((name) => String(shape(trace, name)) === "1,1,3,3");

/** @type {Task[]} */
export const tasks = [
  {
    name: "negative",
    ask: say("tasks.convolution.negative"),
    step: true,
    met: (shown) => outputsSoFar(shown, shown.trace).some((value) => value < 0),
    seen: say("tasks.convolution.negative_met"),
    way: "kernel=1,0;0,-1",
  },
  {
    name: "same-size",
    ask: say("tasks.convolution.same_size"),
    met: (shown) =>
      shown.trace.op === "conv2d" &&
      axes(shown).every((axis) => axis.output_size === axis.input_size) &&
      axes(shown).some((axis) => axis.kernel_size > 1),
    seen: say("tasks.convolution.same_size_met"),
    way: "padding=same",
  },
  {
    name: "flat-and-edge",
    ask: say("tasks.convolution.flat_and_edge"),
    step: true,
    met: ({ trace, step }) => {
      if (trace.op !== "conv2d") return false;
      const all = windows(trace).slice(0, step.index + 1);
      const level = all.filter(({ cells }) => allEqual(cells) && cells[0] !== 0);
      const onFlat = level.length > 0 && level.every(({ value }) => value === 0);
      return onFlat && all.some(({ cells, value }) => !allEqual(cells) && value !== 0);
    },
    seen: say("tasks.convolution.flat_and_edge_met"),
    way: "input=vertical-edge-7x7&kernel=vertical-edge-3x3&step=6",
  },
  {
    name: "reach",
    ask: say("tasks.convolution.reach"),
    met: (shown) =>
      axes(shown).length > 0 &&
      axes(shown).every((axis) => axis.effective_kernel_size === 5 && axis.kernel_size === 3),
    seen: say("tasks.convolution.reach_met"),
    way: "input=blob-7x7&kernel=vertical-edge-3x3&dilation=2",
  },
  {
    name: "hierarchy",
    ask: say("tasks.convolution.hierarchy"),
    met: (shown) => isSmall(shown.trace) && String(seen(shown)) === "5,5",
    step: true,
    seen: say("tasks.convolution.hierarchy_met"),
    way: "mode=stacked&input=cross-7x7&kernel=vertical-edge-3x3&step=25",
  },
  {
    name: "farther",
    ask: say("tasks.convolution.farther"),
    met: (shown) => isSmall(shown.trace) && seen(shown).some((side) => side > 5),
    step: true,
    seen: say("tasks.convolution.farther_met"),
    way: "mode=stacked&input=cross-9x9&kernel=vertical-edge-3x3&stride=2&step=16",
  },
  {
    name: "turned",
    ask: say("tasks.convolution.turned"),
    met: (shown) =>
      shown.trace.comparison?.changed === 0 && axes(shown).some((axis) => axis.kernel_size > 1),
    seen: say("tasks.convolution.turned_met"),
    way: "input=blob-7x7&kernel=gaussian-blur-3x3&flip=yes&step=24",
  },
  {
    name: "back",
    ask: say("tasks.convolution.back"),
    met: ({ trace }) => {
      const [, rows = 0, cols = 0] = trace.tensors["output"]?.shape ?? [];
      const [, height = 0, width = 0] = trace.tensors["input"]?.shape ?? [];
      return trace.op === "conv_transpose2d" && rows > height && cols > width;
    },
    seen: say("tasks.convolution.back_met"),
    way: "mode=scatter&stride=2",
  },
  {
    name: "between",
    ask: say("tasks.convolution.between"),
    met: ({ trace }) => {
      const given = new Set(flat(trace, "input"));
      return trace.op === "interpolate2d" && flat(trace, "output").some((value) => !given.has(value));
    },
    seen: say("tasks.convolution.between_met"),
    way: "mode=upsample&between=bilinear",
  },
];
