// The page of backpropagation: a small network, what can be set of it, and how each of its steps is drawn.

/** @import { ArrayChoice, Bench, Build, NetworkAnswer, Operation, PanelShown, State, Step, TraceLike } from "../types" */
/** @import { NetworkTimeline } from "../network-timeline.js" */

import { el } from "../draw/dom.js";
import { choiceField, positiveField, sizedField, textField, wholeField } from "../fields.js";
import { frame } from "../frame.js";
import { targetControl } from "../inspector-vector.js";
import { later, MISSING } from "../later.js";
import { learnControl, promiseOf } from "../learning-controls.js";
import { CHECKED, NOTCHES, numberAt, REACHES } from "../network-numbers.js";
import { NetworkOverview } from "../network-overview.js";
import { NetworkTimeline as Timeline } from "../network-timeline.js";
import { ASKED, isAsking, predicted } from "../predict-first.js";
import { fractionControl } from "../race-controls.js";
import { say } from "../words.js";
import { panelsSeen, seenControl, seenField } from "./backward.js";
import { DIGITS } from "./digits.js";
import { pasteOf } from "./shared.js";

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
  { value: "adagrad", label: say("backpropagation.adagrad") },
  { value: "rmsprop", label: say("backpropagation.rmsprop") },
  { value: "adam", label: say("backpropagation.adam") },
  { value: "adamw", label: say("backpropagation.adamw") },
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

const WEIGHTS = [
  { field: "kernels", label: say("backpropagation.kernels") },
  { field: "biases", label: say("common.biases") },
  { field: "dense", label: say("backpropagation.dense") },
  { field: "dense_biases", label: say("backpropagation.dense_biases") },
]; // they can be pasted

const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/.source;
const KEPT = new RegExp(`^\\d{1,6}(?::[a-z_]{1,30}=${NUMBER}(?:,${NUMBER})*)*$`); // how many updates there were, and the vectors that the optimizer keeps

/** @param {ArrayChoice} choice @returns {number[][][]} */
const planes = (choice) => ("values" in choice ? choice.values : []);
/** A column as a line of numbers. @param {ArrayChoice} choice */
const line = (choice) => planes(choice).flat(2);

