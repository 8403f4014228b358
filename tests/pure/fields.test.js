// How each kind of setting is written in a link: what is read, what is written again, and what is refused.

import assert from "node:assert/strict";
import { test } from "node:test";

import { carry } from "./carry.mjs";

carry({ paddings: { valid: "valid", same: "same", same_lower: "same lower" } });
const fields = await import("../../static/js/fields.js");

const KINDS = {
  array: fields.arrayField("input", "Input", { preset: "lesson", size: [3, 3] }),
  sized: fields.sizedField("kernels", "Kernels", { values: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]] }),
  learned: fields.learnedField("biases", "Biases", { values: [[[0], [0]]] }),
  positive: fields.positiveField("rate", "Rate", 0.1),
  pair: fields.pairField("stride", "Stride", [1, 1]),
  bounded: fields.pairField("stride", "Stride", [1, 1], 4),
  zeroPair: fields.zeroPairField("output_padding", "Output padding", [0, 0]),
  padding: fields.paddingField("padding", "Padding", [0, 0]),
  number: fields.numberField("bias", "Bias", 0),
  titled: fields.choiceField("optimizer", "Optimizer", "sgd", { sgd: "gradient descent", adam: "Adam" }),
  choice: fields.choiceField("mode", "Mode", "zeros", ["zeros", "reflect"]),
  text: fields.textField("at", "At", "", /^[a-z]+,\d+$/, "a name and a count"),
  names: fields.namesField("kernels", "Kernels", ["identity"]),
  whole: fields.wholeField("filters", "Filters", 2, 1, 8),
  flag: fields.flagField("flip", "Flip", false),
  step: fields.STEP,
  pin: fields.PIN,
};

/** @param {string} preset @param {number[]} size @param {number} [channels] @param {number} [seed] */
const named = (preset, size, channels = 1, seed = 0) => ({ preset, size, channels, seed });

// the kind, the text of a link, its value, and what is written where that is another text
const READ = [
  ["array", "lesson-3x3", named("lesson", [3, 3])],
  ["array", "random-6x8-5", named("random", [6, 8], 1, 5)],
  ["array", "random-3x3x12-4", named("random", [3, 3], 12, 4)],
  ["array", "vertical-edge-3x3", named("vertical-edge", [3, 3])],
  ["array", "ramp-right-32x1x4", named("ramp-right", [32, 1], 4)],
  ["array", "random-2x2x1-0", named("random", [2, 2]), "random-2x2"],
  ["array", "5", { values: [[[5]]] }],
  ["array", "1,2;3,4", { values: [[[1, 2], [3, 4]]] }],
  ["array", "1,-0.5/3,1e-7", { values: [[[1, -0.5]], [[3, 1e-7]]] }],
  ["array", "−1;+2", { values: [[[-1], [2]]] }, "-1;2"],
  ["array", "rgb/1,2/3,4/5,6", { values: [[[1, 2]], [[3, 4]], [[5, 6]]], colour: true }],
  ["sized", "1,0;0,1/2,2;2,2", { values: [[[1, 0], [0, 1]], [[2, 2], [2, 2]]] }],
  ["learned", "3.5e+166;-0.25", { values: [[[3.5e166], [-0.25]]] }],
  ["positive", "1/4", 0.25, "0.25"],
  ["pair", "2", [2, 2]],
  ["pair", "2x1", [2, 1]],
  ["pair", "3x3", [3, 3], "3"],
  ["bounded", "4x2", [4, 2]],
  ["zeroPair", "0", [0, 0]],
  ["zeroPair", "0x1", [0, 1]],
  ["padding", "valid", "valid"],
  ["padding", "same", "same"],
  ["padding", "same_lower", "same_lower"],
  ["padding", "0", [0, 0]],
  ["padding", "1x2", [1, 2]],
  ["padding", "1,2,0,3", [1, 2, 0, 3]],
  ["padding", "1,1,1,1", [1, 1, 1, 1]],
  ["number", "-2.5", -2.5],
  ["number", "1e-7", 1e-7],
  ["number", "0.1111111111111111", 0.1111111111111111],
  ["number", "−3", -3, "-3"],
  ["choice", "reflect", "reflect"],
  ["titled", "adam", "adam"],
  ["text", "edge,20", "edge,20"],
  ["names", "identity,box-blur", ["identity", "box-blur"]],
  ["whole", "8", 8],
  ["whole", "1", 1],
  ["flag", "yes", true],
  ["flag", "no", false],
  ["step", "0", 0],
  ["step", "899", 899],
  ["pin", "input-0,7,1", { id: "input-0", row: 7, col: 1 }],
  ["pin", "kernel,0,0", { id: "kernel", row: 0, col: 0 }],
];

