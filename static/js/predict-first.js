// Predict first: the next number of the way back stays hidden until a person has said its sign, or about how large it is.
// Which answer is right the step says itself.

/** @import { Card, Frame, Panel, State, Step } from "./types" */
/** @import { NetworkTimeline } from "./network-timeline.js" */

import { numbersWithin } from "./frames/numbers.js";
import { say } from "./words.js";

/** What is asked: nothing, the sign, or the size signs aside. */
export const QUESTIONS = { off: say("predict.off"), sign: say("predict.sign"), size: say("predict.size") };


/** The answers to each question, which is called as the column of a step that has the right one. */
export const ANSWERS = {
  sign: [
    { name: "negative", label: say("predict.negative") },
    { name: "zero", label: say("predict.zero") },
    { name: "positive", label: say("predict.positive") },
  ],
  size: [
    { name: "tiny", label: say("predict.tiny") },
    { name: "small", label: say("predict.small") },
    { name: "middling", label: say("predict.middling") },
    { name: "large", label: say("predict.large") },
  ],
};
const PROMPTS = { sign: say("predict.which_sign"), size: say("predict.how_large") };

/** @typedef {keyof typeof ANSWERS} Kind */

/** @param {unknown} kind @returns {kind is Kind} */
export const isKind = (kind) => typeof kind === "string" && kind in ANSWERS;

/** The question that a step asks and the answer that it got, if any; nothing where there is nothing to predict. @param {Pick<NetworkTimeline, "predictions">} timeline @param {Step} step @param {State} state */
export function questionAt({ predictions }, step, { predict: kind }) {
  const right = isKind(kind) ? ANSWERS[kind].find(({ name }) => name === step[kind]) : undefined;
  return right && isKind(kind) ? { kind, answer: predictions.get(`${kind} ${step.index}`), right } : null;
}

/** Whether a step waits for an answer: its number must not be seen anywhere. @param {Pick<NetworkTimeline, "predictions">} timeline @param {Step} step @param {State} state */
export function isAsking(timeline, step, state) {
  const question = questionAt(timeline, step, state);
  return question !== null && question.answer === undefined;
}

/** @param {Pick<NetworkTimeline, "predictions">} timeline @param {Step} step @param {State} state @param {string} name of an answer */
export const answer = (timeline, step, { predict }, name) => timeline.predictions.set(`${predict} ${step.index}`, name);

/** A frame as far as a person may see it: without its number while that is asked for, with what came of the answer after that. @param {Frame} frame @param {Pick<NetworkTimeline, "predictions">} timeline @param {Step} step @param {State} state @returns {Frame} */
export function predicted(frame, timeline, step, state) {
  const question = questionAt(timeline, step, state);
  if (!question) return frame;
  const { kind, answer: given, right } = question;
  if (given === undefined) return { ...frame, panels: frame.panels.map(unfilled), card: unanswered(frame.card), motion: [], sentence: PROMPTS[kind], numbers: [] };
  const { sentence } = frame;
  const text = given === right.name ? say("predict.right", { sentence }) : say("predict.wrong", { right: right.label, sentence });
  return { ...frame, sentence: text, numbers: numbersWithin(text, sentence, frame.numbers) };
}

/** A term that does not say why it is 0. @param {import("./types").Term} term */
const unexplained = ({ cause, ...term }) => term;

/** A grid that does not say who won. @param {import("./types").GridModel} model @returns {import("./types").GridModel} */
const undecided = ({ notes, windows, ...model }) => (windows ? { ...model, windows: windows.map(({ region }) => ({ region })) } : model);

/** A panel that lacks the cell which the step computes. @param {Panel} panel @returns {Panel} */
const unfilled = (panel) => (panel.role === "output" ? { ...panel, grids: panel.grids.map((model) => ({ ...model, filled: model.filled - 1 })) } : panel.role === "input" ? { ...panel, grids: panel.grids.map(undecided) } : panel);

/** The arithmetic with what goes into it alone. @param {Card} card @returns {Card} */
const unanswered = (card) => ({
  ...card,
  result: null,
  asks: true,
  blocks: card.blocks.map((block) => ({
    ...block,
    sum: null,
    rows: block.rows.map(({ terms }) => ({ sum: null, terms: terms.map((term) => ({ ...unexplained(term), value: null, asks: true })) })),
  })),
});
