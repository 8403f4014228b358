// What to try on the padding page.

/** @import { Task } from "../../types" */

import { allEqual, both, flat, isPaddedWithValues } from "./reading.js";

/** @type {Task[]} */
export const tasks = [
  {
    name: "equal",
    ask: "Have every cell of the input read equally often, with a kernel larger than one cell.",
    met: (shown) =>
      both(shown).some(
        (trace) => allEqual(flat(trace, "visit_counts")) && Number(trace.geometry?.height.kernel_size) > 1,
      ),
    said: "A corner now counts for as much as the middle: every weight meets every cell once.",
    way: "other=2",
  },
  {
    name: "larger",
    ask: "Make an output larger than the input.",
    met: (shown) => both(shown).some(({ geometry }) => Number(geometry?.height.output_size) > Number(geometry?.height.input_size)),
    said: "Padding gives the window more room than the kernel takes away.",
    way: "other=2",
  },
  {
    name: "odd",
    ask: "Give the beginning a cell more than the end.",
    met: (shown) =>
      both(shown).some(({ geometry }) => Number(geometry?.height.padding[0]) > Number(geometry?.height.padding[1])),
    said: "An even kernel needs an odd number of cells: same lower puts the odd one first.",
    way: "kernel=lesson-2x2&other=same_lower",
  },
  {
    name: "values",
    ask: "Fill the padding with something else than zeros.",
    met: (shown) => both(shown).some(isPaddedWithValues),
    said: "The arrows show where each value was taken from.",
    way: "input=lesson-5x5&padding_mode=replicate",
  },
];
