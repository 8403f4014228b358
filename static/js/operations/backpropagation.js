// The page of backpropagation: a small network, what can be set of it, and how each of its steps is drawn.

/** @import { Build, Cards, Frame, Operation, PanelShown, RegionShown, Settings, State, Step, TraceLike } from "../types" */

import { calledOf, LOSSES, OPTIMIZERS } from "../catalogue.js";
import { el } from "../draw/dom.js";
import { choiceField, learnedField, positiveField, sizedField, textField, wholeField } from "../fields.js";
import { numbersWithin } from "../frames/numbers.js";
import { frame } from "../frame.js";
import { targetControl } from "../inspector-vector.js";
import { later, MISSING } from "../later.js";
import { learnControl, promiseOf } from "../learning-controls.js";
import { ofKind } from "../needed.js";
import { CHECKED, isOwn, NOTCHES, numberAt, REACHES } from "../network-numbers.js";
import { NetworkOverview } from "../network-overview.js";
import { NetworkTimeline } from "../network-timeline.js";
import { isAsking, predicted, QUESTIONS } from "../predict-first.js";
import { fractionControl } from "../race-controls.js";
import { say } from "../words.js";
import { body, CLASSES, DENSE, DIGITS, groups, numberName, planesOfChoice, taken } from "./backpropagation-network.js";
import { panelsSeen, seenControl, seenField } from "./backward.js";
import { sourceCards, near, SOURCES } from "./looked-inside.js";
import { Offer } from "./offered.js";

const ACTIVATIONS = new Offer("activation").names();
const POOLS = {
  max_pool2d: say("backpropagation.largest"),
  avg_pool2d: say("option.average"),
};
const DESCENTS = calledOf(OPTIMIZERS);
const SCORES = calledOf(LOSSES.filter(({ task }) => task)); // each the own of a task
/** Which setting holds what a panel of a layer shows. @type {Record<string, string>} */
const HOLDS = {
  "0.input": "input",
  "0.weight": "kernels",
  "0.bias": "biases",
  [`${DENSE}.weight`]: "dense",
  [`${DENSE}.bias`]: "dense_biases",
};

/** They can be pasted. @type {{ field: "kernels" | "biases" | "dense" | "dense_biases", label: string }[]} */
const WEIGHTS = [
  { field: "kernels", label: say("backpropagation.kernels") },
  { field: "biases", label: say("common.biases") },
  { field: "dense", label: say("backpropagation.dense") },
  { field: "dense_biases", label: say("backpropagation.dense_biases") },
];

const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/.source;
const KEPT = new RegExp(`^\\d{1,6}(?::[a-z_]{1,30}=${NUMBER}(?:,${NUMBER})*)*$`); // how many updates there were, and the vectors that the optimizer keeps

const LONGEST = 390; // characters that a sentence on a wall has room for

const always = () => true;

/** The card of *Check it yourself*, which comes when the first frame is drawn. @type {Build} */
function checkControl(_, store, updates, page) {
  const box = el("div", {});
  if (!page) return box;
  const fill = (/** @type {typeof import("../gradient-check.js")} */ { GradientCheck }) => {
    const check = new GradientCheck(store, page, { body, groups, nameOf: numberName });
    box.append(check.node);
    updates.push((state) => check.update(state));
    check.update(store.state);
  };
  later(import("../gradient-check.js")).then(fill, () => page.message.show(MISSING));
  return box;
}

/** What *Predict first* is for, and its buttons above the stage. @type {Build} */
function predictControl(_, store, updates, page) {
  const box = el("div", {}, el("p", { class: "field-note" }, say("predict.note")));
  if (!page) return box;
  const begin = (/** @type {typeof import("../predict-bar.js")} */ { PredictBar }) => {
    const bar = new PredictBar(store, page);
    box.append(bar.score);
    updates.push((state) => bar.update(state));
  };
  later(import("../predict-bar.js")).then(begin, () => page.message.show(MISSING));
  return box;
}

