// What to try on the page of backpropagation.

/** @import { Shown, Task } from "../../types" */
/** @import { NetworkTimeline } from "../../network-timeline.js" */

import { say } from "../../words.js";

/** The entry of the timeline that is shown. @param {Shown<NetworkTimeline>} shown */
const entry = ({ trace, step }) => trace.entryOf(step);

/** Whether the loss was higher after the update. @param {NetworkTimeline} timeline */
const rose = ({ loss, lossAfter }) => loss !== null && lossAfter !== null && lossAfter > loss;

/** Whether a step is the first that changes a weight. @param {Shown<NetworkTimeline>} shown */
const isFirstUpdate = ({ trace, step }) => trace.entries.find(({ pass }) => pass === "update")?.start === step.index;

/** A column of gates. @param {unknown} column @returns {unknown[]} */
const gates = (column) => (Array.isArray(column) ? column : []);

/** @type {Task<Shown<NetworkTimeline>>[]} */
export const tasks = [
  {
    name: "begins",
    ask: say("tasks.backpropagation.begins"),
    met: (shown) => entry(shown).op === "softmax_cross_entropy_backward" && shown.step["truth"] === 1,
    step: true,
    seen: say("tasks.backpropagation.begins_met"),
    way: "step=98",
  },
  {
    name: "loser",
    ask: say("tasks.backpropagation.loser"),
    met: (shown) => entry(shown).op === "max_pool2d_backward" && shown.step["why"] === "winner",
    step: true,
    seen: say("tasks.backpropagation.loser_met"),
    way: "step=144",
  },
  {
    name: "gate",
    ask: say("tasks.backpropagation.gate"),
    met: (shown) =>
      entry(shown).op === "relu_backward" && gates(shown.step["gate"]).every((open) => !open),
    step: true,
    seen: say("tasks.backpropagation.gate_met"),
    way: "step=177",
  },
  {
    name: "kernel",
    ask: say("tasks.backpropagation.kernel"),
    met: (shown) => entry(shown).op === "conv2d_backward" && entry(shown).wrt === "weight" && shown.step.output !== 0,
    step: true,
    seen: say("tasks.backpropagation.kernel_met"),
    way: "step=209",
  },
  {
    name: "changes",
    ask: say("tasks.backpropagation.changes"),
    met: isFirstUpdate,
    step: true,
    seen: say("tasks.backpropagation.changes_met"),
    way: "step=263",
  },
  {
    name: "corner",
    ask: say("tasks.backpropagation.corner"),
    met: ({ trace }) => (trace.checked?.corners ?? []).length > 0,
    step: true,
    seen: say("tasks.backpropagation.corner_met"),
    way: "check=0.bias:1",
  },
  {
    name: "update",
    ask: say("tasks.backpropagation.update"),
    met: ({ trace, step }) => step.index === trace.total - 1 && rose(trace),
    step: true,
    seen: say("tasks.backpropagation.update_met"),
    way: "loss=mse&rate=0.5&step=305",
  },
  {
    name: "adam",
    ask: say("tasks.backpropagation.adam"),
    met: (shown) => entry(shown).op === "adam",
    step: true,
    seen: say("tasks.backpropagation.adam_met"),
    way: "optimizer=adam&step=263",
  },
];
