// The table of operations: what can be set, how it is asked for, what draws it. Adding an operation adds a row.

/** @import { ArrayChoice, Control, Operation, PaddingChoice, State } from "./types" */

import { arrayField, choiceField, flagField, numberField, paddingField, pairField } from "./fields.js";
import { conv2dFrame } from "./frames/conv2d.js";
import { flattenFrame } from "./frames/flatten.js";
import { pool2dFrame } from "./frames/pool2d.js";

const MODES = ["zeros", "reflect", "replicate", "circular"];

/** An array as the API takes it. @param {ArrayChoice} choice */
const array = (choice) => ("values" in choice ? choice.values : choice);

/** A kernel as the API takes it: one filter. @param {ArrayChoice} choice */
const filter = (choice) => ("values" in choice ? [choice.values] : { preset: choice.preset, size: choice.size });

/** Four sides as the API takes them. @param {PaddingChoice} choice */
const padding = (choice) =>
  Array.isArray(choice) && choice.length === 4
    ? [
        [choice[0], choice[1]],
        [choice[2], choice[3]],
      ]
    : choice;

/** @param {number} largest @returns {Control[]} */
const inputOf = (largest) => [
  { kind: "swatches", field: "input", label: "Input", source: "inputs" },
  { kind: "size", field: "input", label: "Input size", limit: "input_size", min: 1, max: largest },
  {
    kind: "seed",
    field: "input",
    label: "Seed",
    when: (state) => state["input"].preset === "random",
  },
];

/** @type {Control[]} */
const WINDOW = [
  { kind: "pair", field: "stride", label: "Stride", limit: "stride" },
  { kind: "pair", field: "padding", label: "Padding", limit: "padding" },
];

const same = {
  kind: /** @type {const} */ ("choice"),
  field: "padding",
  label: "Padding by name",
  limit: "padding_word",
  options: ["valid", "same", "same_lower"].map((value) => ({ value, label: value.replace("_", " ") })),
};

/** @type {Operation} */
const convolution = {
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

const isMax = (/** @type {State} */ state) => state["pool"] === "max";

/** @type {Operation} */
const pooling = {
  fields: [
    choiceField("pool", "Pooling", "max", ["max", "avg"]),
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
          limit: "pool",
          options: [
            { value: "max", label: "the largest" },
            { value: "avg", label: "the average" },
          ],
        },
        { kind: "pair", field: "kernel_size", label: "Kernel size", limit: "kernel_size" },
        ...WINDOW,
        { kind: "pair", field: "dilation", label: "Dilation", limit: "dilation" },
        { kind: "flag", field: "ceil_mode", label: "Round up (ceil_mode)", limit: "ceil_mode" },
        {
          kind: "flag",
          field: "count_include_pad",
          label: "Count padding",
          limit: "count_include_pad",
          when: (state) => !isMax(state),
        },
      ],
    },
    {
      title: "Input",
      controls: [...inputOf(32), { kind: "channels", field: "input", label: "Channels", min: 1, max: 4 }],
    },
  ],
  request: (state) => ({
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
  }),
  frame: pool2dFrame,
};

/** @type {Operation} */
const flatten = {
  fields: [arrayField("input", "Input", { preset: "lesson", size: [2, 3], channels: 3 })],
  cards: [
    {
      title: "Input",
      controls: [...inputOf(12), { kind: "channels", field: "input", label: "Channels", min: 1, max: 4 }],
    },
  ],
  request: (state) => ({ operation: "flatten", body: { input: array(state["input"]) } }),
  frame: flattenFrame,
};

/** @type {Record<string, Operation>} */
export const OPERATIONS = { convolution, pooling, flatten };
