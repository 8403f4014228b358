// What to try on the flatten page.

/** @import { Task } from "../../types" */

import { shape } from "./reading.js";
import { tasksOf } from "./rows.js";

/** @type {Task[]} */
export const tasks = tasksOf("flatten", {
  "second-channel": {
    step: true,
    met: ({ step }) => String(step.position) === "1,0,0",
    way: "step=6",
  },
  last: {
    step: true,
    met: ({ trace, step }) => Number(shape(trace, "input")[0]) > 1 && step.index === trace.total - 1,
    way: "step=17",
  },
  length: {
    met: ({ trace }) => shape(trace, "output")[0] === 24,
    way: "input=lesson-2x3x4",
  },
  columns: {
    met: ({ trace }) => {
      const [, rows = 0, cols = 0] = shape(trace, "input");
      return cols === 1 && rows > 1;
    },
    way: "input=lesson-6x1",
  },
});