/** Whether a number is checked. @param {State} state */
const checks = (state) => state["check"] !== "";

/** A panel of a layer, which can be typed into where it shows what is set. @param {number | null} layer @param {PanelShown} panel */
function editable(layer, { edit, ...panel }) {
  const field = edit && HOLDS[`${layer}.${edit}`];
  return field ? { ...panel, edit: field } : { ...panel, drag: false };
}

/** The inputs of a dense layer lie over the columns of its weights, as on the way back: there is more width than height. @param {TraceLike} trace */
function lying({ op, tensors }) {
  /** @param {RegionShown} region @returns {RegionShown} */
  const turned = (region) => (Array.isArray(region.size) ? { ...region, size: [region.size[1], region.size[0]] } : region);
  return (/** @type {PanelShown} */ panel) => {
    if (op !== "linear" || panel.tensor !== "input" || tensors["input"]?.shape.length !== 1) return panel;
    return { ...panel, wrap: true, regions: (panel.regions ?? []).map(turned) };
  };
}

/** A step of a layer as the operation that it is of. @param {TraceLike} trace @param {Step} step @param {Chosen} state */
function layerFrame(trace, step, state) {
  const timeline = ofKind(trace, NetworkTimeline);
  const [own, { layer, start, title, pass }] = [timeline.traceOf(step), timeline.entryOf(step)];
  const forward = pass === "forward";
  const panels = (panelsSeen(own, state) ?? []).map(lying(own)).map((panel) => {
    const { opens, ...shown } = forward && isOwn(state) ? editable(layer, panel) : editable(null, panel);
    return opens === undefined ? shown : { ...shown, opens: opens + start };
  });
  const made = frame({ ...own, panels }, { ...step, index: step.index - start });
  /** @type {Frame} */
  const all = forward ? made : { ...made, narrows: "always" };
  const drawn = isOwn(state) ? all : near(all);
  if (pass === "update") for (const lines of [drawn.card.lines, drawn.card.fullest?.lines]) lines?.push(...promiseOf(timeline));
  const seen = predicted(drawn, timeline, step, state);
  if (seen !== drawn) return seen;
  if (step.index === timeline.total - 1) return { ...drawn, sentence: timeline.outcome, numbers: [] };
  if (step.index !== start) return drawn;
  const sentence = say("backpropagation.first_step", { part: title, sentence: step.description });
  if (sentence.length > LONGEST) return drawn; // it says enough; the list of parts has the name
  return { ...drawn, sentence, numbers: numbersWithin(sentence, step.description, drawn.numbers) };
}

/** @type {{ key: string, timeline: NetworkTimeline } | null} */
let last = null;

/** The timeline of these settings; the last one where they only look at something else in it. @param {Chosen} state @param {number} step @param {AbortSignal} signal */
async function opened(state, step, signal) {
  const key = JSON.stringify(body(state));
  if (last?.key !== key) last = { key, timeline: await NetworkTimeline.open(body(state), step, signal) };
  return last.timeline;
}

