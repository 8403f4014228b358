// What to try on the stride page.

/** @import { Shown, Task, TraceLike } from "../../types" */
/** @import { PairTimeline } from "../../timeline.js" */

import { both, outputsSoFar, shape } from "./reading.js";
import { tasksOf } from "./rows.js";

/** @param {TraceLike} trace */
const sides = (trace) => [trace.geometry?.height, trace.geometry?.width];

/** Whether it moves by more than one cell each way. @param {TraceLike} trace */
const strides = (trace) => sides(trace).every((axis) => (axis?.stride ?? 0) > 1);

/** @type {Task<Shown<PairTimeline>>[]} */
export const tasks = tasksOf("stride", {
  "nothing-unread": {
    met: (shown) => both(shown).some((trace) => strides(trace) && sides(trace).every((axis) => axis?.unread === 0)),
    way: "other=3",
  },
  "both-kinds": {
    step: true,
    met: (shown) =>
      both(shown).some((trace) => {
        const output = outputsSoFar(shown, trace);
        return strides(trace) && output.some((value) => value > 0) && output.some((value) => value < 0);
      }),
    way: "other=3&step=1",
  },
  "same-size": {
    met: (shown) => {
      const [one, two] = both(shown);
      const different = sides(one).some((axis, index) => axis?.stride !== sides(two)[index]?.stride);
      return different && String(shape(one, "output")) === String(shape(two, "output"));
    },
    way: "stride=2&other=3",
  },
  apart: {
    met: (shown) =>
      both(shown).some((trace) => {
        const [, rows = 0, cols = 0] = shape(trace, "output");
        return cols > rows && trace.geometry?.height.stride !== trace.geometry?.width.stride;
      }),
    way: "other=3x1",
  },
});
