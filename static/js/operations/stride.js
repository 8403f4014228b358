// The stride page: two strides side by side over the same input and kernel.

/** @import { Operation, Settings } from "../types" */

import { arrayField, numberField, paddingField, pairField } from "../fields.js";
import { frame } from "../frame.js";
import { compareFrame } from "../frames/pair.js";
import { say } from "../words.js";
import { array, filter, inputOf, padding, pasteOf } from "./shared.js";

const NAMES = { weight: "kernel" };

/** @param {Chosen} state @param {"stride" | "other"} field */
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

/** @param {Chosen} state @param {"stride" | "other"} field */
function name(state, field) {
  const [height, width] = state[field];
  return say("stride.named", { stride: height === width ? height : `${height} × ${width}` });
}

const FIELDS = [
  arrayField("input", say("common.input"), { preset: "stripes", size: [6, 6] }),
  arrayField("kernel", say("common.kernel"), { preset: "line-vertical", size: [3, 3] }),
  pairField("stride", say("stride.first_stride"), [1, 1]),
  pairField("other", say("stride.second_stride"), [2, 2]),
  paddingField("padding", say("common.padding"), [0, 0]),
  numberField("bias", say("common.bias"), 0),
];

/** @typedef {Settings<typeof FIELDS>} Chosen */

/** @type {Operation<Chosen>} */
export const stride = {
  fields: FIELDS,
  cards: [
    {
      title: say("stride.strides"),
      controls: [
        { kind: "pair", field: "stride", label: say("stride.of_first"), limit: "stride" },
        { kind: "pair", field: "other", label: say("stride.of_second"), limit: "b.stride" },
      ],
    },
    { title: say("pair.input"), controls: inputOf(32) },
    {
      title: say("pair.kernel"),
      controls: [
        { kind: "kernels", field: "kernel", label: say("common.kernel") },
        { kind: "size", field: "kernel", label: say("common.kernel_size"), limit: "kernel_size" },
        pasteOf("kernel", say("common.kernel")),
      ],
    },
    { title: say("pair.padding"), more: true, controls: [{ kind: "pair", field: "padding", label: say("common.padding"), limit: "padding" }] },
  ],
  request: (state) => request(state, "stride"),
  second: (state) => request(state, "other"),
  names: NAMES,
  frame: (trace, step) => frame(trace, step, NAMES),
  compare: (pair, step) => compareFrame(pair, step, NAMES),
};