const FIELDS = [
  sizedField("input", say("common.input"), {
    values: [
      [
        [0, 1, 1, 1, 0, 0],
        [0, 0, 1, 1, 0, 0],
        [0, 0, 1, 1, 0, 0],
        [0, 0, 1, 0, 0, 0],
        [0, 0, 1, 0, 0, 1],
        [0, 0, 1, 1, 1, 1],
      ],
    ],
  }),
  learnedField("kernels", say("backpropagation.kernels"), {
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
  learnedField("biases", say("common.biases"), { values: [[[0], [0]]] }),
  learnedField("dense", say("backpropagation.dense"), {
    values: [
      [
        [0.5, 0, 0.5, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5],
        [0, 0.5, 0, 0.5, 0, 0, 0.25, 0.25],
      ],
    ],
  }),
  learnedField("dense_biases", say("backpropagation.dense_biases"), { values: [[[0], [0], [0]]] }),
  wholeField("target", say("output.true_class"), 1, 0, CLASSES - 1),
  choiceField("loss", say("backpropagation.loss"), "cross_entropy", SCORES),
  choiceField("activation", say("activation.activation"), "relu", ACTIVATIONS),
  choiceField("pool", say("backpropagation.pooling"), "max_pool2d", POOLS),
  choiceField("optimizer", say("backpropagation.optimizer"), "sgd", DESCENTS),
  positiveField("rate", say("common.learning_rate"), 0.02),
  seenField(always),
  textField("kept", say("backpropagation.kept"), "", KEPT, say("backpropagation.kept_form")),
  textField("check", say("check.number"), "", CHECKED, say("check.form")),
  choiceField("predict", say("predict.title"), "off", QUESTIONS),
  { ...wholeField("nudge", say("check.nudge"), 0, -NOTCHES, NOTCHES), when: checks },
  { ...choiceField("reach", say("check.reach"), "1", REACHES), when: checks },
  ...SOURCES,
];

/** @typedef {Settings<typeof FIELDS>} Chosen */

/** @type {Cards<Chosen>[]} */
const CARDS = [
  {
    title: say("common.input"),
    controls: [
      {
        kind: "choice",
        field: "input",
        label: say("backpropagation.digit"),
        options: DIGITS.map((_, digit) => ({ value: digit, label: String(digit) })),
        read: (state) => DIGITS.findIndex((values) => JSON.stringify(values) === JSON.stringify(planesOfChoice(state["input"]))),
        write: (_, digit) => ({ input: { values: DIGITS[Number(digit)] } }),
      },
      { kind: "tools", field: "input", label: say("common.input") },
    ],
  },
  {
    title: say("backpropagation.to_learn"),
    controls: [
      { kind: "custom", build: targetControl, field: "target", label: say("output.true_class"), count: () => CLASSES, valueText: ({ target }) => say("settings.class", { index: target + 1 }) },
      { kind: "choice", field: "loss", label: say("backpropagation.loss") },
    ],
  },
  {
    title: say("backpropagation.network"),
    controls: [
      { kind: "choice", field: "activation", label: say("activation.activation") },
      { kind: "choice", field: "pool", label: say("backpropagation.pooling") },
    ],
  },
  {
    title: say("backpropagation.update"),
    controls: [
      {
        kind: "choice",
        field: "optimizer",
        label: say("backpropagation.optimizer"),
        write: (_, value) => ({ optimizer: String(value), kept: "" }), // another one begins anew
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
        build: learnControl({ body, taken, count: (/** @type {Chosen} */ state) => Number.parseInt(state["kept"] || "0", 10) }),
      },
    ],
  },
  {
    title: say("predict.title"),
    controls: [
      { kind: "choice", field: "predict", label: say("predict.what") },
      { kind: "custom", build: predictControl, field: "predict", label: say("predict.title") },
    ],
  },
  {
    title: say("check.title"),
    controls: [{ kind: "custom", build: checkControl, field: "check", label: say("check.title") }],
  },
  { title: say("backpropagation.weights"), controls: WEIGHTS.map(({ field, label }) => ({ kind: "tools", field, label, named: true })) },
];

/** @type {Operation<Chosen>} */
export const backpropagation = {
  fields: FIELDS,
  brush: 1,
  cards: sourceCards(CARDS),
  waits: (trace, step, state) => isAsking(ofKind(trace, NetworkTimeline), step, state),
  pinned: (trace, step, cell) => {
    const timeline = ofKind(trace, NetworkTimeline);
    const check = timeline.isOwn ? numberAt(timeline.entryOf(step), cell) : "";
    return check ? { check, nudge: 0 } : {};
  },
  request: (state) => ({ operation: "network", body: body(state) }),
  open: opened,
  frame: layerFrame,
  beside: (page) => new NetworkOverview(page),
};
