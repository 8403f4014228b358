// The channels page: what can be set, how it is asked for, what draws it.

/** @import { Forward, Settings } from "../types" */

import { channelsIn, resized, withChannels } from "../arrays.js";
import { arrayField, paddingField, pairField, wholeField } from "../fields.js";
import { channelsFrame } from "../frames/channels.js";
import { withBackward, without } from "./backward.js";
import { array, inputControls, isRandom, padding, pasteOf, vector } from "./shared.js";
import { vectorControl } from "../inspector-vector.js";
import { say } from "../words.js";

const MOST = 6;

/** @param {Chosen} state */
const inputs = (state) => channelsIn(state["input"]);

/** Whether the channels are those of a photo. @param {Chosen} state */
const isPhoto = ({ input }) => ("values" in input ? input.colour === true : input.preset.startsWith("photo-"));

/** Whether the channels are the red, green and blue of a photo. @param {Chosen} state */
const isColour = (state) => inputs(state) === 3 && isPhoto(state);

/** How many channels each filter reads; groups that do not divide them are the engine's to refuse. @param {Chosen} state */
const depth = (state) => Math.max(1, Math.floor(inputs(state) / state["groups"]));

/** The weights as the API takes them: filter by filter. @param {Chosen} state */
function weight(state) {
  const choice = state["weight"];
  const each = depth(state);
  if ("values" in choice)
    return Array.from({ length: state["filters"] }, (_, filter) =>
      choice.values.slice(filter * each, (filter + 1) * each),
    );
  return {
    preset: choice.preset,
    size: choice.size,
    filters: state["filters"],
    channels: each,
    seed: choice.seed ?? 0,
  };
}

/** The settings with some changed, and all that follows from them made to fit. @param {Chosen} state @param {Partial<Chosen>} patch */
function fitting(state, patch) {
  const next = { ...state, ...patch };
  if (inputs(next) % next["groups"] || next["filters"] % next["groups"]) next["groups"] = 1;
  const planes = next["filters"] * depth(next);
  return {
    ...patch,
    groups: next["groups"],
    weight: withChannels(next["weight"], planes),
    bias: resized(next["bias"], [next["filters"], 1]),
  };
}

/** Numbers that divide both. @param {Chosen} state */
const divisors = (state) =>
  [1, 2, 3, 4, 5, 6].filter((groups) => inputs(state) % groups === 0 && state["filters"] % groups === 0);

const FIELDS = [
  arrayField("input", say("common.input"), { preset: "photo-cat", size: [6, 6], channels: 3 }),
  wholeField("filters", say("channels.filters"), 2, 1, MOST),
  wholeField("groups", say("channels.groups"), 1, 1, MOST),
  arrayField("weight", say("common.kernels"), { preset: "random", size: [3, 3], channels: 6, seed: 4 }),
  arrayField("bias", say("common.biases"), { values: [[[1], [-2]]] }),
  pairField("stride", say("common.stride"), [1, 1]),
  paddingField("padding", say("common.padding"), [0, 0]),
];

/** @typedef {Settings<typeof FIELDS>} Chosen */

/** @type {Forward<Chosen>} */
const page = {
  fields: FIELDS,
  cards: [
    { title: say("common.input"), controls: inputControls(32) },
    {
      title: say("common.channels"),
      controls: [
        {
          kind: "whole",
          field: "input",
          label: say("channels.input_channels"),
          min: 1,
          max: MOST,
          read: inputs,
          write: (state, count) => fitting(state, { input: withChannels(state["input"], Number(count)) }),
        },
        {
          kind: "whole",
          field: "filters",
          label: say("channels.filters"),
          write: (state, count) => fitting(state, { filters: Number(count) }),
        },
        {
          kind: "choice",
          field: "groups",
          label: say("channels.groups"),
          options: [1, 2, 3, 4, 5, 6].map((value) => ({ value, label: String(value) })),
          possible: divisors,
          write: (state, groups) => fitting(state, { groups: Number(groups) }),
        },
      ],
    },
    {
      title: say("common.kernels"),
      controls: [
        { kind: "size", field: "weight", label: say("common.kernel_size"), limit: "kernel_size" },
        {
          kind: "seed",
          field: "weight",
          label: say("channels.seed"),
          when: ({ weight }) => isRandom(weight),
        },
        pasteOf("weight", say("common.kernels")),
        { kind: "custom", build: vectorControl, field: "bias", label: say("common.bias"), min: -10, max: 10 },
        { kind: "pair", field: "stride", label: say("common.stride"), limit: "stride" },
        { kind: "pair", field: "padding", label: say("common.padding"), limit: "padding" },
      ],
    },
  ],
  request: (state) => ({
    operation: "conv2d",
    body: {
      input: array(state["input"]),
      weight: weight(state),
      bias: vector(state["bias"]),
      stride: state["stride"],
      padding: padding(state["padding"]),
      groups: state["groups"],
      tensors: ["input", "padded_input", "weight", "bias", "output", "partial"],
    },
  }),
  colour: isColour,
  withInput: (state, input) => fitting(state, { input }),
  frame: (trace, step, state) => channelsFrame(trace, step, isPhoto(state)),
};

export const channels = withBackward(page, {
  request: (state) => without(page.request(state), "bias", "tensors"),
  wrt: { weight: say("common.kernels"), input: say("common.input"), bias: say("common.bias") },
  correlates: () => true,
  idle: ["bias"],
});
