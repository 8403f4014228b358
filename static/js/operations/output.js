// The output page: what can be set, how it is asked for, what draws it.

/** @import { Forward, Settings } from "../types" */

import { resized, sizeOf } from "../arrays.js";
import { OFFERED } from "../catalogue.js";
import { arrayField, choiceField, wholeField } from "../fields.js";
import { dragControl } from "../input/dragging.js";
import { targetControl, vectorControl } from "../inspector-vector.js";
import { needed } from "../needed.js";
import { say } from "../words.js";
import { withBackward } from "./backward.js";
import { vector } from "./shared.js";

const MOST = 8;
const NAMES = { input: "logits" };
const RANGE = { min: -10, max: 10 }; // of a number that is dragged

/** @param {Chosen} state */
const isClasses = (state) => state["task"] === "classes";
/** @param {Chosen} state */
const isBinary = (state) => state["task"] === "binary";
/** @param {Chosen} state */
const isNumber = (state) => state["task"] === "number";

/** The first of the numbers, for the one answer of two classes. @param {Chosen} state */
const firstOf = (state) => vector(resized(state["logits"], [1, 1]));

const TASKS = { classes: say("output.classes"), binary: say("output.yes_no"), number: say("output.number") };
const TRUTHS = { yes: say("common.yes"), no: say("common.no") };

const FIELDS = [
  choiceField("task", say("output.task"), "classes", TASKS),
  arrayField("logits", say("output.logits"), { values: [[[2], [1], [-1], [0.5]]] }),
  wholeField("target", say("output.true_class"), 0, 0, MOST - 1),
  choiceField("yes", say("output.truth"), "yes", TRUTHS),
  arrayField("truth", say("output.truths"), { values: [[[1.5], [1], [0], [0]]] }),
];

/** @typedef {Settings<typeof FIELDS>} Chosen */

/** What the loss is made of, and what is true. @param {Chosen} state */
function lossOf(state) {
  if (isBinary(state)) return { answers: firstOf(state), target: [state["yes"] === "yes" ? 1 : 0] };
  if (isNumber(state)) return { answers: vector(state["logits"]), target: vector(resized(state["truth"], sizeOf(state["logits"]))) };
  return { answers: vector(state["logits"]), target: state["target"] };
}

/** The losses by what the answer is. @type {Record<string, string>} */
const LOSSES = { classes: "cross_entropy", binary: "binary_cross_entropy_with_logits", number: "mse" };

/** @param {Chosen} state */
const lossNamed = (state) => needed(LOSSES[state["task"]]);

/** @type {Forward<Chosen>} */
const page = {
  fields: FIELDS,
  cards: [
    {
      title: say("output.task"),
      controls: [
        { kind: "choice", field: "task", label: say("output.answer") },
        {
          kind: "whole",
          field: "logits",
          label: say("output.how_many"),
          min: 2,
          max: MOST,
          when: (state) => !isBinary(state),
          read: (state) => sizeOf(state["logits"])[0],
          write: (state, count) => ({
            logits: resized(state["logits"], [Number(count), 1]),
            truth: resized(state["truth"], [Number(count), 1]),
            target: Math.min(state["target"], Number(count) - 1),
          }),
        },
        {
          kind: "custom",
          build: vectorControl,
          field: "logits",
          label: say("common.answer"),
          ...RANGE,
          count: (state) => (isBinary(state) ? 1 : MOST),
        },
        { kind: "custom", build: dragControl, field: "logits", label: say("common.answer"), ...RANGE },
      ],
    },
    {
      title: say("output.truth"),
      controls: [
        {
          kind: "custom",
          build: targetControl,
          valueText: ({ target }) => say("settings.class", { index: target + 1 }),
          field: "target",
          label: say("output.true_class"),
          when: isClasses,
          count: (state) => sizeOf(state["logits"])[0],
        },
        { kind: "choice", field: "yes", label: say("output.what_true"), when: isBinary },
        { kind: "custom", build: vectorControl, field: "truth", label: say("output.truth"), ...RANGE, when: isNumber },
      ],
    },
  ],
  request: (state) => {
    const { answers, target } = lossOf(state);
    return { operation: lossNamed(state), body: { input: answers, target } };
  },
  names: NAMES,
};

export const output = withBackward(page, {
  request: (state) => {
    const { answers, target } = lossOf(state);
    const loss = OFFERED.find(({ name }) => name === lossNamed(state));
    return loss && { operation: loss.gradient, body: { [loss.by]: answers, target } };
  },
  ends: true,
  names: { logits: "logits", prediction: "logits" },
});
