// What to try on the dense page.

/** @import { Task } from "../../types" */

import { PairTimeline } from "../../timeline.js";
import { allEqual, flat } from "./reading.js";
import { tasksOf } from "./rows.js";

/** Whether moving the maps keeps every average, and gives another answer of the dense layer. @param {import("../../types").TraceLike} trace */
function isMisled(trace) {
  if (!(trace instanceof PairTimeline) || trace.op !== "average_or_dense") return false;
  const [before, after] = [trace.one, trace.two];
  const isKept = String(flat(before, "averages")) === String(flat(after, "averages"));
  return isKept && String(before.largest) !== String(after.largest);
}

/** Whether an activation stands between two layers and changes no hidden value: so does ReLU alone. @param {import("../../types").TraceLike} trace */
function isSpared(trace) {
  const [before, after] = [flat(trace, "0.sum"), flat(trace, "0.output")];
  return Boolean(trace.params["bent"]) && before.every((value, index) => value > 0 && value === after[index]);
}

/** @type {Task[]} */
export const tasks = tasksOf("dense", {
  silent: {
    met: ({ trace }) => Boolean(trace.tensors["1.weight"]) && flat(trace, "0.output").every((value) => value === 0),
    way: "bias1=-10;-10;-10;-10&input=random-4x1-3&weight1=0,0,0,0;0,0,0,0;0,0,0,0;0,0,0,0",
  },
  alike: {
    met: ({ trace }) => flat(trace, "output").length > 1 && allEqual(flat(trace, "output")),
    way: "weight2=1,1,1,1;1,1,1,1;1,1,1,1&bias2=0;0;0",
  },
  ten: {
    met: ({ trace }) => Number(trace.counts?.["parameters"]) <= 10,
    way: "layers=1&input=random-4x1-3&weight1=random-2x4-2&bias1=0;0",
  },
  collapse: {
    met: ({ trace }) => Boolean(trace.tensors["one.weight"]) && !trace.params["bent"],
    way: "activation=none",
  },
  spared: {
    met: ({ trace }) => isSpared(trace),
    way: "bias1=60;60;60;60",
  },
  misled: {
    met: ({ trace }) => isMisled(trace),
    way: "reads=maps&shift=right&step=1",
  },
  "one-layer": {
    met: ({ trace }) => !trace.tensors["1.weight"] && flat(trace, "output").some((value) => value < 0),
    way: "layers=1",
  },
});
