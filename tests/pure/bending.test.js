// A network that is bent, as a link has it; and the lines that show which maps feed which.

import assert from "node:assert/strict";
import { test } from "node:test";

import { formatChanges, formatOff, parseChanges, parseOff, switched, withChanges } from "../../static/js/explorer/bending.js";
import { wiresOf } from "../../static/js/explorer/wires.js";

const WEIGHT = { parameter: "0.weight", index: [2, 0, 1, 1], value: -0.5 };
const BIAS = { parameter: "3.bias", index: [7], value: 1e-7 };

test("a link holds what is changed", () => {
  const text = "0.weight:2,0,1,1:-0.5;3.bias:7:1e-7";
  assert.equal(formatChanges([WEIGHT, BIAS]), text);
  assert.deepEqual(parseChanges(text), [WEIGHT, BIAS]);
});

test("a link holds what is switched off", () => {
  const off = [{ layer: 0, channel: 2 }, { layer: 3, channel: 15 }];
  assert.equal(formatOff(off), "0,2;3,15");
  assert.deepEqual(parseOff("0,2;3,15"), off);
});

for (const text of ["", "0.weight", "weight:0:1", "0.weight:0:", "0.weight:0:nan", "0.weight:0,0,0,0,0:1", "0.weight:-1:1", "0.weight:0:1;", "0.weight:0:1e99"])
  test(`“${text}” is no change`, () => assert.throws(() => parseChanges(text)));

test("more changes than a request takes are none", () => {
  const one = "0.bias:0:1";
  assert.equal(parseChanges(Array(1000).fill(one).join(";")).length, 1000);
  assert.throws(() => parseChanges(Array(1001).fill(one).join(";")), /1,?000/);
});

for (const text of ["", "0", "0,", "0,1,2", "a,1", "0,1;"]) test(`“${text}” is no channel`, () => assert.throws(() => parseOff(text)));

test("a number is changed once: the last value counts", () => {
  const again = { ...WEIGHT, value: 3 };
  assert.deepEqual(withChanges([WEIGHT, BIAS], [again]), [BIAS, again]);
  assert.deepEqual(withChanges([], [WEIGHT]), [WEIGHT]);
});

test("a channel is switched off, and on again", () => {
  const [one, other] = [{ layer: 1, channel: 0 }, { layer: 1, channel: 1 }];
  assert.deepEqual(switched([one], other), [one, other]);
  assert.deepEqual(switched([one, other], { ...one }), [other]);
});

// Two maps of the input, three of the first layer, each of which the second keeps
const layer = (/** @type {number} */ count) => ({ layer: "", input_shape: [], output_shape: [count, 4, 4] });
const LAYERS = [layer(3), layer(3)];
const WIRING = [
  { strengths: [[1, 2], [4, 0], [0.5, 0.5]], shares: [[0.25, 0.5], [1, 0], [0.125, 0.125]], strongest: [1, 0, 0] },
  { strengths: null, shares: null, strongest: null },
];

/** What stands for a wire. @param {import("../../static/js/explorer/wires.js").Wire} wire */
const short = ({ from, to, share }) => `${from.layer},${from.channel}>${to.layer},${to.channel}:${share}`;

test("the lines of a map are those that feed it and those that it feeds", () => {
  assert.deepEqual(wiresOf(WIRING, LAYERS, { layer: 0, channel: 1 }).map(short), ["-1,0>0,1:1", "-1,1>0,1:0", "0,1>1,1:1"]);
  assert.deepEqual(wiresOf(WIRING, LAYERS, { layer: 1, channel: 2 }).map(short), ["0,2>1,2:1"]);
  assert.deepEqual(wiresOf([], LAYERS, { layer: 0, channel: 0 }), []);
});

test("without one, each map has the line that the engine says feeds it most", () => {
  assert.deepEqual(wiresOf(WIRING, LAYERS, null).map(short), ["-1,1>0,0:0.5", "-1,0>0,1:1", "-1,0>0,2:0.125"]);
});
