// When what to try in the explorer counts as done.

import assert from "node:assert/strict";
import { test } from "node:test";

const { tasks } = await import("../../static/js/lesson/tasks/explorer.js");
const wrong = tasks.find(({ name }) => name === "wrong");

/** @param {number | null} best */
const seen = (best) => ({ trace: { best, truth: "cat", model: { classes: ["cat", "dog"] }, chosen: { moved: [0, 0], without: [] } }, step: { index: 0 } });

for (const [best, met] of [[1, true], [0, false], [null, false]])
  test(`a picture of a cat is got wrong by the answer ${best}: ${met}`, () => assert.equal(wrong?.met(seen(best)), met));
