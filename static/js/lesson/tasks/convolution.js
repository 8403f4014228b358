// What to try on the convolution page.

/** @import { Task } from "../../types" */

import { allEqual, axes, flat, windows } from "./reading.js";

/** @type {Task[]} */
export const tasks = [
  {
    name: "negative",
    ask: "Make some output negative.",
    met: ({ trace }) => flat(trace, "output").some((value) => value < 0),
    said: "A negative weight took away more than the others brought.",
    way: "kernel=1,0;0,-1",
  },
  {
    name: "same-size",
    ask: "Make the output as large as the input, with a kernel larger than one cell.",
    met: (shown) =>
      shown.trace.op === "conv2d" &&
      axes(shown).every((axis) => axis.output_size === axis.input_size) &&
      axes(shown).some((axis) => axis.kernel_size > 1),
    said: "With a stride of 1 it takes just as much padding as the kernel would cut off.",
    way: "padding=same",
  },
  {
    name: "flat-and-edge",
    ask: "Find a kernel that gives 0 on a flat area and not on an edge.",
    met: ({ trace }) => {
      if (trace.op !== "conv2d") return false;
      const all = windows(trace);
      const level = all.filter(({ cells }) => allEqual(cells) && cells[0] !== 0);
      const onFlat = level.length > 0 && level.every(({ value }) => value === 0);
      return onFlat && all.some(({ cells, value }) => !allEqual(cells) && value !== 0);
    },
    said: "Its weights cancel where all values are alike; only a difference is left.",
    way: "input=vertical-edge-7x7&kernel=vertical-edge-3x3&step=6",
  },
  {
    name: "reach",
    ask: "Reach over 5 × 5 cells with nine weights.",
    met: (shown) =>
      axes(shown).length > 0 &&
      axes(shown).every((axis) => axis.effective_kernel_size === 5 && axis.kernel_size === 3),
    said: "Dilation spreads the weights: the window grows, their number does not.",
    way: "input=blob-7x7&kernel=vertical-edge-3x3&dilation=2",
  },
  {
    name: "turned",
    ask: "Flip a kernel of more than one cell without any change of the output.",
    met: (shown) =>
      shown.trace.comparison?.changed === 0 && axes(shown).some((axis) => axis.kernel_size > 1),
    said: "Turned by half a turn it is the same: then the two meanings of convolution agree.",
    way: "input=blob-7x7&kernel=gaussian-blur-3x3&flip=yes&step=24",
  },
  {
    name: "back",
    ask: "Turn the direction round, so that the output is larger than the input.",
    met: ({ trace }) => {
      const [, rows = 0, cols = 0] = trace.tensors["output"]?.shape ?? [];
      const [, height = 0, width = 0] = trace.tensors["input"]?.shape ?? [];
      return trace.op === "conv_transpose2d" && rows > height && cols > width;
    },
    said: "Transposed: every input cell lays a whole kernel down.",
    way: "mode=scatter&stride=2",
  },
  {
    name: "between",
    ask: "Enlarge the input without a kernel, so that the output holds values that the input has not.",
    met: ({ trace }) => {
      const given = new Set(flat(trace, "input"));
      return trace.op === "interpolate2d" && flat(trace, "output").some((value) => !given.has(value));
    },
    said: "Bilinear upsampling weighs the nearest values by how near they are; the nearest alone are only repeated.",
    way: "mode=upsample&between=bilinear",
  },
];
