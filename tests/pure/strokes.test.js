// Drawings as links have them, and as cells.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cellsOf, formatStrokes, isFull, lengthen, parseStrokes } from "../../static/js/explorer/strokes.js";

for (const text of ["none", "d5AABB", "eoAA", "r1__.g9AABB.e3CC"])
  test(`${text} is read and written as it is`, () => assert.equal(formatStrokes(parseStrokes(text)), text));

for (const text of ["", "d0AA", "dpAA", "x5AA", "d5A", "d5AAB", "d5A!", "d5"])
  test(`“${text}” is no stroke`, () => assert.throws(() => parseStrokes(text), /is no stroke/));

test("a drawing in white is one plane, one in colours has three, and the eraser leaves black", () => {
  const [white = [], ...others] = cellsOf(parseStrokes("d1AAAC"));
  assert.deepEqual([others.length, white[0]?.slice(0, 4), white[1]?.[0]], [0, [1, 1, 1, 0], 0]);
  const colours = cellsOf(parseStrokes("g1AAAC.e1AB"));
  assert.deepEqual(colours.map((plane) => plane[0]?.slice(0, 3)), [[0.1, 0, 0.1], [0.75, 0, 0.75], [0.25, 0, 0.25]]);
});

test("a stroke is cut into pieces where its width changes, and the pieces meet", () => {
  const pieces = [{ ink: "d", width: 5, points: [] }];
  for (const [point, width] of [[[0, 0], 4], [[0, 1], 4], [[0, 1], 6], [[0, 2], 6], [[0, 3], 6]]) lengthen(pieces, point, width);
  assert.equal(formatStrokes(pieces), "d4AAAB.d6ABACAD");
});

test("a drawing is full before a link refuses it", () => {
  const points = Array.from({ length: 3960 }, (_, index) => [index % 2, 0]);
  const drawing = [{ ink: "d", width: 5, points }];
  assert.ok(isFull(drawing));
  assert.equal(parseStrokes(formatStrokes(drawing)).length, 1);
});
