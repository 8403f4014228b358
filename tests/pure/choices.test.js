// Which choice a setting is, and what a choice is at first: on a page that carries a few.

import assert from "node:assert/strict";
import { test } from "node:test";

import { carry } from "./carry.mjs";

const option = (name, value, more = {}) => ({ name, title: name, kind: "number", required: false, default: value, ...more });
const sgd = { names: ["sgd"], parameters: [option("learning_rate", 0.001, { above: 0 }), option("momentum", 0), option("nesterov", false)] };
const he = { names: ["he", "he_normal", "kaiming_normal"], opens: {}, fixed: {}, parameters: [] };
const carried = {
  layers: [{ name: "dropout", names: ["dropout"], title: "Dropout", opens: { p: 0.5 }, fixed: {}, parameters: [option("p", 0.5)] }],
  optimizers: [
    { ...sgd, name: "sgd", title: "Gradient descent", called: "gradient descent", opens: {}, fixed: {} },
    { ...sgd, name: "momentum", title: "Momentum", opens: { momentum: 0.9 }, fixed: {} },
    { ...sgd, name: "nesterov", title: "Nesterov", opens: { momentum: 0.9 }, fixed: { nesterov: true } },
    { name: "rmsprop", names: ["rmsprop"], title: "RMSProp", opens: { alpha: 0.99, momentum: 0 }, fixed: {}, parameters: [option("alpha", 0.99), option("momentum", 0)] },
  ],
  schedules: [
    { name: "constant", called: "constant", parameters: [] },
    { name: "step", called: "in steps", parameters: [{ name: "step_size" }, { name: "gamma" }, { name: "per" }] },
    { name: "exponential", called: "exponential", parameters: [{ name: "gamma" }, { name: "per" }] },
    { name: "cosine", called: "cosine", parameters: [{ name: "T_max" }, { name: "eta_min" }] },
    { name: "warm_up", called: "warm-up", parameters: [{ name: "total_iters" }, { name: "start_factor" }, { name: "after" }] },
    { name: "reduce_on_plateau", called: "on a plateau", parameters: [{ name: "factor" }, { name: "patience" }] },
  ].map((schedule) => ({ names: [schedule.name], opens: {}, fixed: {}, ...schedule })),
  losses: [{ name: "mse", names: ["mse"], title: "Squared error", task: "regression", opens: {}, fixed: {}, parameters: [] }],
  initialisations: [
    { ...he, name: "he", title: "He (Kaiming)", called: "He (Kaiming)" },
    { ...he, name: "he_uniform", names: ["he_uniform", "kaiming_uniform"], title: "He, uniform" },
    { name: "normal", names: ["normal"], title: "Tiny, at random", called: "tiny, at random", opens: { std: 0.001 }, fixed: {}, parameters: [] },
  ],
  augmentations: [],
  runners: { sgd: "SGD" },
  dataset_options: [{ name: "imbalance", minimum: 1, maximum: 1000 }],
};
carry(carried);
Object.assign(globalThis, { matchMedia: () => ({ matches: true, addEventListener: () => {} }) });
const { BEGINNINGS, calledOf, freshOf, OPTIMIZERS } = await import("../../static/js/catalogue.js");
const { chosen, freshLayer, isOwnLoss } = await import("../../static/js/training/choices.js");
const { differences } = await import("../../static/js/training/differences.js");
const { stateOf } = await import("../../static/js/training/requests.js");
const { FIELDS, optimizerTitle } = await import("../../static/js/training/settings.js");
const { body } = await import("../../static/js/operations/backpropagation-network.js");
const { optimizers } = await import("../../static/js/operations/optimizers.js");
const { parseState } = await import("../../static/js/state.js");

const SETTINGS = [
  [OPTIMIZERS, { name: "sgd" }, "sgd"],
  [OPTIMIZERS, { name: "sgd", momentum: 0 }, "sgd"],
  [OPTIMIZERS, { name: "sgd", momentum: 0.5 }, "momentum"],
  [OPTIMIZERS, { name: "sgd", momentum: 0.9, nesterov: true }, "nesterov"],
  [OPTIMIZERS, { name: "rmsprop", alpha: 0.9 }, "rmsprop"],
  [BEGINNINGS, { name: "he_uniform" }, "he_uniform"],
  [BEGINNINGS, { name: "kaiming_uniform" }, "he_uniform"],
  [BEGINNINGS, { name: "kaiming_normal" }, "he"],
  [BEGINNINGS, { name: "nobody" }, undefined],
];
for (const [choices, setting, name] of SETTINGS)
  test(`${JSON.stringify(setting)} is ${name}`, () => assert.equal(chosen(choices, setting)?.name, name));

