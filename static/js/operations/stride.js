// The stride page: two strides side by side over the same input and kernel.

/** @import { Operation, State } from "../types" */

import { arrayField, numberField, paddingField, pairField } from "../fields.js";
import { compareFrame } from "../frames/pair.js";
import { array, filter, inputOf, padding, pasteOf } from "./shared.js";

const NAMES = { weight: "kernel" };

/** @param {State} state @param {string} field */
const request = (state, field) => ({
  operation: "conv2d",
  name: name(state, field),
  body: {
    input: array(state["input"]),
    weight: filter(state["kernel"]),
    ...(state["bias"] ? { bias: [state["bias"]] } : {}),
    stride: state[field],
    padding: padding(state["padding"]),
  },
});

/** @param {State} state @param {string} field */
function name(state, field) {
  const [height, width] = state[field];
  return `Stride ${height === width ? height : `${height} × ${width}`}`;
}

/** @type {Operation} */
export const stride = {
  fields: [
    arrayField("input", "Input", { preset: "stripes", size: [6, 6] }),
    arrayField("kernel", "Kernel", { preset: "line-vertical", size: [3, 3] }),
    pairField("stride", "First stride", [1, 1]),
    pairField("other", "Second stride", [2, 2]),
    paddingField("padding", "Padding", [0, 0]),
    numberField("bias", "Bias", 0),
  ],
  cards: [
    {
      title: "Strides",
      controls: [
        { kind: "pair", field: "stride", label: "First", limit: "stride" },
        { kind: "pair", field: "other", label: "Second", limit: "b.stride" },
        { kind: "pair", field: "padding", label: "Padding", limit: "padding" },
      ],
    },
    {
      title: "Kernel",
      controls: [
        { kind: "swatches", field: "kernel", label: "Kernel", source: "kernels" },
        { kind: "size", field: "kernel", label: "Kernel size", limit: "kernel_size" },
        pasteOf("kernel", "Kernel"),
      ],
    },
    { title: "Input", controls: inputOf(32) },
  ],
  request: (state) => request(state, "stride"),
  second: (state) => request(state, "other"),
  names: NAMES,
  frame: (trace, step) => compareFrame(trace, step, NAMES),
};
