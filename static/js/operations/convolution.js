// The convolution page: what can be set, how it is asked for, what draws it.

/** @import { Operation } from "../types" */

import { arrayField, choiceField, numberField, paddingField, pairField } from "../fields.js";
import { conv2dFrame } from "../frames/conv2d.js";
import { array, filter, inputOf, MODES, padding, same, WINDOW } from "./shared.js";

/** @type {Operation} */
export const convolution = {
  fields: [
    arrayField("input", "Input", { preset: "lesson", size: [3, 3] }),
    arrayField("kernel", "Kernel", { preset: "lesson", size: [2, 2] }),
    pairField("stride", "Stride", [1, 1]),
    paddingField("padding", "Padding", [0, 0]),
    choiceField("padding_mode", "Padding mode", "zeros", MODES),
    pairField("dilation", "Dilation", [1, 1]),
    numberField("bias", "Bias", 0),
  ],
  cards: [
    {
      title: "Kernel",
      controls: [
        { kind: "swatches", field: "kernel", label: "Kernel", source: "kernels" },
        { kind: "size", field: "kernel", label: "Kernel size", limit: "kernel_size" },
      ],
    },
    {
      title: "Parameters",
      controls: [
        ...WINDOW,
        { kind: "pair", field: "dilation", label: "Dilation", limit: "dilation" },
        { kind: "number", field: "bias", label: "Bias" },
        same,
        {
          kind: "choice",
          field: "padding_mode",
          label: "Padding mode",
          limit: "padding_mode",
          options: MODES.map((value) => ({ value, label: value })),
        },
      ],
    },
    { title: "Input", controls: inputOf(32) },
  ],
  request: (state) => ({
    operation: "conv2d",
    body: {
      input: array(state["input"]),
      weight: filter(state["kernel"]),
      ...(state["bias"] ? { bias: [state["bias"]] } : {}),
      stride: state["stride"],
      padding: padding(state["padding"]),
      padding_mode: state["padding_mode"],
      dilation: state["dilation"],
    },
  }),
  frame: conv2dFrame,
};