const always = () => true;

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
  const own = vectors.map((text) => {
    const [vector = "", values = ""] = text.split("=");
    const numbers = values.split(",").map(Number).values();
    const shapes = Object.entries(parameters(state)).map(([name, like]) => [name, shaped(like, numbers)]);
    return [vector, Object.fromEntries(shapes)];
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
    kept: [updates, ...Object.entries(vectors).map(([name, vector]) => `${name}=${numbersIn(vector).join(",")}`)].join(":"),
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

/** The settable numbers, by what they are part of. @param {NetworkTimeline} timeline */
function groups(timeline) {
  const { parameters } = /** @type {{ parameters: Record<string, unknown> }} */ (timeline.body);
  return [
    { name: "0.weight", title: say("backpropagation.kernels"), values: parameters["0.weight"] },
    { name: "0.bias", title: say("common.biases"), values: parameters["0.bias"] },
    { name: `${DENSE}.weight`, title: say("backpropagation.dense"), values: parameters[`${DENSE}.weight`] },
    { name: `${DENSE}.bias`, title: say("backpropagation.dense_biases"), values: parameters[`${DENSE}.bias`] },
    { name: "input", title: say("common.input"), values: timeline.tensors["input"]?.values },
  ];
}

/** What a settable number is called. @param {string} group @param {number[]} index */
function nameOf(group, index) {
  const [one = 0, other = 0] = index.map((at) => at + 1);
  const [row = 0, column = 0] = index.slice(-2).map((at) => at + 1);
  if (group === "0.weight") return say("check.kernel", { kernel: one, row, column });
  if (group === "0.bias") return say("check.kernel_bias", { kernel: one });
  if (group === "input") return say("check.pixel", { row, column });
  return other ? say("check.dense", { feature: other, index: one }) : say("check.dense_bias", { index: one });
}

/** The card of *Check it yourself*, which comes when the first frame is drawn. @type {Build} */
function checkControl(_, store, updates, page) {
  const box = el("div", {});
  const fill = (/** @type {typeof import("../gradient-check.js")} */ { GradientCheck }) => {
    const check = new GradientCheck(store, /** @type {Bench} */ (page), { body, groups, nameOf });
    box.append(check.node);
    updates.push((state) => check.update(state));
    check.update(store.state);
  };
  if (page) later(import("../gradient-check.js")).then(fill, () => page.message.show(MISSING));
  return box;
}

/** What *Predict first* is for, and its buttons above the stage. @type {Build} */
function predictControl(_, store, updates, page) {
  const begin = (/** @type {typeof import("../predict-bar.js")} */ { PredictBar }) => {
    const bar = new PredictBar(store, /** @type {Bench} */ (page));
    updates.push((state) => bar.update(state));
  };
  if (page) later(import("../predict-bar.js")).then(begin, () => page.message.show(MISSING));
  return el("p", { class: "field-note" }, say("predict.note"));
}

/** Whether a number is checked. @param {State} state */
const checks = (state) => state["check"] !== "";

/** A panel of a layer, which can be typed into where it shows what is set. @param {number | null} layer @param {PanelShown} panel */
function editable(layer, { edit, ...panel }) {
  const field = edit && FIELDS[`${layer}.${edit}`];
  return field ? { ...panel, edit: field } : panel;
}

/** A step of a layer as the operation that it is of. @param {TraceLike} trace @param {Step} step @param {State} state */
function layerFrame(trace, step, state) {
  const timeline = /** @type {NetworkTimeline} */ (trace);
  const [own, { layer, start, title, pass }] = [timeline.traceOf(step), timeline.entryOf(step)];
  const forward = pass === "forward";
  const panels = (panelsSeen(own, state) ?? []).map((panel) => {
    const { opens, ...shown } = forward ? editable(layer, panel) : editable(null, panel);
    return opens === undefined ? shown : { ...shown, opens: opens + start };
  });
  const drawn = frame({ ...own, panels }, { ...step, index: step.index - start });
  if (pass === "update") drawn.card.lines.push(...promiseOf(timeline));
  const seen = predicted(drawn, timeline, step, state);
  if (seen !== drawn) return seen;
  if (step.index === timeline.total - 1) return { ...drawn, sentence: timeline.outcome };
  return step.index === start ? { ...drawn, sentence: say("backpropagation.first_step", { part: title, sentence: step.description }) } : drawn;
}

let last = /** @type {{ key: string, timeline: NetworkTimeline } | null} */ (null);

/** The timeline of these settings; the last one where they only look at something else in it. @param {State} state @param {number} step @param {AbortSignal} signal */
async function opened(state, step, signal) {
  const key = JSON.stringify(body(state));
  if (last?.key !== key) last = { key, timeline: await Timeline.open(body(state), step, signal) };
  return last.timeline;
}

/** @type {Operation} */
export const backpropagation = {
  fields: [
    sizedField("input", say("common.input"), {
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
    sizedField("kernels", say("backpropagation.kernels"), {
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
    sizedField("biases", say("common.biases"), { values: [[[0], [0]]] }),
    sizedField("dense", say("backpropagation.dense"), {
      values: [
        [
          [0.5, 0, 0.5, 0, 0, 0, 0, 0],
          [0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5],
          [0, 0.5, 0, 0.5, 0, 0, 0.25, 0.25],
        ],
      ],
    }),
    sizedField("dense_biases", say("backpropagation.dense_biases"), { values: [[[0], [0], [0]]] }),
    wholeField("target", say("output.true_class"), 1, 0, CLASSES - 1),
    choiceField("loss", say("backpropagation.loss"), "cross_entropy", LOSSES.map(({ value }) => value)),
    choiceField("activation", say("activation.activation"), "relu", ACTIVATIONS.map(({ value }) => value)),
    choiceField("pool", say("backpropagation.pooling"), "max_pool2d", POOLS.map(({ value }) => value)),
    choiceField("optimizer", say("backpropagation.optimizer"), "sgd", OPTIMIZERS.map(({ value }) => value)),
    positiveField("rate", say("common.learning_rate"), 0.02),
    seenField(always),
    textField("kept", say("backpropagation.kept"), "", KEPT, say("backpropagation.kept_form")),
    textField("check", say("check.number"), "", CHECKED, say("check.form")),
    choiceField("predict", say("predict.title"), "off", Object.keys(ASKED)),
    { ...wholeField("nudge", say("check.nudge"), 0, -NOTCHES, NOTCHES), when: checks },
    { ...choiceField("reach", say("check.reach"), "1", REACHES), when: checks },
  ],
  brush: 1,
  cards: [
    {
      title: say("common.input"),
      controls: [
        {
          kind: "choice",
          field: "input",
          label: say("backpropagation.digit"),
          options: DIGITS.map((_, digit) => ({ value: digit, label: String(digit) })),
          read: (state) => DIGITS.findIndex((values) => JSON.stringify(values) === JSON.stringify(planes(state["input"]))),
          write: (_, digit) => ({ input: { values: DIGITS[digit] } }),
        },
        { kind: "tools", field: "input", label: say("common.input") },
      ],
    },
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
        { kind: "number", field: "rate", label: say("backpropagation.rate_exactly") },
      ],
    },
    { title: say("backpropagation.convolution"), controls: [seenControl(always)] },
    {
      title: say("backpropagation.promise"),
      controls: [
        {
          kind: "custom",
          field: "kept",
          label: say("backpropagation.learn_from_here"),
          build: learnControl({ body, taken, count: (state) => Number.parseInt(state["kept"] || "0", 10) }),
        },
      ],
    },
    {
      title: say("predict.title"),
      controls: [
        { kind: "choice", field: "predict", label: say("predict.what"), options: Object.entries(ASKED).map(([value, label]) => ({ value, label })) },
        { kind: "custom", build: predictControl, field: "predict", label: say("predict.title") },
      ],
    },
    {
      title: say("check.title"),
      controls: [{ kind: "custom", build: checkControl, field: "check", label: say("check.title") }],
    },
    { title: say("backpropagation.weights"), controls: WEIGHTS.map(({ field, label }) => ({ ...pasteOf(field, label), named: true })) },
  ],
  waits: (trace, step, state) => isAsking(/** @type {NetworkTimeline} */ (trace), step, state),
  pinned: (trace, step, cell) => {
    const check = numberAt(/** @type {NetworkTimeline} */ (trace).entryOf(step), cell);
    return check ? { check, nudge: 0 } : {};
  },
  request: (state) => ({ operation: "network", body: body(state) }),
  open: opened,
  frame: layerFrame,
  beside: (page) => new NetworkOverview(page),
};
