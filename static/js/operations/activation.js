// The activation page: what can be set, how it is asked for, what draws it.

/** @import { Operation, Settings } from "../types" */

import { arrayField, choiceField, numberField } from "../fields.js";
import { frame } from "../frame.js";
import { say } from "../words.js";
import { withBackward } from "./backward.js";
import { array, inputOf, optionsOf } from "./shared.js";

const FUNCTIONS = {
  relu: say("option.relu"),
  leaky_relu: say("option.leaky_relu"),
  sigmoid: say("option.sigmoid"),
  tanh: say("option.tanh"),
};

const FIELDS = [
  choiceField("function", say("activation.activation"), "relu", FUNCTIONS),
  numberField("negative_slope", say("activation.negative_slope"), 0.1),
  arrayField("input", say("common.input"), { preset: "signed", size: [5, 5], seed: 1 }),
];

/** @typedef {Settings<typeof FIELDS>} Chosen */

/** @type {Operation<Chosen>} */
const page = {
  fields: FIELDS,
  cards: [
    {
      title: say("common.input"),
      controls: [...inputOf(32), { kind: "channels", field: "input", label: say("common.channels"), min: 1, max: 4 }],
    },
    {
      title: say("activation.activation"),
      controls: [
        {
          kind: "choice",
          field: "function",
          label: say("activation.function"),
          options: optionsOf(FUNCTIONS),
        },
        {
          kind: "number",
          field: "negative_slope",
          label: say("activation.negative_slope"),
          when: (state) => state["function"] === "leaky_relu",
        },
      ],
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

export const activation = withBackward(page, { request: page.request });
