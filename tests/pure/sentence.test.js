// Numbers of a sentence that know their cells stay with their text where that is part of another.

import assert from "node:assert/strict";
import { test } from "node:test";

import { joined, numbersWithin } from "../../static/js/frames/numbers.js";

const at = { id: "output-0", row: 0, col: 1 };
const read = (/** @type {string} */ text, /** @type {{ start: number, length: number }[]} */ numbers) => numbers.map(({ start, length }) => text.slice(start, start + length));

test("a sentence within a text takes its numbers along", () => {
  const sentence = "That is 12 at row 1.";
  const text = `Right. ${sentence}`;
  assert.deepEqual(read(text, numbersWithin(text, sentence, [{ start: 8, length: 2, at }])), ["12"]);
  assert.deepEqual(numbersWithin("Say it first.", sentence, [{ start: 8, length: 2, at }]), []);
});

test("of several lines each has its own numbers, equal ones too", () => {
  const line = { sentence: "It is 3.", numbers: [{ start: 6, length: 1, at }] };
  const { sentence, numbers } = joined([line, line, { sentence: "5 of 9", numbers: [{ start: 0, length: 1, at }] }]);
  assert.equal(sentence, "It is 3.\nIt is 3.\n5 of 9");
  assert.deepEqual(read(sentence, numbers), ["3", "3", "5"]);
});
