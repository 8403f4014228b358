// What to try on the pooling page.

/** @import { Shown, Task } from "../../types" */

import { indicesIn } from "../../nested.js";
import { PairTimeline } from "../../timeline.js";
import { axes, flat, shape, sidesOf } from "./reading.js";
import { tasksOf } from "./rows.js";

/** Whether the window of a step is the last one down or across, and that reaches beyond the edge. @param {Shown} shown */
function isBeyond({ trace, step }) {
  const own = trace instanceof PairTimeline ? trace.at(step.index)?.one : step;
  const [, ...cell] = indicesIn(own?.output_cell);
  return sidesOf(trace).some(({ overhang, output_size: size }, axis) => overhang > 0 && cell[axis] === size - 1);
}

/** @type {Task[]} */
export const tasks = tasksOf("pooling", {
  channels: {
    met: ({ trace }) => Number(shape(trace, "input")[0]) >= 3,
    way: "input=random-6x6x3-1",
  },
  "same-size": {
    met: (shown) => axes(shown).every((axis) => axis.output_size >= axis.input_size && axis.kernel_size > 1),
    way: "kernel_size=3&stride=1&padding=1",
  },
  overhang: {
    step: true,
    met: isBeyond,
    way: "input=blob-7x7&ceil_mode=yes&step=15",
  },
  divisor: {
    step: true,
    met: ({ step }) => typeof step.divisor === "number" && step.divisor < [step.window].flat(2).length,
    way: "pool=avg&padding=1&count_include_pad=no&kernel_size=3&stride=2",
  },
  forgiven: {
    met: ({ trace }) => trace.comparison?.changed === 0 && flat(trace, "output").some((value) => value !== 0),
    way: "input=0,0,0,0;0,0,0,0;9,0,0,0;0,0,0,0&shift=right&step=3",
  },
  one: {
    met: ({ trace }) => shape(trace, "output").slice(1).every((side) => side === 1),
    way: "pool=global_avg",
  },
});
