// Predict first: the next number of the way back stays hidden until a person has said its sign, or about how large it is.

/** @import { Card, Frame, Panel, State, Step } from "./types" */
/** @import { NetworkTimeline } from "./network-timeline.js" */

import { say } from "./words.js";

/** What is asked: nothing, the sign, or the size signs aside. */
export const ASKED = { off: say("predict.off"), sign: say("predict.sign"), size: say("predict.size") };

/** @typedef {{ name: string, label: string, holds: (value: number) => boolean }} Answer */

/** The answers to each question; of a number one is right. @type {Record<string, Answer[]>} */
export const ANSWERS = {
  sign: [
    { name: "negative", label: say("predict.negative"), holds: (value) => value < 0 },
    { name: "zero", label: say("predict.zero"), holds: (value) => value === 0 },
    { name: "positive", label: say("predict.positive"), holds: (value) => value > 0 },
  ],
  size: [
    { name: "tiny", label: say("predict.tiny"), holds: (value) => Math.abs(value) < 0.01 },
    { name: "small", label: say("predict.small"), holds: (value) => Math.abs(value) >= 0.01 && Math.abs(value) < 0.1 },
    { name: "middling", label: say("predict.middling"), holds: (value) => Math.abs(value) >= 0.1 && Math.abs(value) < 1 },
    { name: "large", label: say("predict.large"), holds: (value) => Math.abs(value) >= 1 },
  ],
};
const CARRIED = "flatten_backward"; // its numbers only move: there is nothing to predict
const QUESTIONS = { sign: say("predict.which_sign"), size: say("predict.how_large") };

/** The question that a step asks and the answer that it got, if any; nothing where there is nothing to predict. @param {NetworkTimeline} timeline @param {Step} step @param {State} state */
export function questionAt(timeline, step, state) {
  const kind = /** @type {"off" | "sign" | "size"} */ (state["predict"]);
  const { pass, op } = timeline.entryOf(step);
  if (kind === "off" || pass !== "backward" || op === CARRIED || step.output === null) return null;
  return { kind, said: timeline.said.get(`${kind} ${step.index}`), right: rightOf(kind, step.output) };
}

/** @param {string} kind @param {number} value */
const rightOf = (kind, value) => /** @type {Answer} */ (ANSWERS[kind]?.find(({ holds }) => holds(value)));

/** Whether a step waits for an answer: its number must not be seen anywhere. @param {NetworkTimeline} timeline @param {Step} step @param {State} state */
export function isAsking(timeline, step, state) {
  const question = questionAt(timeline, step, state);
  return question !== null && question.said === undefined;
}

/** @param {NetworkTimeline} timeline @param {Step} step @param {State} state @param {string} name of an answer */
export const answer = (timeline, step, { predict }, name) => timeline.said.set(`${predict} ${step.index}`, name);

/** A frame as far as a person may see it: without its number while that is asked for, with what came of the answer after that. @param {Frame} frame @param {NetworkTimeline} timeline @param {Step} step @param {State} state @returns {Frame} */
export function predicted(frame, timeline, step, state) {
  const question = questionAt(timeline, step, state);
  if (!question) return frame;
  const { kind, said, right } = question;
  if (said === undefined) return { ...frame, panels: frame.panels.map(unfilled), card: unsaid(frame.card), motion: [], sentence: QUESTIONS[kind] };
  const { sentence } = frame;
  return { ...frame, sentence: said === right.name ? say("predict.right", { sentence }) : say("predict.wrong", { right: right.label, sentence }) };
}

/** A panel that lacks the cell which the step computes. @param {Panel} panel @returns {Panel} */
const unfilled = (panel) => (panel.role === "output" ? { ...panel, grids: panel.grids.map((model) => ({ ...model, filled: model.filled - 1 })) } : panel);

/** The arithmetic with what goes into it alone. @param {Card} card @returns {Card} */
const unsaid = (card) => ({
  ...card,
  result: null,
  asks: true,
  blocks: card.blocks.map((block) => ({
    ...block,
    sum: null,
    rows: block.rows.map(({ terms }) => ({ sum: null, terms: terms.map((term) => ({ ...term, value: null, asks: true })) })),
  })),
});
