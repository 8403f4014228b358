// The dense page: what can be set, how it is asked for, what draws it.

/** @import { ArrayChoice, Control, Operation, State } from "../types" */

import { resized, sizeOf } from "../arrays.js";
import { arrayField, choiceField, wholeField } from "../fields.js";
import { frame } from "../frame.js";
import { vectorControl } from "../inspector-vector.js";

const ACTIVATIONS = ["relu", "sigmoid", "tanh", "none"];
const MOST = 8;
const NAMES = { "0.weight": "weight1", "1.weight": "weight2" };

/** A line of numbers as the API takes it. @param {ArrayChoice} choice */
const vector = (choice) => ("values" in choice ? choice.values.flat(2) : { ...choice, channels: 1 });

/** Weights as the API takes them. @param {ArrayChoice} choice */
const matrix = (choice) =>
  "values" in choice ? choice.values[0] : { preset: choice.preset, size: choice.size, seed: choice.seed ?? 0 };

/** The biases, whatever their number: a layer that grew has 0 for the new ones. @param {ArrayChoice} choice @param {number} count */
const biases = (choice, count) => vector(resized(choice, [count, 1]));

/** @param {State} state */
const isDeep = (state) => state["layers"] === 2;

/** @param {State} state how many values there are at each place: input, hidden, output */
const counts = (state) => {
  const [first = 1, inputs = 1] = sizeOf(state["weight1"]);
  return { inputs, hidden: first, outputs: isDeep(state) ? sizeOf(state["weight2"])[0] : first };
};

/** One number of values, which changes every array that it belongs to. @param {"inputs" | "hidden" | "outputs"} name @param {string} label @param {Control["when"]} [when] @returns {Control} */
const count = (name, label, when) => ({
  kind: "whole",
  field: name,
  label,
  min: 1,
  max: MOST,
  ...(when ? { when } : {}),
  read: (state) => counts(state)[name],
  write: (state, value) => withCounts(state, { ...counts(state), [name]: value }, name === "outputs" && !isDeep(state)),
});

/** @param {State} state @param {{ inputs: number, hidden: number, outputs: number }} now @param {boolean} flat whether the outputs are the first layer's */
function withCounts(state, now, flat) {
  const first = flat ? now.outputs : now.hidden;
  const size = sizeOf(state["input"]);
  return {
    input: "values" in state["input"] || size[1] === 1 ? resized(state["input"], [now.inputs, 1]) : state["input"],
    weight1: resized(state["weight1"], [first, now.inputs]),
    bias1: resized(state["bias1"], [first, 1]),
    bias2: resized(state["bias2"], [isDeep(state) ? now.outputs : sizeOf(state["bias2"])[0], 1]),
    weight2: resized(state["weight2"], [isDeep(state) ? now.outputs : sizeOf(state["weight2"])[0], first]),
  };
}

/** @param {string} field @param {string} label @param {Control["when"]} [when] @returns {Control} */
const seed = (field, label, when) => ({ kind: "seed", field, label, ...(when ? { when } : {}) });

/** @type {Operation} */
export const dense = {
  fields: [
    wholeField("layers", "Layers", 2, 1, 2),
    arrayField("input", "Input", { preset: "random", size: [6, 1], seed: 3 }),
    arrayField("weight1", "Weights 1", { preset: "random", size: [4, 6], seed: 2 }),
    arrayField("bias1", "Biases 1", { values: [[[1], [-1], [0], [2]]] }),
    choiceField("activation", "Hidden activation", "relu", ACTIVATIONS),
    arrayField("weight2", "Weights 2", { preset: "random", size: [3, 4], seed: 5 }),
    arrayField("bias2", "Biases 2", { values: [[[0], [1], [-1]]] }),
    choiceField("last", "Output activation", "none", ACTIVATIONS),
  ],
  cards: [
    {
      title: "Layers",
      controls: [
        {
          kind: "choice",
          field: "layers",
          label: "Hidden layer",
          options: [
            { value: 2, label: "one hidden layer" },
            { value: 1, label: "none" },
          ],
        },
        count("inputs", "Inputs"),
        count("hidden", "Hidden values", isDeep),
        count("outputs", "Outputs"),
        {
          kind: "choice",
          field: "activation",
          label: "After the hidden layer",
          options: ACTIVATIONS.map((value) => ({ value, label: value === "relu" ? "ReLU" : value })),
          when: isDeep,
        },
        {
          kind: "choice",
          field: "last",
          label: "After the last layer",
          options: ACTIVATIONS.map((value) => ({ value, label: value === "relu" ? "ReLU" : value })),
        },
      ],
    },
    {
      title: "Biases",
      controls: [
        { kind: "custom", build: vectorControl, field: "bias1", label: "Bias", min: -10, max: 10 },
        { kind: "custom", build: vectorControl, field: "bias2", label: "Second bias", min: -10, max: 10, when: isDeep },
      ],
    },
    {
      title: "Numbers",
      controls: [
        seed("input", "Seed of the input"),
        seed("weight1", "Seed of the weights"),
        seed("weight2", "Seed of the second weights", isDeep),
      ].map((control) => ({
        ...control,
        when: (/** @type {State} */ state) =>
          state[control.field].preset === "random" && (control.when?.(state) ?? true),
      })),
    },
  ],
  request: (state) => {
    const { hidden, outputs } = counts(state);
    const first = {
      weight: matrix(state["weight1"]),
      bias: biases(state["bias1"], hidden),
      activation: isDeep(state) ? state["activation"] : state["last"],
    };
    const second = {
      weight: matrix(state["weight2"]),
      bias: biases(state["bias2"], outputs),
      activation: state["last"],
    };
    return {
      operation: "dense",
      body: { input: vector(state["input"]), layers: isDeep(state) ? [first, second] : [first] },
    };
  },
  names: NAMES,
  frame: (trace, step) => frame(trace, step, NAMES),
};
