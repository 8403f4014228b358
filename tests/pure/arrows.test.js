// Arrows from a value to its copies lie on no number: neither on those that they join nor on those between.

import assert from "node:assert/strict";
import { test } from "node:test";

import { arrow } from "../../static/js/draw/overlays.js";

const SCALES = [{ pitch: 26, size: 24 }, { pitch: 60, size: 58 }];
const [WIDE, HIGH] = [0.6, 11 / 24]; // of a number with two characters, in cells: those of the smallest cell

// from a value to its copy, row before column: beside it, above it, at the corner, at the far side
const ARROWS = [
  [[1, 2], [1, 0]],
  [[2, 2], [2, 0]],
  [[2, 1], [0, 1]],
  [[2, 2], [0, 2]],
  [[2, 2], [0, 0]],
  [[0, 0], [2, 2]],
  [[1, 1], [0, 0]],
  [[1, 6], [1, 0]],
  [[6, 6], [0, 0]],
];

/** @param {string} path @returns {[number, number][]} the corners of the way, without the head */
const corners = (path) => path.split("M")[1].split("L").map((point) => point.trim().split(" ").map(Number));

/** @param {[number, number][]} points */
const along = (points) =>
  points.slice(1).flatMap(([x, y], index) => {
    const [ax, ay] = points[index];
    return Array.from({ length: 101 }, (_, at) => [ax + ((x - ax) * at) / 100, ay + ((y - ay) * at) / 100]);
  });

for (const [from, to] of ARROWS)
  test(`an arrow from ${from} to ${to} leaves every number free`, () => {
    for (const scale of SCALES) {
      const points = corners(arrow(from, to, scale));
      const cell = ([x, y]) => [Math.floor(y / scale.pitch), Math.floor(x / scale.pitch)];
      assert.deepEqual([cell(points[0]), cell(points.at(-1))], [from, to]);
      const off = (/** @type {number} */ at) => ((at % scale.pitch) - scale.size / 2) / scale.size;
      const covering = along(points).filter(([x, y]) => Math.abs(off(x)) < WIDE / 2 && Math.abs(off(y)) < HIGH / 2);
      assert.deepEqual(covering, []);
    }
  });

test("no two arrows to the padding of one window share a line", () => {
  const lines = ARROWS.slice(0, 5).flatMap(([from, to]) => {
    const points = corners(arrow(from, to, SCALES[0]));
    return points.slice(1).map(([x, y], at) => (x === points[at][0] ? `x ${x}` : `y ${y}`));
  });
  assert.equal(new Set(lines).size, lines.length);
});
