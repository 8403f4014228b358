// The page of backpropagation: a small network, what can be set of it, and how each of its steps is drawn.

/** @import { ArrayChoice, NetworkAnswer, Operation, PanelShown, State, Step, TraceLike } from "../types" */
/** @import { NetworkTimeline } from "../network-timeline.js" */

import { arrayField, choiceField, numberField, textField, wholeField } from "../fields.js";
import { frame } from "../frame.js";
import { targetControl } from "../inspector-vector.js";
import { learnControl, promiseOf } from "../learning-controls.js";
import { NetworkTimeline as Timeline } from "../network-timeline.js";
import { fractionControl } from "../race-controls.js";
import { say } from "../words.js";

const CLASSES = 3;
const DENSE = 4; // the index of the dense layer
const ACTIVATIONS = [
  { value: "relu", label: say("option.relu") },
  { value: "leaky_relu", label: say("option.leaky_relu") },
  { value: "sigmoid", label: say("option.sigmoid") },
  { value: "tanh", label: say("backpropagation.tanh") },
];
const POOLS = [
  { value: "max_pool2d", label: say("backpropagation.largest") },
  { value: "avg_pool2d", label: say("backpropagation.average") },
];
const OPTIMIZERS = [
  { value: "sgd", label: say("backpropagation.gradient_descent") },
  { value: "momentum", label: say("backpropagation.momentum") },
  { value: "adam", label: say("backpropagation.adam") },
];
const LOSSES = [
  { value: "cross_entropy", label: say("backpropagation.cross_entropy") },
  { value: "mse", label: say("backpropagation.squared_error") },
];
const FIELDS = /** @type {Record<string, string>} */ ({
  "0.input": "input",
  "0.weight": "kernels",
  "0.bias": "biases",
  [`${DENSE}.weight`]: "dense",
  [`${DENSE}.bias`]: "dense_biases",
}); // which setting holds what a panel of a layer shows

const VECTORS = /** @type {Record<string, string[]>} */ ({
  sgd: [],
  momentum: ["momentum_buffer"],
  adam: ["exp_avg", "exp_avg_sq"],
}); // what each optimizer keeps from one update to the next
const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/.source;
const KEPT = new RegExp(`^\\d{1,6}(?::${NUMBER}(?:,${NUMBER})*)*$`); // how many updates there were, and those vectors

/** @param {ArrayChoice} choice @returns {number[][][]} */
const planes = (choice) => ("values" in choice ? choice.values : []);
/** A column as a line of numbers. @param {ArrayChoice} choice */
const line = (choice) => planes(choice).flat(2);

/** @param {State} state */
function optimizer(state) {
  const rate = { learning_rate: state["rate"] };
  if (state["optimizer"] === "momentum") return { name: "sgd", momentum: 0.9, ...rate };
  return { name: state["optimizer"], ...rate };
}

/** The weights by PyTorch's names. @param {State} state @returns {Record<string, unknown>} */
const parameters = (state) => ({
  "0.weight": planes(state["kernels"]).map((plane) => [plane]),
  "0.bias": line(state["biases"]),
  [`${DENSE}.weight`]: planes(state["dense"])[0],
  [`${DENSE}.bias`]: line(state["dense_biases"]),
});

/** Numbers, one after the other, in the shape of others. @param {unknown} like @param {Iterator<number>} numbers @returns {unknown} */
const shaped = (like, numbers) =>
  Array.isArray(like) ? like.map((part) => shaped(part, numbers)) : (numbers.next().value ?? null);

/** All numbers of nested lists, by name, in order. @param {unknown} named @returns {(number | null)[]} */
const numbersIn = (named) => Object.values(/** @type {Record<string, any>} */ (named)).flat(Number.POSITIVE_INFINITY);

/** What the optimizer keeps from the updates before. @param {State} state */
function optimizerState(state) {
  const [updates, ...vectors] = String(state["kept"]).split(":");
  const own = vectors.map((text, index) => {
    const numbers = text.split(",").map(Number).values();
    const shapes = Object.entries(parameters(state)).map(([name, like]) => [name, shaped(like, numbers)]);
    return [VECTORS[state["optimizer"]]?.[index] ?? "more", Object.fromEntries(shapes)];
  });
  return { updates: Number(updates), ...Object.fromEntries(own) };
}

/** The settings with the weights of an answer, and what its optimizer keeps. @param {NetworkAnswer} answer @returns {State | null} */
function taken({ parameters, optimizer_state: { updates, ...vectors } }) {
  if ([parameters, ...Object.values(vectors)].flatMap(numbersIn).includes(null)) return null;
  const named = /** @type {Record<string, any>} */ (parameters);
  const column = (/** @type {number[]} */ values) => ({ values: [values.map((value) => [value])] });
  return {
    kernels: { values: named["0.weight"].map((/** @type {number[][][]} */ [plane]) => plane) },
    biases: column(named["0.bias"]),
    dense: { values: [named[`${DENSE}.weight`]] },
    dense_biases: column(named[`${DENSE}.bias`]),
    kept: [updates, ...Object.values(vectors).map((vector) => numbersIn(vector).join(","))].join(":"),
  };
}

