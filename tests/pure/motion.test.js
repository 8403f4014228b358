// A motion at a time: how far each thing has come.

import assert from "node:assert/strict";
import { test } from "node:test";

import { sharesAt, lengthOf, nameOf, opacityAt } from "../../static/js/motion.js";

/** @param {number} start @param {number} duration @returns {import("../../static/js/types").Movement} */
const result = (start, duration) => ({ phase: "sums", what: { kind: "result" }, from: null, to: { kind: "result" }, start, duration });
const MOTION = [result(0, 100), result(100, 50), result(120, 200)];

/** @type {[number, number[]][]} a time, and how far each has come */
const TIMES = [
  [-5, [0, 0, 0]],
  [0, [0, 0, 0]],
  [25, [0.25, 0, 0]],
  [110, [1, 0.2, 0]],
  [220, [1, 1, 0.5]],
  [9000, [1, 1, 1]],
];

for (const [time, shares] of TIMES)
  test(`after ${time} ms`, () => {
    const drawn = /** @type {number[]} */ ([]);
    sharesAt(MOTION, time, (movement, share, index) => {
      assert.equal(movement, MOTION[index]);
      drawn.push(share);
    });
    assert.deepEqual(drawn, shares);
  });

test("it is as long as what arrives last", () => assert.deepEqual([lengthOf(MOTION), lengthOf([])], [320, 0]));

test("a number that travels is whole where it leaves and arrives, and lets others be read on its way", () => {
  assert.deepEqual([0, 1].map((share) => Math.round(100 * opacityAt(share))), [100, 100]);
  const least = Math.min(...Array.from({ length: 101 }, (_, at) => opacityAt(at / 100)));
  assert.ok(least > 0.2 && least < 0.4, String(least));
});

test("no two parts of a frame have one name", () => {
  const region = { row: 0, col: 0, height: 1, width: 1, rowStep: 1, colStep: 1 };
  const parts = /** @type {import("../../static/js/types").Part[]} */ ([
    { kind: "grid", grid: "a" },
    { kind: "window", grid: "a", region },
    { kind: "cell", grid: "a", row: 0, col: 0 },
    { kind: "cell", grid: "a", row: 0, col: 1 },
    { kind: "term", block: 0, row: 0, col: 0 },
    { kind: "terms", block: 0, row: 0 },
    { kind: "row", block: 0, row: 0 },
    { kind: "block", block: 0 },
    { kind: "line", line: 0 },
    { kind: "result" },
  ]);
  assert.equal(new Set(parts.map(nameOf)).size, parts.length);
});
