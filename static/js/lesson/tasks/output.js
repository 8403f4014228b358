// What to try on the output page.

/** @import { Task } from "../../types" */

import { flat } from "./reading.js";

/** @param {import("../../types").TraceLike} trace */
const loss = (trace) => Number(trace.tensors["output"]?.values);

/** @type {Task[]} */
export const tasks = [
  {
    name: "sure-and-right",
    ask: "Bring the loss of several classes below 0.1.",
    met: ({ trace }) => trace.op === "cross_entropy" && loss(trace) < 0.1,
    said: "Sure and right costs almost nothing.",
    way: "logits=6;1;-1;0.5",
  },
  {
    name: "sure-and-wrong",
    ask: "Bring that loss above 3 without touching the answers.",
    met: ({ trace }) => trace.op === "cross_entropy" && loss(trace) > 3 && String(flat(trace, "input")) === "2,1,-1,0.5",
    said: "The same answer, another truth: little was left for the class that is true.",
    way: "target=2",
  },
  {
    name: "tie",
    ask: "Let the two strongest classes have the same share.",
    met: ({ trace }) => {
      if (trace.op !== "cross_entropy") return false;
      const [first, second] = [...flat(trace, "probabilities")].sort((a, b) => b - a);
      return first === second;
    },
    said: "Equal logits, equal shares: only differences count.",
    way: "logits=2;2;-1;0.5",
  },
  {
    name: "yes-or-no",
    ask: "Answer a yes-or-no question with more than 0.99 for yes.",
    met: ({ trace }) =>
      trace.op === "binary_cross_entropy_with_logits" && flat(trace, "probabilities").every((share) => share > 0.99),
    said: "The other answer has the rest, less than 0.01.",
    way: "task=binary&logits=5;1;-1;0.5",
  },
  {
    name: "exact",
    ask: "Predict numbers without any miss.",
    met: ({ trace }) => trace.op === "mse" && loss(trace) === 0,
    said: "A loss of 0: every answer is its truth.",
    way: "task=number&logits=1.5;1;0;0",
  },
];
