// What to try on the stride page.

/** @import { Task, TraceLike } from "../../types" */

import { both, flat, shape } from "./reading.js";

/** @param {TraceLike} trace */
const sides = (trace) => [trace.geometry?.height, trace.geometry?.width];

/** Whether it moves by more than one cell each way. @param {TraceLike} trace */
const strides = (trace) => sides(trace).every((axis) => (axis?.stride ?? 0) > 1);

/** @type {Task[]} */
export const tasks = [
  {
    name: "nothing-unread",
    ask: "Find a second stride larger than 1 that leaves no row and no column unread.",
    met: (shown) => strides(both(shown)[1]) && sides(both(shown)[1]).every((axis) => axis?.unread === 0),
    said: "The last window ends just where the input ends.",
    way: "other=3",
  },
  {
    name: "both-kinds",
    ask: "With a second stride larger than 1, find light and dark stripes: a positive and a negative output.",
    met: (shown) => {
      const output = flat(both(shown)[1], "output");
      return strides(both(shown)[1]) && output.some((value) => value > 0) && output.some((value) => value < 0);
    },
    said: "Which places are looked at decides what is found: the pattern repeats every two cells, and so did stride 2.",
    way: "other=3",
  },
  {
    name: "same-size",
    ask: "Choose two different strides that give outputs of one size.",
    met: (shown) => {
      const [one, two] = both(shown);
      const different = sides(one).some((axis, index) => axis?.stride !== sides(two)[index]?.stride);
      return different && String(shape(one, "output")) === String(shape(two, "output"));
    },
    said: "The size is rounded down: another stride may only leave more unread.",
    way: "stride=2&other=3",
  },
  {
    name: "apart",
    ask: "Let the second output be wider than it is high.",
    met: (shown) => {
      const [, rows = 0, cols = 0] = shape(both(shown)[1], "output");
      return cols > rows;
    },
    said: "Height and width have a stride each.",
    way: "other=3x1",
  },
];
