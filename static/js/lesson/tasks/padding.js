// What to try on the padding page.

/** @import { Shown, Task, TraceLike } from "../../types" */
/** @import { PairTimeline } from "../../timeline.js" */

import { allEqual, both, flat, hasPadding, sidesOf } from "./reading.js";
import { tasksOf } from "./rows.js";
import { largestOutput } from "../../frames/reading.js";

/** Whether padding lets a kernel find what no window finds without it, at the step at which it does. @param {TraceLike} without @param {TraceLike} padded @param {number} index */
function isFoundWithPadding(without, padded, index) {
  const [missed, found] = [largestOutput(without), largestOutput(padded)];
  if (missed === null || missed > 0 || found === null || found <= 0) return false;
  return hasPadding(padded) && !hasPadding(without) && flat(padded, "output")[index] === found;
}

/** @type {Task<Shown<PairTimeline>>[]} */
export const tasks = tasksOf("padding", {
  equal: {
    met: (shown) =>
      both(shown).some(
        (trace) => allEqual(flat(trace, "visit_counts")) && Number(trace.geometry?.height.kernel_size) > 1,
      ),
    way: "other=2",
  },
  border: {
    met: ({ trace: { one, two }, step }) => isFoundWithPadding(one, two, step.index) || isFoundWithPadding(two, one, step.index),
    step: true,
    way: "input=border-spot-5x5&kernel=outline-3x3&step=2",
  },
  larger: {
    met: (shown) => both(shown).some((trace) => sidesOf(trace).some((axis) => axis.output_size > axis.input_size)),
    way: "other=2",
  },
  odd: {
    met: (shown) => both(shown).some((trace) => sidesOf(trace).some(({ padding: [before, after] }) => before > after)),
    way: "kernel=lesson-2x2&other=same_lower",
  },
  values: {
    met: (shown) => both(shown).some((trace) => hasPadding(trace) && trace.params["padding_mode"] !== "zeros"),
    way: "input=lesson-5x5&padding_mode=replicate",
  },
});
