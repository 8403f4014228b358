// The convolution page: what can be set, how it is asked for, what draws it.

/** @import { Control, Field, Operation, State, TraceRequest } from "../types" */

import { resized, sizeOf } from "../arrays.js";
import {
  arrayField,
  choiceField,
  flagField,
  zeroPairField,
  numberField,
  paddingField,
  pairField,
} from "../fields.js";
import { frame } from "../frame.js";
import { againstFrame } from "../frames/pair.js";
import { comparisonNote } from "../inspector-comparison.js";
import { array, filter, inputOf, MODES, padding, pasteOf, same, WINDOW } from "./shared.js";

const LARGEST = 8; // an input side, on the way to an output that can still be seen
const LONGEST = 4; // a stride

/** @param {State} state */
const isPlain = (state) => state["mode"] === "plain";
/** The settings with another direction, and what would not fit it as it opens: sizes grow where they shrank before. @param {State} state @param {string} mode */
function inDirection(state, mode) {
  if (mode === "plain") return { mode, padding: "same", output_padding: [0, 0], dilation: [1, 1] };
  if (!isPlain(state)) return { mode };
  const [height, width] = sizeOf(state["input"]);
  const [down, across] = state["stride"];
  return {
    mode,
    input: resized(state["input"], [Math.min(height, LARGEST), Math.min(width, LARGEST)]),
    stride: [Math.min(down, LONGEST), Math.min(across, LONGEST)],
    padding: [0, 0],
    padding_mode: "zeros",
    dilation: [1, 1],
    flip: false,
  };
}

/** A control, or a setting of a link, of the one direction alone. @template {Control | Field} T @param {T} part @returns {T} */
const plainOnly = (part) => ({ ...part, when: isPlain });

/** Whether the turned kernel is shown as well. @param {State} state */
const isFlipped = (state) => isPlain(state) && state["flip"];

const NAMES = { weight: "kernel" };
const TURNED = { kernel: "Kernel, turned", output: "Convolution" };

/** A convolution, or the transposed one. @param {State} state @returns {TraceRequest} */
function request(state) {
  const common = {
    input: array(state["input"]),
    weight: filter(state["kernel"]),
    ...(state["bias"] ? { bias: [state["bias"]] } : {}),
    stride: state["stride"],
    padding: padding(state["padding"]),
    dilation: state["dilation"],
  };
  const plain = { operation: "conv2d", body: { ...common, padding_mode: state["padding_mode"] } };
  if (isPlain(state)) return state["flip"] ? { ...plain, name: "Cross-correlation" } : plain;
  const transposed = { output_padding: state["output_padding"], mode: state["mode"] };
  return { operation: "conv_transpose2d", body: { ...common, ...transposed } };
}

/** @type {Operation} */
export const convolution = {
  fields: [
    arrayField("input", "Input", { preset: "lesson", size: [3, 3] }),
    arrayField("kernel", "Kernel", { preset: "lesson", size: [2, 2] }),
    pairField("stride", "Stride", [1, 1]),
    paddingField("padding", "Padding", [0, 0]),
    plainOnly(choiceField("padding_mode", "Padding mode", "zeros", MODES)),
    pairField("dilation", "Dilation", [1, 1]),
    numberField("bias", "Bias", 0),
    choiceField("mode", "Kind", "plain", ["plain", "gather", "scatter"]),
    { ...zeroPairField("output_padding", "Output padding", [0, 0]), when: (state) => !isPlain(state) },
    plainOnly(flagField("flip", "Flip the kernel", false)),
  ],
  cards: [
    {
      title: "Kernel",
      controls: [
        { kind: "swatches", field: "kernel", label: "Kernel", source: "kernels" },
        { kind: "size", field: "kernel", label: "Kernel size", limit: "kernel_size" },
        pasteOf("kernel", "Kernel"),
        plainOnly({ kind: "flag", field: "flip", label: "Flip the kernel: true convolution" }),
        plainOnly({
          kind: "custom",
          field: "flip",
          label: "Flip the kernel",
          build: comparisonNote(
            "What frameworks call convolution slides the kernel as it stands; its older name is cross-correlation.",
            "Frameworks leave the turn out: weights that are learned come out turned as needed.",
          ),
        }),
      ],
    },
    {
      title: "Parameters",
      controls: [
        ...WINDOW,
        { kind: "pair", field: "dilation", label: "Dilation", limit: "dilation" },
        { kind: "number", field: "bias", label: "Bias" },
        {
          kind: "pair",
          field: "output_padding",
          label: "Output padding",
          limit: "output_padding",
          when: (state) => !isPlain(state),
        },
        plainOnly(same),
        {
          kind: "choice",
          when: isPlain,
          field: "padding_mode",
          label: "Padding mode",
          limit: "padding_mode",
          options: MODES.map((value) => ({ value, label: value })),
        },
      ],
    },
    {
      title: "Kind",
      controls: [
        {
          kind: "choice",
          field: "mode",
          label: "Direction",
          write: inDirection,
          options: [
            { value: "plain", label: "convolution" },
            { value: "scatter", label: "transposed: scatter" },
            { value: "gather", label: "transposed: gather" },
          ],
        },
      ],
    },
    { title: "Input", controls: inputOf(32) },
  ],
  request,
  second: (state) =>
    isFlipped(state)
      ? { operation: "conv2d", name: "Convolution", body: { ...request(state).body, flip_kernel: true } }
      : undefined,
  names: NAMES,
  frame: (trace, step) => (trace.comparison ? againstFrame(trace, step, TURNED, NAMES) : frame(trace, step, NAMES)),
};
