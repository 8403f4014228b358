// What to try on the pooling page.

/** @import { Shown, Task } from "../../types" */

import { indicesIn } from "../../nested.js";
import { PairTimeline } from "../../timeline.js";
import { say } from "../../words.js";
import { axes, flat, shape, sidesOf } from "./reading.js";

/** Whether the window of a step is the last one down or across, and that reaches beyond the edge. @param {Shown} shown */
function isBeyond({ trace, step }) {
  const own = trace instanceof PairTimeline ? trace.at(step.index)?.one : step;
  const [, ...cell] = indicesIn(own?.output_cell);
  return sidesOf(trace).some(({ overhang, output_size: size }, axis) => overhang > 0 && cell[axis] === size - 1);
}

/** @type {Task[]} */
export const tasks = [
  {
    name: "channels",
    ask: say("tasks.pooling.channels"),
    met: ({ trace }) => Number(shape(trace, "input")[0]) >= 3,
    seen: say("tasks.pooling.channels_met"),
    way: "input=random-6x6x3-1",
  },
  {
    name: "same-size",
    ask: say("tasks.pooling.same_size"),
    met: (shown) => axes(shown).every((axis) => axis.output_size >= axis.input_size && axis.kernel_size > 1),
    seen: say("tasks.pooling.same_size_met"),
    way: "kernel_size=3&stride=1&padding=1",
  },
  {
    name: "overhang",
    ask: say("tasks.pooling.overhang"),
    step: true,
    met: isBeyond,
    seen: say("tasks.pooling.overhang_met"),
    way: "input=blob-7x7&ceil_mode=yes&step=15",
  },
  {
    name: "divisor",
    ask: say("tasks.pooling.divisor"),
    step: true,
    met: ({ step }) => typeof step.divisor === "number" && step.divisor < [step.window].flat(2).length,
    seen: say("tasks.pooling.divisor_met"),
    way: "pool=avg&padding=1&count_include_pad=no&kernel_size=3&stride=2",
  },
  {
    name: "forgiven",
    ask: say("tasks.pooling.forgiven"),
    met: ({ trace }) => trace.comparison?.changed === 0 && flat(trace, "output").some((value) => value !== 0),
    seen: say("tasks.pooling.forgiven_met"),
    way: "input=0,0,0,0;0,0,0,0;9,0,0,0;0,0,0,0&shift=right&step=3",
  },
  {
    name: "one",
    ask: say("tasks.pooling.one"),
    met: ({ trace }) => shape(trace, "output").slice(1).every((side) => side === 1),
    seen: say("tasks.pooling.one_met"),
    way: "pool=global_avg",
  },
];
