// What a hand has drawn after a share of its time.

import assert from "node:assert/strict";
import { test } from "node:test";

const { drawnBy } = await import("../../static/js/home/hand.js");

/** @param {number[][]} points */
const stroke = (...points) => ({ ink: "d", width: 5, points });

test("a drawing comes point by point, stroke by stroke", () => {
  const strokes = [stroke([0, 0], [0, 1], [0, 2]), stroke([5, 5])];
  const counts = [0, 0.25, 0.5, 0.75, 1].map((share) => drawnBy(strokes, share).map(({ points }) => points.length));
  assert.deepEqual(counts, [[], [1], [2], [3], [3, 1]]);
  assert.deepEqual(drawnBy(strokes, 1), strokes);
});
