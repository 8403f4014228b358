// What to try on the page of deep networks.

/** @import { Shown, Task, TraceLike } from "../../types" */

import { listOf, valuesIn } from "../../nested.js";
import { say } from "../../words.js";

const TINY = 1e-8;
const LEARNED = 0.5;
const DEEP = 10;

/** A column of the step that is shown, of the first setting. @param {Shown} shown @param {string} name */
const column = ({ step }, name) => listOf(step[name]);

/** @param {TraceLike} trace @param {string} name */
const isWith = ({ params }, name) => params["activation"] === name;

/** @type {Task[]} */
export const tasks = [
  {
    name: "vanish",
    ask: say("tasks.depth.vanish"),
    met: (shown) => isWith(shown.trace, "sigmoid") && Number(column(shown, "gradients")[0]) > 0 && Number(column(shown, "gradients")[0]) < TINY,
    step: true,
    seen: say("tasks.depth.vanish_met"),
    way: "layers=12",
  },
  {
    name: "learn",
    ask: say("tasks.depth.learn"),
    met: ({ trace }) =>
      Number(trace.params["layers"]) >= DEEP && (valuesIn(trace.tensors["loss"]?.values).at(-1) ?? DEEP) < LEARNED,
    seen: say("tasks.depth.learn_met"),
    way: "activation=relu&init=he&updates=120",
  },
  {
    name: "saturate",
    ask: say("tasks.depth.saturate"),
    met: (shown) => isWith(shown.trace, "tanh") && column(shown, "idle").some((share) => Number(share) > 0.8),
    step: true,
    seen: say("tasks.depth.saturate_met"),
    way: "activation=tanh&init=normal&spread=1&step=30",
  },
  {
    name: "explode",
    ask: say("tasks.depth.explode"),
    met: (shown) => isWith(shown.trace, "relu") && [...column(shown, "value_states"), ...column(shown, "gradient_states")].includes("infinite"),
    step: true,
    seen: say("tasks.depth.explode_met"),
    way: "activation=relu&init=he&rate=5&step=3",
  },
  {
    name: "silent",
    ask: say("tasks.depth.silent"),
    met: (shown) => isWith(shown.trace, "relu") && column(shown, "idle").includes(1) && shown.trace.params["initialisation"] !== "zeros",
    step: true,
    seen: say("tasks.depth.silent_met"),
    way: "activation=relu&init=he&rate=1&step=20",
  },
];
