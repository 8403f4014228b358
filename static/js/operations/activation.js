// The activation page: what can be set, how it is asked for, what draws it.

/** @import { Operation } from "../types" */

import { arrayField, choiceField, numberField } from "../fields.js";
import { frame } from "../frame.js";
import { array, inputOf } from "./shared.js";

/** @type {Operation} */
export const activation = {
  fields: [
    choiceField("function", "Activation", "relu", ["relu", "leaky_relu", "sigmoid", "tanh"]),
    numberField("negative_slope", "Negative slope", 0.1),
    arrayField("input", "Input", { preset: "signed", size: [5, 5], seed: 1 }),
  ],
  cards: [
    {
      title: "Activation",
      controls: [
        {
          kind: "choice",
          field: "function",
          label: "Function",
          options: [
            { value: "relu", label: "ReLU" },
            { value: "leaky_relu", label: "leaky ReLU" },
            { value: "sigmoid", label: "sigmoid" },
            { value: "tanh", label: "tanh" },
          ],
        },
        {
          kind: "number",
          field: "negative_slope",
          label: "Negative slope",
          when: (state) => state["function"] === "leaky_relu",
        },
      ],
    },
    {
      title: "Input",
      controls: [...inputOf(32), { kind: "channels", field: "input", label: "Channels", min: 1, max: 4 }],
    },
  ],
  request: (state) => ({
    operation: state["function"],
    body: {
      input: array(state["input"]),
      ...(state["function"] === "leaky_relu" ? { negative_slope: state["negative_slope"] } : {}),
    },
  }),
  frame: (trace, step) => frame(trace, step),
};
