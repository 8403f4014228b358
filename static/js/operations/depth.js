// The page of deep networks: what can be set, how it is asked for, what draws it.

/** @import { Control, Operation, Settings, TraceRequest } from "../types" */

import { BEGINNINGS, DEPTH_ACTIVATIONS, named } from "../catalogue.js";
import { depthFrame } from "../depth-frame.js";
import { DepthStage } from "../depth-stage.js";
import { choiceField, flagField, numberField, wholeField } from "../fields.js";
import { decadesControl, initialisationControl, racesControl } from "../race-controls.js";
import { say } from "../words.js";

const PAGE = 12; // steps asked for at once: each has several numbers of every layer
const DRAWN = ["loss", "value_range", "gradient_range"];
const INITIALISATIONS = BEGINNINGS.map(({ name }) => name);

const STACKS = [
  { title: say("depth.sigmoid_vanishes"), state: {} },
  { title: say("depth.small_vanishes"), state: { init: "normal", spread: 0.1 } },
  { title: say("depth.tanh_saturates"), state: { activation: "tanh", init: "normal", spread: 1 } },
  { title: say("depth.relu_he"), state: { activation: "relu", init: "he" } },
  { title: say("depth.relu_explodes"), state: { activation: "relu", init: "he", rate: 5 } },
  { title: say("depth.relu_tiny"), state: { activation: "relu", init: "normal", spread: 0.001 } },
  { title: say("depth.all_zero"), state: { activation: "tanh", init: "zeros" } },
  { title: say("depth.xavier_he"), state: { activation: "relu", compare: true } },
];

/** What the one number is called that some initialisations take. @param {string} init */
const optionOf = (init) => Object.keys(named(BEGINNINGS, init)?.opens ?? {})[0];

/** @param {string} init @param {number} spread */
function initialisation(init, spread) {
  const option = optionOf(init);
  return option ? { name: init, [option]: spread } : init;
}

/** @param {Chosen} state @param {string} activation @param {string} init @param {number} spread @returns {TraceRequest} */
const request = (state, activation, init, spread) => ({
  operation: "depth",
  page: PAGE,
  body: {
    activation,
    initialisation: initialisation(init, spread),
    layers: state["layers"],
    width: state["width"],
    learning_rate: state["rate"],
    updates: state["updates"],
    seed: state["seed"],
    tensors: DRAWN,
  },
});

const compares = (/** @type {Chosen} */ state) => state["compare"];

/** The activation and the initialisation of one setting, or of the other. @param {"activation" | "activation2"} activation @param {"init" | "init2"} init @param {"spread" | "spread2"} spread @param {(state: Chosen) => boolean} when @returns {Control<Chosen>[]} */
const stackControls = (activation, init, spread, when) => [
  { kind: "choice", field: activation, label: say("activation.activation"), when },
  { kind: "custom", field: init, label: say("depth.initialisation"), build: initialisationControl(spread), when },
  { kind: "custom", field: spread, label: say("depth.spread"), build: decadesControl(-3, 1), when: (state) => when(state) && Boolean(optionOf(state[init])) },
];

const FIELDS = [
  choiceField("activation", say("activation.activation"), "sigmoid", DEPTH_ACTIVATIONS),
  choiceField("init", say("depth.initialisation"), "xavier", INITIALISATIONS),
  numberField("spread", say("depth.spread"), 0.1),
  wholeField("layers", say("depth.layers"), 10, 2, 12),
  wholeField("width", say("depth.width"), 16, 1, 64),
  numberField("rate", say("common.learning_rate"), 0.05),
  wholeField("updates", say("race.steps"), 100, 3, 200),
  wholeField("seed", say("common.seed"), 0, 0, 2 ** 32 - 1),
  flagField("compare", say("depth.compare"), false),
  choiceField("activation2", say("depth.second_activation"), "relu", DEPTH_ACTIVATIONS),
  choiceField("init2", say("depth.second_initialisation"), "he", INITIALISATIONS),
  numberField("spread2", say("depth.second_spread"), 0.1),
];

/** @typedef {Settings<typeof FIELDS>} Chosen */

/** @type {Operation<Chosen>} */
export const depth = {
  fields: FIELDS,
  cards: [
    { title: say("depth.stacks_watch"), controls: [{ kind: "custom", build: racesControl(STACKS), field: "activation", label: say("depth.stacks") }] },
    { title: say("depth.stack"), controls: stackControls("activation", "init", "spread", () => true) },
    {
      title: say("depth.second"),
      controls: [{ kind: "flag", field: "compare", label: say("depth.compare") }, ...stackControls("activation2", "init2", "spread2", compares)],
    },
    {
      title: say("depth.size"),
      controls: [
        { kind: "whole", field: "layers", label: say("depth.layers") },
        { kind: "whole", field: "width", label: say("depth.width") },
      ],
    },
    {
      title: say("depth.learning"),
      controls: [
        { kind: "custom", build: decadesControl(-3, 1), field: "rate", label: say("common.learning_rate") },
        { kind: "whole", field: "updates", label: say("race.steps") },
        { kind: "whole", field: "seed", label: say("common.seed"), min: 0, max: 99 },
      ],
    },
  ],
  request: (state) => request(state, state["activation"], state["init"], state["spread"]),
  second: (state) => (compares(state) ? request(state, state["activation2"], state["init2"], state["spread2"]) : undefined),
  frame: depthFrame,
  stage: (host, arithmetic, events) => new DepthStage(host, arithmetic, events),
};
