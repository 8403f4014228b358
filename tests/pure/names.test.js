import assert from "node:assert/strict";
import { test } from "node:test";

import { cellName, mapName } from "../../static/js/explorer/addresses.js";
import { cellTitle, cellNames, nameIn, unitName } from "../../static/js/explorer/names.js";
import { changeText } from "../../static/js/explorer/took.js";

// Without a page a layer is called as the API calls it.
const flat = {
  classes: ["cat", "dog"],
  layers: [
    { layer: "conv2d", output_shape: [2, 3, 3] },
    { layer: "flatten", output_shape: [18] },
    { layer: "linear", output_shape: [2] },
  ],
};
const pooled = { classes: ["cat", "dog"], layers: [{ layer: "conv2d", output_shape: [2, 3, 3] }, { layer: "global_avg_pool2d", output_shape: [2, 1, 1] }] };

test("what belongs to the last layer is called by its class, and nothing before it is", () => {
  assert.deepEqual(cellNames(flat, 2), ["class cat", "class dog"]);
  assert.deepEqual(cellNames(flat, 1)?.slice(0, 2), ["number 1", "number 2"]);
  assert.equal(cellNames(flat, 0), undefined);
  assert.equal(cellNames(flat, null), undefined);
  assert.equal(unitName(flat, 2, 1), "3 linear, class dog");
  assert.equal(mapName(flat, "0,1,2,2"), "1 conv2d, map 2");
  assert.equal(mapName(pooled, "1,0,0,0"), "2 global_avg_pool2d, class cat");
  assert.deepEqual([cellName(flat, "2,1"), cellName(flat, "1,1"), cellName(flat, "0,1,2,0")], ["Class dog", "Number 2", "Row 3, column 1"]);
  assert.equal(unitName(flat, 1, 1), "2 flatten, number 2");
  assert.deepEqual([nameIn(flat, null, 0), nameIn(flat, 0, 1), nameIn(pooled, 1, 1)], ["channel 1", "map 2", "class dog"]);
  assert.deepEqual([cellTitle(flat, 2, [1]), cellTitle(flat, null, [2, 0, 1])], ["Class dog", "Row 1, column 2 of channel 3"]);
  assert.deepEqual([cellTitle(flat, 0, [1, 0, 1]), cellTitle(flat, 0, [0, 1])], ["Row 1, column 2 of map 2", "Row 1, column 2"]);
});

test("a change of a weight says whose it is", () => {
  const text = (/** @type {string} */ parameter, /** @type {number[]} */ index) => changeText(flat, { parameter, index, value: 2 }, 1).replaceAll("\u00a0", " ");
  assert.equal(text("2.bias", [1]), "3 linear, class dog, bias: 1 → 2");
  assert.equal(text("2.weight", [0, 11]), "3 linear, class cat, weight 12: 1 → 2");
  assert.equal(text("0.weight", [0, 0, 2, 1]), "1 conv2d, weight 1, 1, 3, 2: 1 → 2");
});
