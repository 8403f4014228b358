// What to try on the channels page.

/** @import { Task } from "../../types" */

import { axes, shape } from "./reading.js";
import { tasksOf } from "./rows.js";

/** @type {Task[]} */
export const tasks = tasksOf("channels", {
  more: {
    met: ({ trace }) => Number(shape(trace, "output")[0]) > Number(shape(trace, "input")[0]),
    way: "filters=4&weight=random-3x3x12-4&bias=0;0;0;0",
  },
  apart: {
    met: ({ trace }) => {
      const [channels = 0] = shape(trace, "input");
      return channels > 1 && trace.params["groups"] === channels;
    },
    way: "filters=3&groups=3&weight=random-3x3x3-4&bias=0;0;0",
  },
  mix: {
    met: (shown) => axes(shown).every((axis) => axis.kernel_size === 1) && shown.trace.params["groups"] === 1 && Number(shape(shown.trace, "input")[0]) > 1,
    way: "weight=random-1x1x6-4",
  },
  few: {
    met: ({ trace }) => Number(shape(trace, "input")[0]) >= 3 && Number(trace.counts?.["parameters"]) <= 10,
    way: "weight=random-1x1x6-4",
  },
});
