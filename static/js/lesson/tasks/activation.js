// What to try on the activation page.

/** @import { Task } from "../../types" */

import { say } from "../../words.js";
import { flat, outputsSoFar } from "./reading.js";

/** @type {Task[]} */
export const tasks = [
  {
    name: "let-through",
    ask: say("tasks.activation.let_through"),
    step: true,
    met: ({ trace, step }) => trace.op === "relu" && Number(step.window) > 0 && step.output === step.window,
    seen: say("tasks.activation.let_through_met"),
    way: "step=2",
  },
  {
    name: "kept",
    ask: say("tasks.activation.kept"),
    step: true,
    met: (shown) => outputsSoFar(shown, shown.trace).some((value) => value < 0),
    seen: say("tasks.activation.kept_met"),
    way: "function=leaky_relu",
  },
  {
    name: "unchanged",
    ask: say("tasks.activation.unchanged"),
    met: ({ trace }) => {
      const output = flat(trace, "output");
      return flat(trace, "input").every((value, index) => value === output[index]);
    },
    seen: say("tasks.activation.unchanged_met"),
    way: "input=lesson-3x3",
  },
  {
    name: "between",
    ask: say("tasks.activation.between"),
    met: ({ trace }) => flat(trace, "output").every((value) => value > 0 && value < 1),
    seen: say("tasks.activation.between_met"),
    way: "function=sigmoid",
  },
];
