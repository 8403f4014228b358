// What to try on the output page.

/** @import { Task } from "../../types" */

import { say } from "../../words.js";
import { flat } from "./reading.js";

/** @param {import("../../types").TraceLike} trace */
const loss = (trace) => Number(trace.tensors["output"]?.values);

/** @type {Task[]} */
export const tasks = [
  {
    name: "sure-and-right",
    ask: say("tasks.output.sure_and_right"),
    met: ({ trace }) => trace.op === "cross_entropy" && loss(trace) < 0.1,
    seen: say("tasks.output.sure_and_right_met"),
    way: "logits=6;1;-1;0.5",
  },
  {
    name: "sure-and-wrong",
    ask: say("tasks.output.sure_and_wrong"),
    met: ({ trace }) => trace.op === "cross_entropy" && loss(trace) > 3 && String(flat(trace, "input")) === "2,1,-1,0.5",
    seen: say("tasks.output.sure_and_wrong_met"),
    way: "target=2",
  },
  {
    name: "steep",
    ask: say("tasks.output.steep"),
    step: true,
    met: ({ trace, step }) => {
      if (trace.op !== "cross_entropy" || step.phase !== "loss") return false;
      return (flat(trace, "mark")[0] ?? 1) < 0.02;
    },
    seen: say("tasks.output.steep_met"),
    way: "logits=2;1;-3;0.5&target=2&step=17",
  },
  {
    name: "tie",
    ask: say("tasks.output.tie"),
    met: ({ trace }) => {
      if (trace.op !== "cross_entropy") return false;
      const [first, second] = [...flat(trace, "probabilities")].sort((a, b) => b - a);
      return first === second;
    },
    seen: say("tasks.output.tie_met"),
    way: "logits=2;2;-1;0.5",
  },
  {
    name: "yes-or-no",
    ask: say("tasks.output.yes_or_no"),
    met: ({ trace }) =>
      trace.op === "binary_cross_entropy_with_logits" && flat(trace, "probabilities").every((share) => share > 0.99),
    seen: say("tasks.output.yes_or_no_met"),
    way: "task=binary&logits=5;1;-1;0.5",
  },
  {
    name: "exact",
    ask: say("tasks.output.exact"),
    met: ({ trace }) => trace.op === "mse" && loss(trace) === 0,
    seen: say("tasks.output.exact_met"),
    way: "task=number&logits=1.5;1;0;0",
  },
];