for (const [kind, text, value, written = text] of READ)
  test(`${kind}: ${text}`, () => {
    const { parse, format } = KINDS[kind];
    assert.deepEqual(parse(text), value);
    assert.equal(format(value), written);
    assert.deepEqual(parse(written), value);
  });

const REFUSED = [
  ["array", "1,2;3", "its rows have different lengths: 2 and 1"],
  ["array", "1;2/3", "its channels have different heights"],
  ["array", "1,x;3,4", "“x” is not a number"],
  ["array", "", "“” is not a number"],
  ["array", "lesson", "“lesson” is not a number"],
  ["array", "blob-99x3", "a side of 99 is more than 32"],
  ["array", "blob-0x3", "0 is less than 1"],
  ["array", Array(33).fill("1").join(","), "1 × 33 is more than 32 × 32"],
  ["array", Array(33).fill("1").join(";"), "33 × 1 is more than 32 × 32"],
  ["array", "rgb/1,2;3,4/5,6;7,8", "colours have 3 channels, not 2"],
  ["sized", "1,2", "its size is 1 × 2 where it has to be 2 × 2 × 2"],
  ["sized", "1,2;3,4", "its size is 2 × 2 where it has to be 2 × 2 × 2"],
  ["sized", "digit-2x2", "“digit-2x2” is no grid of numbers"],
  ["learned", "1e400;0", "1e400 is too large: at most 1000000 either way"],
  ["positive", "0", "0 is not more than 0"],
  ["positive", "-1/2", "-1/2 is not more than 0"],
  ["pair", "0", "0 is less than 1"],
  ["pair", "2x0", "0 is less than 1"],
  ["pair", "two", "“two” is not a whole number"],
  ["pair", "1x2x3", "“1x2x3” is not a number or a pair such as 2x1"],
  ["pair", "1.5", "“1.5” is not a whole number"],
  ["pair", "9999999999", "9999999999 is more than 999999999"],
  ["bounded", "77", "77 is more than 4"],
  ["bounded", "1x5", "5 is more than 4"],
  ["zeroPair", "-1", "−1 is less than 0"],
  ["padding", "-1", "−1 is less than 0"],
  ["padding", "1,2,3", "four sides are needed: top,bottom,left,right"],
  ["padding", "most", "“most” is not a whole number"],
  ["number", "lots", "“lots” is not a number"],
  ["choice", "mirror", "“mirror” is none of the choices"],
  ["titled", "foo", "“foo” is none of gradient descent, Adam"],
  ["text", "edge", "“edge” is not a name and a count"],
  ["names", "Identity", "“Identity” is not a list of names"],
  ["names", "a,,b", "“a,,b” is not a list of names"],
  ["whole", "9", "9 is more than 8"],
  ["whole", "0", "0 is less than 1"],
  ["flag", "maybe", "“maybe” is neither yes nor no"],
  ["step", "-1", "−1 is less than 0"],
  ["step", "half", "“half” is not a whole number"],
  ["pin", "input-0,7", "“input-0,7” is not a grid, a row and a column"],
];

for (const [kind, text, sentence] of REFUSED)
  test(`${kind}: ${text.slice(0, 20)} is refused`, () => {
    assert.throws(() => KINDS[kind].parse(text), { message: sentence });
  });
