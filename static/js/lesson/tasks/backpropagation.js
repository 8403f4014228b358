// What to try on the page of backpropagation.

/** @import { Shown, Task } from "../../types" */
/** @import { NetworkTimeline } from "../../network-timeline.js" */

import { valuesIn } from "../../nested.js";
import { tasksOf } from "./rows.js";

/** The entry of the timeline that is shown. @param {Shown<NetworkTimeline>} shown */
const entry = ({ trace, step }) => trace.entryOf(step);

/** Whether the loss was higher after the update. @param {NetworkTimeline} timeline */
const rose = ({ loss, lossAfter }) => loss !== null && lossAfter !== null && lossAfter > loss;

/** Which of the numbers of a tensor an update changes first; −1 where it changes none. @param {NetworkTimeline} timeline @param {string | null} tensor */
function changedIn({ tensors }, tensor) {
  const [before, after] = [tensors[`${tensor}`], tensors[`${tensor}.after`]].map((numbers) => valuesIn(numbers?.values));
  return before?.findIndex((value, index) => value !== after?.[index]) ?? -1;
}

/** Whether a step is the first that changes a number: where its gradient is 0, gradient descent leaves it as it was. @param {Shown<NetworkTimeline>} shown */
function isFirstChange({ trace, step }) {
  const updates = trace.entries.filter(({ pass }) => pass === "update");
  const first = updates.find(({ tensor }) => changedIn(trace, tensor) >= 0);
  return first !== undefined && step.index === first.start + changedIn(trace, first.tensor);
}

/** A column of gates. @param {unknown} column @returns {unknown[]} */
const gates = (column) => (Array.isArray(column) ? column : []);

/** @type {Task<Shown<NetworkTimeline>>[]} */
export const tasks = tasksOf("backpropagation", {
  begins: {
    met: (shown) => entry(shown).op === "softmax_cross_entropy_backward" && shown.step["truth"] === 1,
    step: true,
    way: "step=98",
  },
  loser: {
    met: (shown) => entry(shown).op === "max_pool2d_backward" && shown.step["why"] === "winner",
    step: true,
    way: "step=144",
  },
  gate: {
    met: (shown) =>
      entry(shown).op === "relu_backward" && gates(shown.step["gate"]).every((open) => !open),
    step: true,
    way: "step=177",
  },
  kernel: {
    met: (shown) => entry(shown).op === "conv2d_backward" && entry(shown).wrt === "weight" && shown.step.output !== 0,
    step: true,
    way: "step=209",
  },
  changes: {
    met: isFirstChange,
    step: true,
    way: "step=264",
  },
  corner: {
    met: ({ trace }) => (trace.checked?.corners ?? []).length > 0,
    step: true,
    way: "check=0.bias:1",
  },
  update: {
    met: ({ trace, step }) => step.index === trace.total - 1 && rose(trace),
    step: true,
    way: "loss=mse&rate=0.5&step=305",
  },
  adam: {
    met: (shown) => entry(shown).op === "adam",
    step: true,
    way: "optimizer=adam&step=263",
  },
});
