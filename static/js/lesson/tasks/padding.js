// What to try on the padding page.

/** @import { Shown, Task } from "../../types" */
/** @import { PairTimeline } from "../../timeline.js" */

import { largestOutput } from "../../tensors.js";
import { say } from "../../words.js";
import { allEqual, both, flat, isPaddedWithValues } from "./reading.js";

/** Whether padding lets a kernel find what no window finds without it, at the step at which it does. @param {Shown<PairTimeline>} shown */
function isFoundWithPadding({ trace: { one, two }, step }) {
  const [missed, found] = [largestOutput(one), largestOutput(two)];
  if (missed === null || missed > 0 || found === null || found <= 0) return false;
  return hasPadding(two) && flat(two, "output")[step.index] === found;
}

/** @param {import("../../types").TraceLike} trace */
const hasPadding = ({ geometry }) => [geometry?.height, geometry?.width].some((axis) => axis?.padding.some(Boolean));

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
    met: isFoundWithPadding,
    step: true,
    seen: say("tasks.padding.border_met"),
    way: "input=border-spot-5x5&kernel=outline-3x3&step=2",
  },
  {
    name: "larger",
    ask: say("tasks.padding.larger"),
    met: (shown) => both(shown).some(({ geometry }) => Number(geometry?.height.output_size) > Number(geometry?.height.input_size)),
    seen: say("tasks.padding.larger_met"),
    way: "other=2",
  },
  {
    name: "odd",
    ask: say("tasks.padding.odd"),
    met: (shown) =>
      both(shown).some(({ geometry }) => Number(geometry?.height.padding[0]) > Number(geometry?.height.padding[1])),
    seen: say("tasks.padding.odd_met"),
    way: "kernel=lesson-2x2&other=same_lower",
  },
  {
    name: "values",
    ask: say("tasks.padding.values"),
    met: (shown) => both(shown).some(isPaddedWithValues),
    seen: say("tasks.padding.values_met"),
    way: "input=lesson-5x5&padding_mode=replicate",
  },
];
