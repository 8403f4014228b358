// What to try on the activation page.

/** @import { Task } from "../../types" */

import { flat } from "./reading.js";

/** @type {Task[]} */
export const tasks = [
  {
    name: "let-through",
    ask: "Step to a value that ReLU lets through.",
    step: true,
    met: ({ trace, step }) => trace.op === "relu" && Number(step.window) > 0 && step.output === step.window,
    said: "Above zero the line is straight: what goes in comes out.",
    way: "step=2",
  },
  {
    name: "kept",
    ask: "Keep what is below zero below zero.",
    met: ({ trace }) => flat(trace, "output").some((value) => value < 0),
    said: "Leaky ReLU and tanh keep the sign.",
    way: "function=leaky_relu",
  },
  {
    name: "unchanged",
    ask: "Find an input that the activation does not change at all.",
    met: ({ trace }) => {
      const output = flat(trace, "output");
      return flat(trace, "input").every((value, index) => value === output[index]);
    },
    said: "Above zero ReLU is a straight line: without negative values it bends nothing.",
    way: "input=lesson-3x3",
  },
  {
    name: "between",
    ask: "Bring every value between 0 and 1, neither of them reached.",
    met: ({ trace }) => flat(trace, "output").every((value) => value > 0 && value < 1),
    said: "The sigmoid squeezes the whole line of numbers into that.",
    way: "function=sigmoid",
  },
];
