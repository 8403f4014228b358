// The pooling page: what can be set, how it is asked for, what draws it.

/** @import { Control, Operation, Pair, State, TraceRequest } from "../types" */

import { arrayField, choiceField, flagField, paddingField, pairField } from "../fields.js";
import { frame } from "../frame.js";
import { againstFrame } from "../frames/pair.js";
import { comparisonNote } from "../inspector-comparison.js";
import { array, inputOf, padding, WINDOW } from "./shared.js";

/** @param {State} state */
const isMax = (state) => state["pool"] === "max";
/** Whether each channel is one window. @param {State} state */
const isGlobal = (state) => state["pool"].startsWith("global");
/** @param {Control} control @returns {Control} */
const ofWindows = (control) => ({ ...control, when: (state) => !isGlobal(state) && (control.when?.(state) ?? true) });

/** Where the input is moved to, in rows and columns. @type {Record<string, Pair>} */
const SHIFTS = { left: [0, -1], right: [0, 1], up: [-1, 0], down: [1, 0] };
const STILL = "none";

/** @param {State} state @returns {TraceRequest} */
function request(state) {
  const input = array(state["input"]);
  const name = "As it was";
  if (isGlobal(state)) return { operation: `${state["pool"]}_pool2d`, name, body: { input } };
  return {
    operation: isMax(state) ? "max_pool2d" : "avg_pool2d",
    name,
    body: {
      input,
      kernel_size: state["kernel_size"],
      stride: state["stride"],
      padding: padding(state["padding"]),
      dilation: state["dilation"],
      ceil_mode: state["ceil_mode"],
      ...(isMax(state) ? {} : { count_include_pad: state["count_include_pad"] }),
    },
  };
}

/** The same, its input moved. @param {State} state @returns {TraceRequest | undefined} */
function moved(state) {
  const shift = SHIFTS[state["shift"]];
  if (!shift) return undefined;
  const { operation, body } = request(state);
  return { operation, name: `Moved ${state["shift"]}`, body: { ...body, shift } };
}

/** @type {Operation} */
export const pooling = {
  fields: [
    choiceField("pool", "Pooling", "max", ["max", "avg", "global_max", "global_avg"]),
    arrayField("input", "Input", { preset: "blob", size: [6, 6] }),
    pairField("kernel_size", "Kernel size", [2, 2]),
    pairField("stride", "Stride", [2, 2]),
    paddingField("padding", "Padding", [0, 0]),
    pairField("dilation", "Dilation", [1, 1]),
    flagField("ceil_mode", "Ceil mode", false),
    flagField("count_include_pad", "Count padding", true),
    choiceField("shift", "Shift", STILL, [STILL, ...Object.keys(SHIFTS)]),
  ],
  cards: [
    {
      title: "Pooling",
      controls: [
        {
          kind: "choice",
          field: "pool",
          label: "Keep",
          possible: (_, limits) => [
            .../** @type {string[]} */ (/** @type {any} */ (limits)?.["pool"] ?? ["max", "avg"]),
            "global_max",
            "global_avg",
          ],
          options: [
            { value: "max", label: "the largest" },
            { value: "avg", label: "the average" },
            { value: "global_max", label: "global maximum" },
            { value: "global_avg", label: "global average" },
          ],
        },
        ...[
          { kind: "pair", field: "kernel_size", label: "Kernel size", limit: "kernel_size" },
          ...WINDOW,
          { kind: "pair", field: "dilation", label: "Dilation", limit: "dilation" },
          { kind: "flag", field: "ceil_mode", label: "Round up (ceil_mode)", limit: "ceil_mode" },
          {
            kind: "flag",
            field: "count_include_pad",
            label: "Count padding",
            limit: "count_include_pad",
            when: (/** @type {State} */ state) => !isMax(state),
          },
        ].map((control) => ofWindows(/** @type {Control} */ (control))),
      ],
    },
    {
      title: "Shift",
      controls: [
        {
          kind: "choice",
          field: "shift",
          label: "Shift the input by one pixel",
          options: [STILL, ...Object.keys(SHIFTS)].map((value) => ({ value, label: value })),
        },
        {
          kind: "custom",
          field: "shift",
          label: "Shift",
          build: comparisonNote(
            "See what a pool forgives: move everything by one pixel and compare the outputs.",
            "Max pooling forgives a shift as long as the largest value stays under the same window; what leaves the input is gone, and zeros come in.",
          ),
        },
      ],
    },
    {
      title: "Input",
      controls: [...inputOf(32), { kind: "channels", field: "input", label: "Channels", min: 1, max: 4 }],
    },
  ],
  request,
  second: moved,
  frame: (trace, step) =>
    trace.comparison
      ? againstFrame(trace, step, { input: "Input, moved", output: "Output" })
      : frame(trace, step),
};
