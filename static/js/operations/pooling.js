// The pooling page: what can be set, how it is asked for, what draws it.

/** @import { Control, Operation, State } from "../types" */

import { arrayField, choiceField, flagField, paddingField, pairField } from "../fields.js";
import { pool2dFrame } from "../frames/pool2d.js";
import { array, inputOf, padding, WINDOW } from "./shared.js";

/** @param {State} state */
const isMax = (state) => state["pool"] === "max";
/** Whether each channel is one window. @param {State} state */
const isGlobal = (state) => state["pool"].startsWith("global");
/** @param {Control} control @returns {Control} */
const ofWindows = (control) => ({ ...control, when: (state) => !isGlobal(state) && (control.when?.(state) ?? true) });

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
      title: "Input",
      controls: [...inputOf(32), { kind: "channels", field: "input", label: "Channels", min: 1, max: 4 }],
    },
  ],
  request: (state) =>
    isGlobal(state)
      ? { operation: `${state["pool"]}_pool2d`, body: { input: array(state["input"]) } }
      : {
          operation: isMax(state) ? "max_pool2d" : "avg_pool2d",
          body: {
            input: array(state["input"]),
            kernel_size: state["kernel_size"],
            stride: state["stride"],
            padding: padding(state["padding"]),
            dilation: state["dilation"],
            ceil_mode: state["ceil_mode"],
            ...(isMax(state) ? {} : { count_include_pad: state["count_include_pad"] }),
          },
        },
  frame: pool2dFrame,
};
