// What to try on the output page.

/** @import { Task } from "../../types" */

import { flat } from "./reading.js";
import { tasksOf } from "./rows.js";

/** @param {import("../../types").TraceLike} trace */
const loss = (trace) => Number(trace.tensors["output"]?.values);

/** @type {Task[]} */
export const tasks = tasksOf("output", {
  "sure-and-right": {
    met: ({ trace }) => trace.op === "cross_entropy" && loss(trace) < 0.1,
    way: "logits=6;1;-1;0.5",
  },
  "sure-and-wrong": {
    met: ({ trace }) => trace.op === "cross_entropy" && loss(trace) > 3 && String(flat(trace, "input")) === "2,1,-1,0.5",
    way: "target=2",
  },
  steep: {
    step: true,
    met: ({ trace, step }) => {
      if (trace.op !== "cross_entropy" || step.phase !== "loss") return false;
      return (flat(trace, "mark")[0] ?? 1) < 0.02;
    },
    way: "logits=2;1;-3;0.5&target=2&step=17",
  },
  tie: {
    met: ({ trace }) => {
      if (trace.op !== "cross_entropy") return false;
      const [first, second] = [...flat(trace, "probabilities")].sort((a, b) => b - a);
      return first === second;
    },
    way: "logits=2;2;-1;0.5",
  },
  "yes-or-no": {
    met: ({ trace }) =>
      trace.op === "binary_cross_entropy_with_logits" && flat(trace, "probabilities").every((share) => share > 0.99),
    way: "task=binary&logits=5;1;-1;0.5",
  },
  exact: {
    met: ({ trace }) => trace.op === "mse" && loss(trace) === 0,
    way: "task=number&logits=1.5;1;0;0",
  },
});
