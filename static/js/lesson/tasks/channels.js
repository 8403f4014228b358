// What to try on the channels page.

/** @import { Task } from "../../types" */

import { say } from "../../words.js";
import { axes, shape } from "./reading.js";

/** @type {Task[]} */
export const tasks = [
  {
    name: "more",
    ask: say("tasks.channels.more"),
    met: ({ trace }) => Number(shape(trace, "output")[0]) > Number(shape(trace, "input")[0]),
    seen: say("tasks.channels.more_met"),
    way: "filters=4&weight=random-3x3x12-4&bias=0;0;0;0",
  },
  {
    name: "apart",
    ask: say("tasks.channels.apart"),
    met: ({ trace }) => {
      const [channels = 0] = shape(trace, "input");
      return channels > 1 && trace.params["groups"] === channels;
    },
    seen: say("tasks.channels.apart_met"),
    way: "filters=3&groups=3&weight=random-3x3x3-4&bias=0;0;0",
  },
  {
    name: "mix",
    ask: say("tasks.channels.mix"),
    met: (shown) => axes(shown).every((axis) => axis.kernel_size === 1) && shown.trace.params["groups"] === 1 && Number(shape(shown.trace, "input")[0]) > 1,
    seen: say("tasks.channels.mix_met"),
    way: "weight=random-1x1x6-4",
  },
  {
    name: "few",
    ask: say("tasks.channels.few"),
    met: ({ trace }) => Number(shape(trace, "input")[0]) >= 3 && Number(trace.counts?.["parameters"]) <= 10,
    seen: say("tasks.channels.few_met"),
    way: "weight=random-1x1x6-4",
  },
];
