// What to try on the pooling page.

/** @import { Task } from "../../types" */

import { axes, flat, shape } from "./reading.js";

/** @type {Task[]} */
export const tasks = [
  {
    name: "channels",
    ask: "Pool three channels and see how many come out.",
    met: ({ trace }) => Number(shape(trace, "input")[0]) >= 3,
    said: "As many as went in: each channel is pooled by itself.",
    way: "input=random-6x6x3-1",
  },
  {
    name: "same-size",
    ask: "Pool without making the map smaller, with windows larger than one cell.",
    met: (shown) => axes(shown).every((axis) => axis.output_size === axis.input_size && axis.kernel_size > 1),
    said: "It is the stride that shrinks, not the window.",
    way: "kernel_size=3&stride=1&padding=1",
  },
  {
    name: "overhang",
    ask: "Let the last window reach beyond the edge.",
    met: (shown) => axes(shown).some((axis) => axis.overhang > 0),
    said: "Rounded up instead of down, nothing stays unread; the average counts only what is there.",
    way: "input=blob-7x7&ceil_mode=yes&step=15",
  },
  {
    name: "divisor",
    ask: "Step to an average that is divided by less than the number of cells in its window.",
    step: true,
    met: ({ step }) => typeof step.divisor === "number" && step.divisor < [step.window].flat(2).length,
    said: "Cells that hold no value of the input need not be counted.",
    way: "pool=avg&padding=1&count_include_pad=no&kernel_size=3&stride=2",
  },
  {
    name: "forgiven",
    ask: "Move the input by one cell so that no output changes, although some are not 0.",
    met: ({ trace }) => trace.comparison?.changed === 0 && flat(trace, "output").some((value) => value !== 0),
    said: "The largest value moved within its window: max pooling does not see that.",
    way: "input=0,0,0,0;0,0,0,0;9,0,0,0;0,0,0,0&shift=right&step=3",
  },
  {
    name: "one",
    ask: "Leave one number of each channel.",
    met: ({ trace }) => shape(trace, "output").slice(1).every((side) => side === 1),
    said: "Global pooling: the whole map is one window, whatever its size.",
    way: "pool=global_avg",
  },
];
