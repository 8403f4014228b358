// The dense page: what can be set, how it is asked for, what draws it.

/** @import { ArrayChoice, Control, Field, Forward, Settings, TraceRequest, TypedArray } from "../types" */

import { channelsIn, resized, sizeOf } from "../arrays.js";
import { DENSE_ACTIVATIONS } from "../catalogue.js";
import { arrayField, choiceField, typedField, wholeField } from "../fields.js";
import { frame } from "../frame.js";
import { againstFrame } from "../frames/pair.js";
import { vectorControl } from "../inspector-vector.js";
import { say } from "../words.js";
import { withBackward } from "./backward.js";
import { array, comparisonOf, isRandom, vector } from "./shared.js";
import { shiftControl, shifted, shiftField } from "./shifts.js";

const ACTIVATIONS = { ...DENSE_ACTIVATIONS, none: say("option.none") };
const MOST = 8;
const NAMES = { "0.weight": "weight1", "1.weight": "weight2" };
const OF_MAPS = { input: "maps", weight: "places" };
/** What a dense layer reads. */
const READS = { line: say("dense.a_line"), maps: say("dense.maps_or_averages") };

/** A bar and a line, as two kernels may have found them: a map for each class. @type {TypedArray} */
const MAPS = { values: [[[0, 0, 0, 0], [0, 6, 0, 0], [0, 6, 0, 0], [0, 0, 0, 0]], [[0, 0, 0, 0], [0, 2, 2, 0], [0, 0, 0, 0], [0, 0, 0, 0]]] };
/** What is called otherwise once the maps are moved. */
const MOVED = {
  averages: say("dense.averages_moved"),
  input: say("dense.maps_moved"),
  weights: say("dense.same_weights"),
  output: say("dense.dense_moved"),
};
/** Weights that know the bar in one place alone: for each class those of both maps. @type {TypedArray} */
const PLACES = {
  values: [
    [[0, 1, 0, -1], [0, 1, 0, -1], [0, 1, 0, -1], [0, 1, 0, -1]],
    [[0, 0, 0, 0], [0, -1, -1, 0], [0, 0, 0, 0], [1, 1, 1, 1]],
    [[0, -1, 1, 0], [0, -1, 1, 0], [0, -1, 1, 0], [0, -1, 1, 0]],
    [[0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0], [-1, 0, 0, -1]],
  ],
};

/** Weights as the API takes them. @param {ArrayChoice} choice */
const matrix = (choice) =>
  "values" in choice ? choice.values[0] : { preset: choice.preset, size: choice.size, seed: choice.seed ?? 0 };

/** The biases, whatever their number: a layer that grew has 0 for the new ones. @param {ArrayChoice} choice @param {number} count */
const biases = (choice, count) => vector(resized(choice, [count, 1]));

/** Whether maps are read, and not a line of numbers. @param {Chosen} state */
const ofMaps = (state) => state["reads"] === "maps";

/** What decides by the maps: their averages, and a dense layer. @param {Chosen} state @returns {TraceRequest} */
function deciding({ maps, places }) {
  const [count, weights] = [channelsIn(maps), "values" in places ? places.values : []];
  const weight = Array.from({ length: count }, (_, k) => weights.slice(k * count, (k + 1) * count));
  return { operation: "average_or_dense", name: say("pooling.as_it_was"), body: { input: array(maps), weight } };
}

/** A control, or a setting of a link, of the one kind alone. @template {Control | Field} T @param {T} part @returns {T} */
const lineOnly = (part) => ({ ...part, when: (/** @type {Chosen} */ state) => !ofMaps(state) && (part.when?.(state) ?? true) });
/** @param {Control<Chosen>[]} controls */
const eachOfLine = (controls) => controls.map(lineOnly);
/** The same of maps. @template {Control | Field} T @param {T} part @returns {T} */
const mapsOnly = (part) => ({ ...part, when: ofMaps });

/** @param {Chosen} state */
const isDeep = (state) => state["layers"] === 2;

/** @param {Chosen} state how many values there are at each place: input, hidden, output */
const counts = (state) => {
  const [first = 1, inputs = 1] = sizeOf(state["weight1"]);
  return { inputs, hidden: first, outputs: isDeep(state) ? sizeOf(state["weight2"])[0] : first };
};

/** One number of values, which changes every array that it belongs to. @param {"inputs" | "hidden" | "outputs"} name @param {string} label @param {(state: Chosen) => boolean} [when] @returns {Control<Chosen>} */
const count = (name, label, when) => ({
  kind: "whole",
  field: name,
  label,
  min: 1,
  max: MOST,
  ...(when ? { when } : {}),
  read: (state) => counts(state)[name],
  write: (state, value) => withCounts(state, { ...counts(state), [name]: Number(value) }, name === "outputs" && !isDeep(state)),
});

