// Predict first: what a frame hides until a person has answered, and that the step says which answer is right.

import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, ANSWERS, isAsking, predicted, questionAt } from "../../static/js/predict-first.js";

const timeline = () => ({ predictions: new Map() });
const step = (/** @type {number | null} */ output, sign = "", size = "") => ({ index: 4, output, sign, size, description: "" });
const term = { left: 2, right: -0.125, value: -0.25, padding: false, chosen: false };
const FRAME = /** @type {any} */ ({
  panels: [
    { role: "above", grids: [{ values: [-0.125], filled: Number.POSITIVE_INFINITY }] },
    { role: "output", grids: [{ values: [1, -0.25], filled: 2 }] },
  ],
  card: { blocks: [{ rows: [{ terms: [term], sum: -0.25 }], sum: -0.25 }], result: -0.25, lines: [] },
  motion: [{ phase: "sums" }],
  sentence: "It is −0.25.",
});

test("the step says which answer is right, whatever its number is", () => {
  for (const [kind, answers] of Object.entries(ANSWERS))
    for (const { name } of answers) {
      const [way, own, state] = [timeline(), { ...step(7), [kind]: name }, { predict: kind }];
      assert.equal(questionAt(way, own, state)?.right.name, name);
      answer(way, own, state, name);
      assert.match(predicted(FRAME, way, own, state).sentence, /^Right\./);
    }
});

test("a gradient is in no part of the frame until it is predicted", () => {
  const [way, own, state] = [timeline(), step(-0.25, "negative", "middling"), { predict: "sign" }];
  const hidden = predicted(FRAME, way, own, state);
  assert.equal(isAsking(way, own, state), true);
  assert.equal(JSON.stringify({ ...hidden, panels: hidden.panels.map(({ grids }) => grids.map(({ values, filled }) => values.slice(0, filled))) }).includes("0.25"), false);
  assert.match(hidden.sentence, /negative, zero or positive/);
  answer(way, own, state, "positive");
  const shown = predicted(FRAME, way, own, state);
  assert.equal(isAsking(way, own, state), false);
  assert.equal(shown.card.result, -0.25);
  assert.match(shown.sentence, /Not this time.*“negative”.*It is −0.25/);
  assert.equal(isAsking(way, own, { predict: "size" }), true); // the other question is another one
});

test("what is no gradient, or no number, is not asked for", () => {
  assert.equal(predicted(FRAME, timeline(), step(1), { predict: "sign" }), FRAME);
  assert.equal(predicted(FRAME, timeline(), step(null), { predict: "size" }), FRAME);
  assert.equal(predicted(FRAME, timeline(), step(1, "positive", "large"), { predict: "off" }), FRAME);
});
