// What the settings of a page begin with, and what a control reads of a setting and makes of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { channelsSetting, pairSetting, plainSetting, seedSetting, sizeSetting } from "../../static/js/inspector-settings.js";
import { activation } from "../../static/js/operations/activation.js";
import { channels } from "../../static/js/operations/channels.js";
import { convolution } from "../../static/js/operations/convolution.js";
import { flatten } from "../../static/js/operations/flatten.js";
import { padding } from "../../static/js/operations/padding.js";
import { pooling } from "../../static/js/operations/pooling.js";
import { stride } from "../../static/js/operations/stride.js";

for (const [name, { cards }] of Object.entries({ activation, channels, convolution, flatten, padding, pooling, stride }))
  test(`the input is the first of ${name}'s settings`, () => {
    assert.equal(cards[0]?.controls[0]?.field, "input");
  });

for (const [name, { cards }] of Object.entries({ activation, channels, convolution, flatten, pooling }))
  test(`what a beginner needs of ${name} stands before its gradients, and these before More`, () => {
    const passes = cards.findIndex(({ controls }) => controls.some(({ field }) => field === "pass"));
    assert.deepEqual([cards.slice(0, passes).some(({ more }) => more), cards.slice(passes + 1).every(({ more }) => more)], [false, true]);
  });

const NAMED = { preset: "random", size: [4, 5], channels: 2, seed: 3 };
const TYPED = { values: [[[1, 2], [3, 4]]] };
for (const [title, setting, before, value, after] of /** @type {[string, any, any, any, any][]} */ ([
  ["the size of an array by name", sizeSetting, NAMED, [4, 5], { ...NAMED, size: [3, 3] }],
  ["the size of typed numbers, which are cut off and filled up", sizeSetting, TYPED, [2, 2], { values: [[[1, 2, 0], [3, 4, 0], [0, 0, 0]]] }],
  ["two numbers", pairSetting, [1, 2], [1, 2], [3, 3]],
  ["a word in the place of two numbers", pairSetting, "same", null, [3, 3]],
  ["four sides in the place of two numbers", pairSetting, [1, 2, 3, 4], null, [3, 3]],
  ["the channels of an array by name", channelsSetting, NAMED, 2, { ...NAMED, channels: 3 }],
  ["the channels of typed numbers", channelsSetting, TYPED, 1, { values: [...TYPED.values, [[0, 0], [0, 0]], [[0, 0], [0, 0]]] }],
  ["a number", plainSetting, 0.5, 0.5, 3],
  ["a seed", seedSetting, NAMED, 3, { ...NAMED, seed: 3 }],
  ["no seed yet", seedSetting, { preset: "random" }, 0, { preset: "random", seed: 3 }],
]))
  test(`a control reads and writes ${title}`, () => {
    const { get, put } = setting({ field: "own" });
    const given = [sizeSetting, pairSetting].includes(setting) ? [3, 3] : 3;
    assert.deepEqual([get({ own: before }), put({ own: before }, given)], [value, after]);
  });

test("a seed is a whole number that is not below 0", () => {
  const { put, read } = seedSetting(/** @type {any} */ ({ field: "own" }));
  assert.throws(() => put({ own: NAMED }, -1), /a whole number from 0 up/);
  assert.throws(() => read("1.5"), /1\.5/);
  assert.equal(read("7"), 7);
});