/** @param {Chosen} state @param {{ inputs: number, hidden: number, outputs: number }} now @param {boolean} flat whether the outputs are the first layer's */
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

/** The seed of an array that is drawn by one. @param {"input" | "weight1" | "weight2"} field @param {string} label @param {(state: Chosen) => boolean} [when] @returns {Control<Chosen>} */
const seed = (field, label, when) => ({ kind: "seed", field, label, when: (state) => isRandom(state[field]) && (when?.(state) ?? true) });

const FIELDS = [
  choiceField("reads", say("dense.reads"), "line", READS),
  lineOnly(wholeField("layers", say("dense.layers"), 2, 1, 2)),
  lineOnly(arrayField("input", say("common.input"), { preset: "random", size: [6, 1], seed: 3 })),
  lineOnly(arrayField("weight1", say("dense.weights_1"), { preset: "random", size: [4, 6], seed: 2 })),
  lineOnly(arrayField("bias1", say("dense.biases_1"), { values: [[[1], [-1], [0], [2]]] })),
  lineOnly(choiceField("activation", say("dense.hidden_activation"), "relu", ACTIVATIONS)),
  lineOnly(arrayField("weight2", say("dense.weights_2"), { preset: "random", size: [3, 4], seed: 5 })),
  lineOnly(arrayField("bias2", say("dense.biases_2"), { values: [[[0], [1], [-1]]] })),
  lineOnly(choiceField("last", say("dense.output_activation"), "none", ACTIVATIONS)),
  mapsOnly(typedField("maps", say("dense.maps"), MAPS)),
  mapsOnly(typedField("places", say("dense.weights_of_places"), PLACES)),
  mapsOnly(shiftField),
];

/** @typedef {Settings<typeof FIELDS>} Chosen */

/** @type {Forward<Chosen>} */
const page = {
  fields: FIELDS,
  cards: [
    { title: say("common.input"), controls: [{ kind: "choice", field: "reads", label: say("dense.reads") }] },
    {
      title: say("pooling.shift"),
      controls: [
        mapsOnly(shiftControl),
        mapsOnly(comparisonOf("shift", say("pooling.shift"), say("dense.shift_note"), say("dense.shift_note_after"))),
      ],
    },
    {
      title: say("dense.layers"),
      controls: eachOfLine([
        {
          kind: "choice",
          field: "layers",
          label: say("dense.hidden_layer"),
          options: [
            { value: 2, label: say("dense.one_hidden_layer") },
            { value: 1, label: say("option.none") },
          ],
        },
        count("inputs", say("dense.inputs")),
        count("hidden", say("dense.hidden_values"), isDeep),
        count("outputs", say("dense.outputs")),
        { kind: "choice", field: "activation", label: say("dense.after_hidden_layer"), when: isDeep },
        { kind: "choice", field: "last", label: say("dense.after_last_layer") },
      ]),
    },
    {
      title: say("common.biases"),
      controls: eachOfLine([
        { kind: "custom", build: vectorControl, field: "bias1", label: say("common.bias"), min: -10, max: 10 },
        { kind: "custom", build: vectorControl, field: "bias2", label: say("dense.second_bias"), min: -10, max: 10, when: isDeep },
      ]),
    },
    {
      title: say("dense.numbers"),
      controls: eachOfLine([
        seed("input", say("dense.seed_input")),
        seed("weight1", say("dense.seed_weights")),
        seed("weight2", say("dense.seed_weights_2"), isDeep),
      ]),
    },
  ],
  request: (state) => {
    if (ofMaps(state)) return deciding(state);
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
  second: (state) => (ofMaps(state) ? shifted(deciding(state), state["shift"]) : undefined),
  names: NAMES,
  frame: (trace, step) => frame(trace, step, trace.op === "average_or_dense" ? OF_MAPS : NAMES),
  compare: (pair, step) => againstFrame(pair, step, MOVED, OF_MAPS, true),
};

/** The gradients of one layer without an activation. */
export const dense = withBackward(page, {
  request: (state) =>
    ofMaps(state) || isDeep(state) || state["last"] !== "none"
      ? undefined
      : { operation: "linear", body: { input: vector(state["input"]), weight: matrix(state["weight1"]) } },
  wrt: { weight: say("backward.weights"), input: say("common.input"), bias: say("common.bias") },
  otherwise: say("backward.one_layer"),
  line: true,
  idle: ["bias1"],
  names: { weight: "weight1" },
});
