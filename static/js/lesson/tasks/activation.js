// What to try on the activation page.

/** @import { Task } from "../../types" */

import { flat, outputsSoFar } from "./reading.js";
import { tasksOf } from "./rows.js";

/** @type {Task[]} */
export const tasks = tasksOf("activation", {
  "let-through": {
    step: true,
    met: ({ trace, step }) => trace.op === "relu" && Number(step.window) > 0 && step.output === step.window,
    way: "step=2",
  },
  kept: {
    step: true,
    met: (shown) => outputsSoFar(shown, shown.trace).some((value) => value < 0),
    way: "function=leaky_relu",
  },
  unchanged: {
    met: ({ trace }) => {
      const output = flat(trace, "output");
      return flat(trace, "input").every((value, index) => value === output[index]);
    },
    way: "input=lesson-3x3",
  },
  between: {
    met: ({ trace }) => flat(trace, "output").every((value) => value > 0 && value < 1),
    way: "function=sigmoid",
  },
});
