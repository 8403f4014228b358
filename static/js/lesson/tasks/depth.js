// What to try on the page of deep networks.

/** @import { Shown, Task, TraceLike } from "../../types" */

import { listOf, valuesIn } from "../../nested.js";
import { tasksOf } from "./rows.js";

const TINY = 1e-8;
const LEARNED = 0.5;
const DEEP = 10;

/** A column of the step that is shown, of the first setting. @param {Shown} shown @param {string} name */
const column = ({ step }, name) => listOf(step[name]);

/** @param {TraceLike} trace @param {string} name */
const isWith = ({ params }, name) => params["activation"] === name;

/** @type {Task[]} */
export const tasks = tasksOf("depth", {
  vanish: {
    met: (shown) => isWith(shown.trace, "sigmoid") && Number(column(shown, "gradients")[0]) > 0 && Number(column(shown, "gradients")[0]) < TINY,
    step: true,
    way: "layers=12",
  },
  learn: {
    met: ({ trace }) =>
      Number(trace.params["layers"]) >= DEEP && (valuesIn(trace.tensors["loss"]?.values).at(-1) ?? DEEP) < LEARNED,
    way: "activation=relu&init=he&updates=120",
  },
  saturate: {
    met: (shown) => isWith(shown.trace, "tanh") && column(shown, "idle").some((share) => Number(share) > 0.8),
    step: true,
    way: "activation=tanh&init=normal&spread=1&step=30",
  },
  explode: {
    met: (shown) => isWith(shown.trace, "relu") && [...column(shown, "value_states"), ...column(shown, "gradient_states")].includes("infinite"),
    step: true,
    way: "activation=relu&init=he&rate=5&step=3",
  },
  silent: {
    met: (shown) => isWith(shown.trace, "relu") && column(shown, "idle").includes(1) && shown.trace.params["initialisation"] !== "zeros",
    step: true,
    way: "activation=relu&init=he&rate=1&step=20",
  },
});
