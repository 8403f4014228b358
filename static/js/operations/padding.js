// The padding page: two paddings side by side over the same input and kernel.

/** @import { Operation, PaddingChoice, State } from "../types" */

import { arrayField, choiceField, paddingField, pairField } from "../fields.js";
import { compareFrame } from "../frames/pair.js";
import { array, filter, inputOf, MODES, padding as sides, pasteOf, same } from "./shared.js";
import { sidesControl } from "../inspector-sides.js";

const NAMES = { weight: "kernel" };

/** @param {State} state @param {string} field */
const request = (state, field) => ({
  operation: "conv2d",
  name: name(state, field),
  body: {
    input: array(state["input"]),
    weight: filter(state["kernel"]),
    stride: state["stride"],
    padding: sides(state[field]),
    padding_mode: state["padding_mode"],
    tensors: ["input", "padded_input", "weight", "output", "visit_counts", "source_rows", "source_cols"],
  },
});

/** @param {State} state @param {string} field */
function name(state, field) {
  const choice = /** @type {PaddingChoice} */ (state[field]);
  if (typeof choice === "string") return `Padding ${choice.replace("_", " ")}`;
  const alike = choice.every((side) => side === choice[0]);
  return `Padding ${alike ? choice[0] : choice.join(choice.length === 2 ? " × " : ", ")}`;
}

/** @type {Operation} */
export const padding = {
  fields: [
    arrayField("input", "Input", { preset: "blob", size: [5, 5] }),
    arrayField("kernel", "Kernel", { preset: "vertical-edge", size: [3, 3] }),
    paddingField("padding", "First padding", [0, 0]),
    paddingField("other", "Second padding", [1, 1]),
    choiceField("padding_mode", "Padding mode", "zeros", MODES),
    pairField("stride", "Stride", [1, 1]),
  ],
  cards: [
    {
      title: "First",
      controls: [
        { kind: "pair", field: "padding", label: "Padding", limit: "padding" },
        { kind: "custom", build: sidesControl, field: "padding", label: "First", limit: "padding" },
        { kind: "choice", field: "padding", label: "By name", limit: "padding_word", options: same.options },
      ],
    },
    {
      title: "Second",
      controls: [
        { kind: "pair", field: "other", label: "Second padding", limit: "b.padding" },
        { kind: "custom", build: sidesControl, field: "other", label: "Second", limit: "b.padding" },
        { kind: "choice", field: "other", label: "Second by name", limit: "b.padding_word", options: same.options },
      ],
    },
    {
      title: "Both",
      controls: [
        {
          kind: "choice",
          field: "padding_mode",
          label: "Padding mode",
          limit: "padding_mode",
          options: MODES.map((value) => ({ value, label: value })),
        },
        { kind: "pair", field: "stride", label: "Stride", limit: "stride" },
        { kind: "swatches", field: "kernel", label: "Kernel", source: "kernels" },
        { kind: "size", field: "kernel", label: "Kernel size", limit: "kernel_size" },
        pasteOf("kernel", "Kernel"),
      ],
    },
    { title: "Input", controls: inputOf(32) },
  ],
  request: (state) => request(state, "padding"),
  second: (state) => request(state, "other"),
  names: NAMES,
  frame: (trace, step) => compareFrame(trace, step, NAMES),
};