test("a choice is at first as the engine takes it", () => {
  assert.deepEqual(freshOf(OPTIMIZERS, "nesterov"), { name: "sgd", momentum: 0.9, nesterov: true });
  assert.deepEqual(freshOf(BEGINNINGS, "he"), { name: "he" });
  assert.deepEqual(freshLayer("dropout"), { layer: "dropout", p: 0.5 });
  assert.equal(optimizerTitle({ name: "sgd", momentum: 0.9 }), "Momentum");
});

test("the network that is stepped through learns by any optimizer that the page carries", () => {
  const [input, kernels, biases, dense, dense_biases] = Array(5).fill({ values: [] });
  const sent = (/** @type {string} */ optimizer) => body({ input, kernels, biases, dense, dense_biases, optimizer, rate: 0.5 }).optimizer;
  assert.deepEqual(sent("sgd"), { name: "sgd", learning_rate: 0.5 });
  assert.deepEqual(sent("momentum"), { name: "sgd", momentum: 0.9, learning_rate: 0.5 });
  assert.deepEqual(sent("nesterov"), { name: "sgd", momentum: 0.9, nesterov: true, learning_rate: 0.5 });
  assert.equal(calledOf(OPTIMIZERS)["sgd"], "gradient descent");
  assert.deepEqual(Object.keys(calledOf(OPTIMIZERS)), ["sgd", "momentum", "nesterov", "rmsprop"]);
});

test("a run's own loss is that of its task", () => {
  assert.ok(isOwnLoss("mse", "regression"));
  assert.ok(!isOwnLoss("mse", "classification"));
  const settings = { optimizer: { name: "sgd", learning_rate: 0.1 }, loss: "mse", initialisation: "he" };
  assert.equal(stateOf(settings, 60, "regression")["loss"], "own");
  assert.equal(stateOf(settings, 60, "classification")["loss"], "mse");
});

test("runs are told apart by what a choice is called within a sentence", () => {
  const run = (/** @type {unknown} */ initialisation) => ({ settings: { architecture: [], optimizer: { name: "sgd", learning_rate: 0.1 }, initialisation }, parameters: 1 });
  assert.equal(differences(run({ name: "normal", std: 0.1 }), run("he")), "weights tiny, at random 0.1");
  assert.equal(differences(run("he"), run("he_uniform")), "weights He (Kaiming)");
  const scheduled = (/** @type {unknown} */ schedule) => ({ settings: { ...run("he").settings, schedule }, parameters: 1 });
  assert.equal(differences(scheduled({ name: "reduce_on_plateau", factor: 0.5 }), scheduled(null)), "schedule on a plateau");
  assert.equal(differences(scheduled(null), scheduled("reduce_on_plateau")), "schedule constant");
});

const REFUSED = [
  ["rate", "0", "0 must be more than 0"],
  ["clip", "-1", "-1 must be 0 or more"],
  ["imbalance", "0.5", "0.5 is not from 1 to 1000"],
  ["imbalance", "1001", "1001 is not from 1 to 1000"],
];
for (const [name, text, message] of REFUSED)
  test(`${name}=${text} is refused`, () => assert.throws(() => FIELDS.find((field) => field.name === name).parse(text), { message }));

// what is set of a race, and the schedule that is asked for
const SCHEDULED = [
  ["", "constant"],
  ["schedule=step&step_size=7", { name: "step", step_size: 7, gamma: 0.3 }],
  ["schedule=exponential&decay=0.9&gamma=0.5", { name: "exponential", gamma: 0.9 }],
  ["schedule=cosine&updates=50", { name: "cosine", T_max: 50 }],
  ["schedule=warm_up&warm=9", { name: "warm_up", total_iters: 9, start_factor: 0.01 }],
  ["schedule=reduce_on_plateau", "constant"], // which a race does not have
];
/** @param {string} set */
const raced = (set) => optimizers.request(parseState(optimizers.fields, set).state).body;
for (const [set, schedule] of SCHEDULED) test(`a race with ${set || "nothing set"} is so scheduled`, () => assert.deepEqual(raced(set).schedule, schedule));

test("those that begin with a momentum are told of another one", () => {
  assert.deepEqual(raced("runners=sgd,momentum,rmsprop").optimizers, [{ name: "sgd" }, { name: "momentum" }, { name: "rmsprop" }]);
  assert.deepEqual(raced("runners=sgd,nesterov,rmsprop&momentum=0.5&rates=sgd:0.1").optimizers, [
    { name: "sgd", learning_rate: 0.1 },
    { name: "nesterov", momentum: 0.5 },
    { name: "rmsprop" },
  ]);
});
