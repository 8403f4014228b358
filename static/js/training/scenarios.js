// Set-ups worth seeing, each with what to look at.

/** @import { State } from "../types" */

import { formatState, initialState } from "../state.js";
import { freshLayer } from "./choices.js";
import { FIELDS } from "./fields.js";

/** @typedef {{ name: string, title: string, said: string, patch: State }} Scenario */

const CONV = (/** @type {number} */ out_channels) => ({ layer: "conv2d", out_channels, kernel_size: 3, padding: 1 });
const POOL = { layer: "max_pool2d", kernel_size: 2 };
const RELU = { layer: "relu" };
const LEAKY = freshLayer("leaky_relu");
const FLATTEN = { layer: "flatten" };
const dense = (/** @type {number} */ out_features) => ({ layer: "linear", out_features });

/** @type {Scenario[]} */
export const SCENARIOS = [
  {
    name: "learns",
    title: "Learns well",
    said: "The lesson's network on handwritten digits: within a few seconds most of its answers are right.",
    patch: {},
  },
  {
    name: "small-rate",
    title: "Too small a rate",
    said: "The same network at a rate of 0.00001: every step goes the right way, and hardly anywhere.",
    patch: { rate: 0.00001 },
  },
  {
    name: "large-rate",
    title: "Too large a rate",
    said: "Plain gradient descent at a rate of 5: each step overshoots, the next gradient is larger, and soon no number is finite.",
    patch: {
      rate: 5,
      optimizer: { name: "sgd" },
      speed: 2,
      net: [CONV(8), LEAKY, POOL, CONV(16), LEAKY, POOL, FLATTEN, dense(10)],
    },
  },
  {
    name: "dead",
    title: "A network dies",
    said: "Plain gradient descent at a rate of 2: after some dozens of steps every ReLU gives 0 for every picture, nothing passes any more, and no gradient comes back.",
    patch: {
      rate: 2,
      optimizer: { name: "sgd" },
      speed: 50,
      net: [CONV(8), RELU, POOL, FLATTEN, dense(32), RELU, dense(10)],
    },
  },
  {
    name: "overfitting",
    title: "Overfitting",
    said: "Sixty pictures, and nothing against learning them by heart. When the gap between the curves has opened, switch something on and start anew: the first run stays in the chart.",
    patch: {
      data: "shapes",
      samples: 60,
      epochs: 60,
      batch: 20,
      speed: 10,
      net: [CONV(8), RELU, POOL, CONV(16), RELU, POOL, FLATTEN, dense(64), RELU, dense(8)],
    },
  },
  {
    name: "alike",
    title: "All filters alike",
    said: "All weights begin as 0.05: the eight filters give the same map, get the same gradient and stay alike to the last digits, so that the layer learns no more than one of them would. Watch its filters; then let weights begin at random.",
    patch: { init: { name: "constant", val: 0.05 }, optimizer: { name: "sgd" }, rate: 0.05 },
  },
  {
    name: "zeros",
    title: "All weights 0",
    said: "All weights begin as 0: nothing comes through the first layer, no gradient comes back, and only the last bias learns how frequent each digit is.",
    patch: { init: { name: "zeros" }, optimizer: { name: "sgd" }, rate: 0.05 },
  },
  {
    name: "tiny",
    title: "Tiny weights",
    said: "Weights begin at random, and far too small: each layer shrinks what it is given and the gradient that comes back, and for many epochs nothing is learned.",
    patch: { init: { name: "normal", std: 0.001 }, optimizer: { name: "sgd" }, rate: 0.05 },
  },
  {
    name: "rare",
    title: "Rare classes",
    said: "A 0 is shown a hundred times as often as a 9: most answers are right, and the rare digits are missed, as the table of classes shows. Then set the class weights to balanced and start anew.",
    patch: { imbalance: 100, net: [FLATTEN, dense(10)], epochs: 30 },
  },
  {
    name: "batches",
    title: "Batch of 1, 32, all",
    said: "Three runs, side by side on one clock: the same network from the same start, with one sample, 32, or the whole set for each update.",
    patch: { optimizer: { name: "sgd" }, rate: 0.05, epochs: 10, speed: 20, compare: "batches" },
  },
  {
    name: "filters",
    title: "Edge detectors",
    said: "Edges at every angle: watch the filters of the first layer turn into edge detectors.",
    patch: {
      data: "orientations",
      net: [{ layer: "conv2d", out_channels: 8, kernel_size: 5, padding: 2 }, RELU, POOL, FLATTEN, dense(8)],
    },
  },
  {
    name: "regression",
    title: "A number, not a class",
    said: "The angle of an edge, learned by squared error: the answer is a number, 0 for an upright edge and 1 for one that leans by 60°; there is no accuracy, only how far it is off.",
    patch: {
      data: "angles",
      net: [{ layer: "conv2d", out_channels: 8, kernel_size: 5, padding: 2 }, RELU, POOL, FLATTEN, dense(32), RELU, dense(1)],
    },
  },
];

/** All the settings of a scenario. @param {Scenario} scenario */
export const stateIn = (scenario) => ({ ...initialState(FIELDS), ...scenario.patch });

/** A link's words for a set-up: the scenario that it is nearest to, and where it differs from that one. @param {State} state */
export function formatSetup(state) {
  const told = SCENARIOS.map((scenario) => {
    const base = stateIn(scenario);
    const fields = FIELDS.map((field) => ({ ...field, initial: base[field.name] }));
    const like = scenario.name === "learns" ? "" : `like=${scenario.name}`;
    return [like, formatState(fields, state, 0)].filter(Boolean).join("&");
  });
  return told.reduce((one, other) => (other.length < one.length ? other : one));
}

/** A link with `like=overfitting` written out, so that what follows in it counts. @param {string} fragment */
export function written(fragment) {
  const parts = fragment.replace(/^#/, "").split("&");
  const like = parts.find((part) => part.startsWith("like="))?.slice(5);
  if (like === undefined) return fragment;
  const scenario = SCENARIOS.find(({ name }) => name === like);
  if (!scenario) return fragment; // there is no such setting, then
  const base = formatState(FIELDS, stateIn(scenario), 0) || `seed=${stateIn(scenario)["seed"]}`;
  return [base, ...parts.filter((part) => !part.startsWith("like="))].join("&");
}

/** Which scenario a set-up is, if any. @param {State} state */
export function scenarioOf(state) {
  const told = (/** @type {State} */ one) => FIELDS.map((field) => field.format(one[field.name])).join("&");
  return SCENARIOS.find((scenario) => told(stateIn(scenario)) === told(state));
}
