// Predict first: what a frame hides until a person has answered, and which answer is right.

import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, ANSWERS, isAsking, predicted } from "../../static/js/predict-first.js";

const timeline = (/** @type {string} */ pass) => /** @type {any} */ ({ said: new Map(), entryOf: () => ({ pass }) });
const step = (/** @type {number | null} */ output) => /** @type {any} */ ({ index: 4, output });
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

test("each number has one right answer", () => {
  for (const kind of ["sign", "size"])
    for (const value of [-3, -1, -0.5, -0.1, -0.01, -0.001, -0, 0, 1e-9, 0.01, 0.0999, 0.1, 0.999, 1, 40])
      assert.equal(ANSWERS[kind]?.filter(({ holds }) => holds(value)).length, 1, `${kind} of ${value}`);
});

test("a gradient is in no part of the frame until it is predicted", () => {
  const [way, own, state] = [timeline("backward"), step(-0.25), { predict: "sign" }];
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
  assert.equal(predicted(FRAME, timeline("forward"), step(1), { predict: "sign" }), FRAME);
  assert.equal(predicted(FRAME, timeline("backward"), step(null), { predict: "sign" }), FRAME);
  assert.equal(predicted(FRAME, timeline("backward"), step(1), { predict: "off" }), FRAME);
});
