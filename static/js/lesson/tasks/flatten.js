// What to try on the flatten page.

/** @import { Task } from "../../types" */

import { say } from "../../words.js";
import { shape } from "./reading.js";

/** @type {Task[]} */
export const tasks = [
  {
    name: "second-channel",
    ask: say("tasks.flatten.second_channel"),
    step: true,
    met: ({ step }) => String(step.position) === "1,0,0",
    seen: say("tasks.flatten.second_channel_met"),
    way: "step=6",
  },
  {
    name: "last",
    ask: say("tasks.flatten.last"),
    step: true,
    met: ({ trace, step }) => Number(shape(trace, "input")[0]) > 1 && step.index === trace.total - 1,
    seen: say("tasks.flatten.last_met"),
    way: "step=17",
  },
  {
    name: "length",
    ask: say("tasks.flatten.length"),
    met: ({ trace }) => shape(trace, "output")[0] === 24,
    seen: say("tasks.flatten.length_met"),
    way: "input=lesson-2x3x4",
  },
  {
    name: "columns",
    ask: say("tasks.flatten.columns"),
    met: ({ trace }) => {
      const [, rows = 0, cols = 0] = shape(trace, "input");
      return cols === 1 && rows > 1;
    },
    seen: say("tasks.flatten.columns_met"),
    way: "input=lesson-6x1",
  },
];
