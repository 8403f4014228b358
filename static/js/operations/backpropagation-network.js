// The network on the page of backpropagation: its settings as a request, an answer as settings, and what its numbers are
// called.

/** @import { ArrayChoice, NetworkAnswer } from "../types" */
/** @import { Chosen } from "./backpropagation.js" */
/** @import { NetworkTimeline } from "../network-timeline.js" */

import { freshOf, OPTIMIZERS } from "../catalogue.js";
import { isOwn } from "../network-numbers.js";
import { listOf, planeOf, valuesIn } from "../nested.js";
import { say } from "../words.js";
import { inside } from "./looked-inside.js";

/** Ten digits, small enough for a network on paper: 6 × 6 cells that are 0 or 1. */
const DRAWN = [
  [".####.", ".#..#.", ".#..#.", ".#..#.", ".#..#.", ".####."],
  ["..##..", ".###..", "..##..", "..##..", "..##..", ".####."],
  [".####.", "....#.", ".####.", ".#....", ".#....", ".####."],
  [".####.", "....#.", "..###.", "....#.", "....#.", ".####."],
  [".#..#.", ".#..#.", ".#..#.", ".####.", "....#.", "....#."],
  [".####.", ".#....", ".####.", "....#.", "....#.", ".####."],
  [".#....", ".#....", ".####.", ".#..#.", ".#..#.", ".####."],
  [".####.", "....#.", "...#..", "..#...", "..#...", "..#..."],
  [".####.", ".#..#.", ".####.", ".#..#.", ".#..#.", ".####."],
  [".####.", ".#..#.", ".####.", "....#.", "....#.", "....#."],
];

/** The values of each digit, one channel. @type {number[][][][]} */
export const DIGITS = DRAWN.map((rows) => [rows.map((row) => [...row].map((cell) => Number(cell === "#")))]);

export const CLASSES = 3;
export const DENSE = 4; // the index of the dense layer

/** @param {ArrayChoice} choice @returns {number[][][]} */
export const planesOfChoice = (choice) => ("values" in choice ? choice.values : []);
/** A column as a line of numbers. @param {ArrayChoice} choice */
const line = (choice) => planesOfChoice(choice).flat(2);

/** The weights by PyTorch's names. @param {Chosen} state @returns {Record<string, unknown>} */
const parameters = (state) => ({
  "0.weight": planesOfChoice(state["kernels"]).map((plane) => [plane]),
  "0.bias": line(state["biases"]),
  [`${DENSE}.weight`]: planesOfChoice(state["dense"])[0],
  [`${DENSE}.bias`]: line(state["dense_biases"]),
});

/** Numbers, one after the other, in the shape of others. @param {unknown} like @param {Iterator<number>} numbers @returns {unknown} */
const shaped = (like, numbers) =>
  Array.isArray(like) ? like.map((part) => shaped(part, numbers)) : (numbers.next().value ?? null);

/** All numbers of nested lists, by name, in order. @param {unknown} named */
const numbersIn = (named) => (typeof named === "object" && named !== null ? valuesIn(Object.values(named)) : []);

/** What the optimizer keeps from the updates before. @param {Chosen} state */
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

/** @param {unknown} rows */
const rowsOf = (rows) => planeOf(rows).map((row) => row.map(Number));

/** The settings with the weights of an answer, and what its optimizer keeps. @param {NetworkAnswer} answer @returns {Partial<Chosen> | null} */
export function taken({ parameters, optimizer_state: { updates, ...vectors } }) {
  if ([parameters, ...Object.values(vectors)].flatMap(numbersIn).includes(null)) return null;
  const column = (/** @type {unknown} */ values) => ({ values: [valuesIn(values).map((value) => [Number(value)])] });
  return {
    kernels: { values: listOf(parameters["0.weight"]).map((filter) => rowsOf(listOf(filter)[0])) },
    biases: column(parameters["0.bias"]),
    dense: { values: [rowsOf(parameters[`${DENSE}.weight`])] },
    dense_biases: column(parameters[`${DENSE}.bias`]),
    kept: [updates, ...Object.entries(vectors).map(([name, vector]) => `${name}=${numbersIn(vector).join(",")}`)].join(":"),
  };
}

/** What is asked for: of the page's own network, or of the one that is looked into. @param {Chosen} state @returns {Record<string, unknown>} */
export const body = (state) => (isOwn(state) ? ownBody(state) : inside(state));

/** @param {Chosen} state */
const ownBody = (state) => ({
  architecture: [
    { layer: "conv2d", out_channels: 2, kernel_size: 3 },
    { layer: state["activation"] },
    { layer: state["pool"], kernel_size: 2 },
    { layer: "flatten" },
    { layer: "linear", out_features: CLASSES },
  ],
  parameters: parameters(state),
  input: planesOfChoice(state["input"]),
  target: state["loss"] === "mse" ? [0, 1, 2].map((index) => Number(index === state["target"])) : state["target"],
  loss: state["loss"],
  optimizer: { ...freshOf(OPTIMIZERS, state["optimizer"]), learning_rate: state["rate"] },
  ...(state["kept"] && { optimizer_state: optimizerState(state) }),
});

/** The settable numbers, by what they are part of. @param {NetworkTimeline} timeline */
export const groups = ({ tensors }) =>
  [
    { name: "0.weight", title: say("backpropagation.kernels") },
    { name: "0.bias", title: say("common.biases") },
    { name: `${DENSE}.weight`, title: say("backpropagation.dense") },
    { name: `${DENSE}.bias`, title: say("backpropagation.dense_biases") },
    { name: "input", title: say("common.input") },
  ].map((group) => ({ ...group, values: tensors[group.name]?.values }));

/** What a settable number is called. @param {string} group @param {number[]} index */
export function numberName(group, index) {
  const [one = 0, other = 0] = index.map((at) => at + 1);
  const [row = 0, column = 0] = index.slice(-2).map((at) => at + 1);
  if (group === "0.weight") return say("check.kernel", { kernel: one, row, column });
  if (group === "0.bias") return say("check.kernel_bias", { kernel: one });
  if (group === "input") return say("check.pixel", { row, column });
  return other ? say("check.dense", { feature: other, index: one }) : say("check.dense_bias", { index: one });
}
