// Which number of a network a cell on the stage is.

import assert from "node:assert/strict";
import { test } from "node:test";

import { CHECKED, numberAt } from "../../static/js/network-numbers.js";

/** @type {[string, number | null, string | undefined, string, number[], string][]} pass, layer, by what, tensor, index, the number */
const CELLS = [
  ["forward", 0, undefined, "padded_input", [0, 2, 3], "input:0,2,3"],
  ["forward", 0, undefined, "weight", [1, 0, 2, 2], "0.weight:1,0,2,2"],
  ["forward", 4, undefined, "bias", [2], "4.bias:2"],
  ["forward", 4, undefined, "input", [5], ""], // what the layer before gave
  ["forward", 0, undefined, "output", [0, 0, 0], ""],
  ["loss", null, undefined, "logits", [0], ""],
  ["backward", 4, "weight", "output", [2, 7], "4.weight:2,7"],
  ["backward", 0, "input", "output", [0, 5, 5], "input:0,5,5"],
  ["backward", 3, "input", "output", [1, 0, 0], ""],
  ["backward", 0, "weight", "grad_output", [0, 1, 1], ""],
  ["update", 0, "bias", "gradient", [1], "0.bias:1"],
];

for (const [pass, layer, wrt, tensor, index, name] of CELLS)
  test(`${tensor} ${index} of layer ${layer}, ${pass}, is ${name || "no number that is set"}`, () => {
    const entry = /** @type {any} */ ({ pass, layer, wrt, op: "", start: 0, count: 1, title: "" });
    assert.equal(numberAt(entry, { tensor, index }), name);
    if (name) assert.match(name, CHECKED);
  });
