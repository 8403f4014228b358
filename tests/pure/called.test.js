// What the channels of a step are called in the network that it is one of.

import assert from "node:assert/strict";
import { test } from "node:test";

import { calledAs } from "../../static/js/explorer/cell-frames.js";
import { grid } from "../../static/js/frame.js";

const shown = (/** @type {string} */ id, /** @type {number[]} */ index) => ({ ...grid({ id, label: id, cols: 1, values: [1] }), shows: { tensor: "", index, line: false } });
const panel = (/** @type {string} */ id, /** @type {import("../../static/js/types").GridModel[]} */ grids) => ({ id, role: id, sign: "", title: id, note: "", grids });
const blockOf = (/** @type {number} */ at, /** @type {string} */ title) => ({ title, rows: [], sum: 1, grids: { left: `input-${at + 2}`, right: `weight-${at}` } });
const step = (/** @type {string} */ title) => ({
  panels: [panel("input", [shown("input-2", [2]), shown("input-3", [3])]), panel("weight", [shown("weight-0", [3, 0]), shown("weight-1", [3, 1])]), panel("output", [shown("output-3", [3])])],
  card: { joiner: "+", max: null, blocks: [blockOf(0, title), blockOf(1, title)] },
  motion: [],
  sentence: "",
});
const nameOf = (/** @type {number} */ channel) => `map ${channel + 1}`;
const labels = (/** @type {import("../../static/js/types").Frame} */ { panels }) => panels.flatMap(({ grids }) => grids.map(({ label }) => label));

test("the second group of a convolution reads maps 3 and 4, and its grids say so as well", () => {
  const called = calledAs(step("channel"), nameOf, "map 4");
  assert.deepEqual(called.card.blocks.map(({ title }) => title), ["map 3", "map 4"]);
  assert.deepEqual(labels(called), ["Map 3", "Map 4", "Kernel for map 3", "Kernel for map 4", "Map 4"]);
});

test("a step of one channel has no names to give", () => {
  assert.deepEqual(labels(calledAs(step(""), nameOf, "map 4")), ["input-2", "input-3", "weight-0", "weight-1", "output-3"]);
});
