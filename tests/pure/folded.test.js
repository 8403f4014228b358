// A dense layer's step with many inputs, laid in lines that stand beside each other.

import assert from "node:assert/strict";
import { test } from "node:test";

import { folded, isFoldable } from "../../static/js/explorer/cell-frames.js";
import { weightIn } from "../../static/js/explorer/positions.js";
import { grid } from "../../static/js/frame.js";

const COUNT = 10; // two lines: eight numbers, and two
const inputs = Array.from({ length: COUNT }, (_, index) => index);
const row = (/** @type {number} */ height) => ({ row: 0, col: 0, height, width: 1, rowStep: 1, colStep: 1 });
const panel = (/** @type {string} */ id, /** @type {Record<string, unknown>} */ own) => ({ id, role: id, sign: "", title: id, note: "size", grids: [grid({ id: `${id}-0`, label: id, cols: 1, ...own })] });
const whole = {
  panels: [
    panel("input", { values: inputs, region: row(COUNT) }),
    panel("weight", { values: [...inputs.map((value) => -value), ...inputs.map((value) => 2 * value)], cols: COUNT, region: { ...row(1), row: 1, width: COUNT } }),
    panel("output", { values: [7, 8], marked: [1, 0], filled: 2 }),
  ],
  card: { joiner: "+", max: null, blocks: [{ title: "", rows: [{ terms: inputs.map((left) => ({ left, right: 2 * left, value: 2 * left * left, padding: false })), sum: 5 }], sum: null }] },
  numbers: [{ start: 0, length: 1, at: { id: "output-0", row: 1, col: 0 } }],
  motion: [],
  sentence: "",
};

test("a long row is laid in lines, with the weights of its own row and its products beside it", () => {
  assert.equal(isFoldable(whole), true);
  const { panels, card, links, numbers } = folded(whole);
  const [input, weight, output] = panels.map(({ grids }) => grids[0]);
  assert.deepEqual([input.rows, input.cols, input.values.slice(8)], [2, 8, [8, 9, ...new Array(6).fill(undefined)]]);
  assert.deepEqual(weight.values.slice(0, 10), inputs.map((value) => 2 * value));
  assert.deepEqual([output.values, output.marked], [[8], [0, 0]]);
  assert.deepEqual(card.blocks[0].rows.map(({ terms, sum }) => [terms.length, sum]), [[8, null], [2, 5]]);
  assert.deepEqual(links?.("weight-0", 1, 1), { "input-0": [[1, 1]], "weight-0": [[1, 1]] });
  assert.deepEqual(links?.("output-0", 0, 0), {});
  assert.deepEqual(numbers?.[0].at, { id: "output-0", row: 0, col: 0 });
});

test("a short row stays as it is", () => {
  const short = { ...whole.card.blocks[0], rows: [{ terms: whole.card.blocks[0].rows[0].terms.slice(0, 8), sum: 5 }] };
  assert.equal(isFoldable({ ...whole, card: { ...whole.card, blocks: [short] } }), false);
});

test("a weight has its own number among all that a number is made with", () => {
  assert.equal(weightIn([16, 7, 7], 2, 1, 3), 2 * 49 + 7 + 3);
  assert.equal(weightIn([8, 1, 1], 5, 0, 0), 5);
  assert.equal(weightIn([1, 1, 32], 0, 3, 1), 25); // in lines of eight
});
