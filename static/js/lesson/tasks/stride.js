// What to try on the stride page.

/** @import { Shown, Task, TraceLike } from "../../types" */
/** @import { PairTimeline } from "../../timeline.js" */

import { say } from "../../words.js";
import { both, outputsSoFar, shape } from "./reading.js";

/** @param {TraceLike} trace */
const sides = (trace) => [trace.geometry?.height, trace.geometry?.width];

/** Whether it moves by more than one cell each way. @param {TraceLike} trace */
const strides = (trace) => sides(trace).every((axis) => (axis?.stride ?? 0) > 1);

/** @type {Task<Shown<PairTimeline>>[]} */
export const tasks = [
  {
    name: "nothing-unread",
    ask: say("tasks.stride.nothing_unread"),
    met: (shown) => both(shown).some((trace) => strides(trace) && sides(trace).every((axis) => axis?.unread === 0)),
    seen: say("tasks.stride.nothing_unread_met"),
    way: "other=3",
  },
  {
    name: "both-kinds",
    step: true,
    ask: say("tasks.stride.both_kinds"),
    met: (shown) =>
      both(shown).some((trace) => {
        const output = outputsSoFar(shown, trace);
        return strides(trace) && output.some((value) => value > 0) && output.some((value) => value < 0);
      }),
    seen: say("tasks.stride.both_kinds_met"),
    way: "other=3&step=1",
  },
  {
    name: "same-size",
    ask: say("tasks.stride.same_size"),
    met: (shown) => {
      const [one, two] = both(shown);
      const different = sides(one).some((axis, index) => axis?.stride !== sides(two)[index]?.stride);
      return different && String(shape(one, "output")) === String(shape(two, "output"));
    },
    seen: say("tasks.stride.same_size_met"),
    way: "stride=2&other=3",
  },
  {
    name: "apart",
    ask: say("tasks.stride.apart"),
    met: (shown) =>
      both(shown).some((trace) => {
        const [, rows = 0, cols = 0] = shape(trace, "output");
        return cols > rows && trace.geometry?.height.stride !== trace.geometry?.width.stride;
      }),
    seen: say("tasks.stride.apart_met"),
    way: "other=3x1",
  },
];
