// What to try on the channels page.

/** @import { Task } from "../../types" */

import { axes, shape } from "./reading.js";

/** @type {Task[]} */
export const tasks = [
  {
    name: "more",
    ask: "Let more maps come out than channels went in.",
    met: ({ trace }) => Number(shape(trace, "output")[0]) > Number(shape(trace, "input")[0]),
    said: "As many maps as filters: this is how a network grows in depth while its maps shrink.",
    way: "filters=4&weight=random-3x3x12-4&bias=0;0;0;0",
  },
  {
    name: "apart",
    ask: "Keep the channels apart: each with a filter that reads no other.",
    met: ({ trace }) => {
      const [channels = 0] = shape(trace, "input");
      return channels > 1 && trace.params["groups"] === channels;
    },
    said: "Depthwise: nothing is summed over channels any more.",
    way: "filters=3&groups=3&weight=random-3x3x3-4&bias=0;0;0",
  },
  {
    name: "mix",
    ask: "Only mix the channels, without looking sideways.",
    met: (shown) => axes(shown).every((axis) => axis.kernel_size === 1) && Number(shape(shown.trace, "input")[0]) > 1,
    said: "A 1 × 1 kernel: one weight for each channel at every place.",
    way: "weight=random-1x1x6-4",
  },
  {
    name: "few",
    ask: "Read three channels or more with at most ten parameters.",
    met: ({ trace }) => Number(shape(trace, "input")[0]) >= 3 && Number(trace.counts?.["parameters"]) <= 10,
    said: "Small kernels, few filters or many groups: each of them saves weights.",
    way: "weight=random-1x1x6-4",
  },
];