/** @param {State} state */
const body = (state) => ({
  architecture: [
    { layer: "conv2d", out_channels: 2, kernel_size: 3 },
    { layer: state["activation"] },
    { layer: state["pool"], kernel_size: 2 },
    { layer: "flatten" },
    { layer: "linear", out_features: CLASSES },
  ],
  parameters: parameters(state),
  input: planes(state["input"]),
  target: state["loss"] === "mse" ? [0, 1, 2].map((index) => Number(index === state["target"])) : state["target"],
  loss: state["loss"],
  optimizer: optimizer(state),
  ...(state["kept"] && { optimizer_state: optimizerState(state) }),
});

/** A panel of a layer, which can be typed into where it shows what is set. @param {number | null} layer @param {PanelShown} panel */
function editable(layer, { edit, ...panel }) {
  const field = edit && FIELDS[`${layer}.${edit}`];
  return field ? { ...panel, edit: field } : panel;
}

/** A step of a layer as the operation that it is of. @param {TraceLike} trace @param {Step} step */
function layerFrame(trace, step) {
  const timeline = /** @type {NetworkTimeline} */ (trace);
  const [own, { layer, start, title, pass }] = [timeline.traceOf(step), timeline.entryOf(step)];
  const forward = pass === "forward";
  const panels = (own.panels ?? []).map((panel) => {
    const { opens, ...shown } = forward ? editable(layer, panel) : editable(null, panel);
    return opens === undefined ? shown : { ...shown, opens: opens + start };
  });
  const drawn = frame({ ...own, panels }, { ...step, index: step.index - start });
  if (pass === "update") drawn.card.lines.push(...promiseOf(timeline));
  if (step.index === timeline.total - 1) return { ...drawn, sentence: timeline.outcome };
  return step.index === start ? { ...drawn, sentence: say("backpropagation.first_step", { part: title, sentence: step.description }) } : drawn;
}

/** @type {Operation} */
export const backpropagation = {
  fields: [
    arrayField("input", say("common.input"), {
      values: [
        [
          [0, 0, 1, 1, 0, 0],
          [0, 0, 1, 1, 0, 0],
          [0, 0, 1, 1, 0, 0],
          [0, 0, 1, 1, 0, 0],
          [0, 0, 1, 1, 1, 1],
          [0, 0, 1, 1, 1, 1],
        ],
      ],
    }),
    arrayField("kernels", say("backpropagation.kernels"), {
      values: [
        [
          [-1, 0, 1],
          [-1, 0, 1],
          [-1, 0, 1],
        ],
        [
          [-1, -1, -1],
          [0, 0, 0],
          [1, 1, 1],
        ],
      ],
    }),
    arrayField("biases", say("common.biases"), { values: [[[0], [0]]] }),
    arrayField("dense", say("backpropagation.dense"), {
      values: [
        [
          [0.5, 0, 0.5, 0, 0, 0, 0, 0],
          [0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5],
          [0, 0.5, 0, 0.5, 0, 0, 0.25, 0.25],
        ],
      ],
    }),
    arrayField("dense_biases", say("backpropagation.dense_biases"), { values: [[[0], [0], [0]]] }),
    wholeField("target", say("output.true_class"), 1, 0, CLASSES - 1),
    choiceField("loss", say("backpropagation.loss"), "cross_entropy", LOSSES.map(({ value }) => value)),
    choiceField("activation", say("activation.activation"), "relu", ACTIVATIONS.map(({ value }) => value)),
    choiceField("pool", say("backpropagation.pooling"), "max_pool2d", POOLS.map(({ value }) => value)),
    choiceField("optimizer", say("backpropagation.optimizer"), "sgd", OPTIMIZERS.map(({ value }) => value)),
    numberField("rate", say("common.learning_rate"), 0.02),
    textField("kept", say("backpropagation.kept"), "", KEPT, say("backpropagation.kept_form")),
  ],
  cards: [
    {
      title: say("backpropagation.to_learn"),
      controls: [
        { kind: "custom", build: targetControl, field: "target", label: say("output.true_class"), count: () => CLASSES },
        { kind: "choice", field: "loss", label: say("backpropagation.loss"), options: LOSSES },
      ],
    },
    {
      title: say("backpropagation.network"),
      controls: [
        { kind: "choice", field: "activation", label: say("activation.activation"), options: ACTIVATIONS },
        { kind: "choice", field: "pool", label: say("backpropagation.pooling"), options: POOLS },
      ],
    },
    {
      title: say("backpropagation.update"),
      controls: [
        {
          kind: "choice",
          field: "optimizer",
          label: say("backpropagation.optimizer"),
          options: OPTIMIZERS,
          write: (_, value) => ({ optimizer: value, kept: "" }), // another one begins anew
        },
        { kind: "custom", build: fractionControl, field: "rate", label: say("common.learning_rate"), min: 0.01, max: 1, step: 0.01 },
      ],
    },
    {
      title: say("backpropagation.promise"),
      controls: [
        {
          kind: "custom",
          field: "kept",
          label: say("backpropagation.learn_from_here"),
          build: learnControl(body, taken, (state) => Number.parseInt(state["kept"] || "0", 10)),
        },
      ],
    },
  ],
  request: (state) => ({ operation: "network", body: body(state) }),
  open: (state, step, signal) => Timeline.open(body(state), step, signal),
  frame: layerFrame,
};
