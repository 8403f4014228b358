// What to try on the flatten page.

/** @import { Task } from "../../types" */

import { shape } from "./reading.js";

/** @type {Task[]} */
export const tasks = [
  {
    name: "second-channel",
    ask: "Step to the first value of the second channel.",
    step: true,
    met: ({ step }) => String(step.position) === "1,0,0",
    said: "A channel begins only when the one before it has been laid down whole.",
    way: "step=6",
  },
  {
    name: "last",
    ask: "Find the value that ends up last.",
    step: true,
    met: ({ trace, step }) => Number(shape(trace, "input")[0]) > 1 && step.index === trace.total - 1,
    said: "Last channel, last row, last column.",
    way: "step=17",
  },
  {
    name: "length",
    ask: "Make a vector of exactly 24 places.",
    met: ({ trace }) => shape(trace, "output")[0] === 24,
    said: "Channels times rows times columns: many shapes give one length, and the vector does not tell which it was.",
    way: "input=lesson-2x3x4",
  },
  {
    name: "columns",
    ask: "Make a map whose neighbours in a column stay neighbours in the vector.",
    met: ({ trace }) => {
      const [, rows = 0, cols = 0] = shape(trace, "input");
      return cols === 1 && rows > 1;
    },
    said: "They are as far apart as a row is long: here a row is one cell.",
    way: "input=lesson-6x1",
  },
];
