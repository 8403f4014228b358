// The network on the page of backpropagation: its settings as a request, an answer as settings, and what its numbers are
// called.

/** @import { ArrayChoice, NetworkAnswer, State } from "../types" */
/** @import { NetworkTimeline } from "../network-timeline.js" */

import { say } from "../words.js";
import { inside, isOwn } from "./looked-inside.js";

export const CLASSES = 3;
export const DENSE = 4; // the index of the dense layer

/** @param {ArrayChoice} choice @returns {number[][][]} */
export const planes = (choice) => ("values" in choice ? choice.values : []);
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
  const own = vectors.map((text) => {
    const [vector = "", values = ""] = text.split("=");
    const numbers = values.split(",").map(Number).values();
    const shapes = Object.entries(parameters(state)).map(([name, like]) => [name, shaped(like, numbers)]);
    return [vector, Object.fromEntries(shapes)];
  });
  return { updates: Number(updates), ...Object.fromEntries(own) };
}

/** The settings with the weights of an answer, and what its optimizer keeps. @param {NetworkAnswer} answer @returns {State | null} */
export function taken({ parameters, optimizer_state: { updates, ...vectors } }) {
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

/** What is asked for: of the page's own network, or of the one that is looked into. @param {State} state @returns {Record<string, unknown>} */
export const body = (state) => (isOwn(state) ? ownBody(state) : inside(state));

/** @param {State} state */
const ownBody = (state) => ({
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
export function groups(timeline) {
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
export function nameOf(group, index) {
  const [one = 0, other = 0] = index.map((at) => at + 1);
  const [row = 0, column = 0] = index.slice(-2).map((at) => at + 1);
  if (group === "0.weight") return say("check.kernel", { kernel: one, row, column });
  if (group === "0.bias") return say("check.kernel_bias", { kernel: one });
  if (group === "input") return say("check.pixel", { row, column });
  return other ? say("check.dense", { feature: other, index: one }) : say("check.dense_bias", { index: one });
}
