// What to try on the padding page.

/** @import { Shown, Task, TraceLike } from "../../types" */
/** @import { PairTimeline } from "../../timeline.js" */

import { largestOutput } from "../../tensors.js";
import { say } from "../../words.js";
import { allEqual, both, flat, hasPadding, sidesOf } from "./reading.js";

/** Whether padding lets a kernel find what no window finds without it, at the step at which it does. @param {TraceLike} without @param {TraceLike} padded @param {number} index */
function isFoundWithPadding(without, padded, index) {
  const [missed, found] = [largestOutput(without), largestOutput(padded)];
  if (missed === null || missed > 0 || found === null || found <= 0) return false;
  return hasPadding(padded) && !hasPadding(without) && flat(padded, "output")[index] === found;
}

/** @type {Task<Shown<PairTimeline>>[]} */
export const tasks = [
  {
    name: "equal",
    ask: say("tasks.padding.equal"),
    met: (shown) =>
      both(shown).some(
        (trace) => allEqual(flat(trace, "visit_counts")) && Number(trace.geometry?.height.kernel_size) > 1,
      ),
    seen: say("tasks.padding.equal_met"),
    way: "other=2",
  },
  {
    name: "border",
    ask: say("tasks.padding.border"),
    met: ({ trace: { one, two }, step }) => isFoundWithPadding(one, two, step.index) || isFoundWithPadding(two, one, step.index),
    step: true,
    seen: say("tasks.padding.border_met"),
    way: "input=border-spot-5x5&kernel=outline-3x3&step=2",
  },
  {
    name: "larger",
    ask: say("tasks.padding.larger"),
    met: (shown) => both(shown).some((trace) => sidesOf(trace).some((axis) => axis.output_size > axis.input_size)),
    seen: say("tasks.padding.larger_met"),
    way: "other=2",
  },
  {
    name: "odd",
    ask: say("tasks.padding.odd"),
    met: (shown) => both(shown).some((trace) => sidesOf(trace).some(({ padding: [before, after] }) => before > after)),
    seen: say("tasks.padding.odd_met"),
    way: "kernel=lesson-2x2&other=same_lower",
  },
  {
    name: "values",
    ask: say("tasks.padding.values"),
    met: (shown) => both(shown).some((trace) => hasPadding(trace) && trace.params["padding_mode"] !== "zeros"),
    seen: say("tasks.padding.values_met"),
    way: "input=lesson-5x5&padding_mode=replicate",
  },
];
