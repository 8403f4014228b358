// Arrows from a value to its copies lie on no number: neither on those that they join nor on those between.

import assert from "node:assert/strict";
import { test } from "node:test";

import { arrow } from "../../static/js/draw/arrows.js";

const REGION = { row: 0, col: 0, height: 3, width: 3, rowStep: 1, colStep: 1 };
const SCALES = [{ pitch: 26, size: 24 }, { pitch: 60, size: 58 }];
const TYPE = 11 / 24; // how high digits are at most, in cells: those of the smallest cell

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
      const points = corners(arrow(from, to, REGION, scale));
      const cell = ([x, y]) => [Math.floor(y / scale.pitch), Math.floor(x / scale.pitch)];
      assert.deepEqual([cell(points[0]), cell(points.at(-1))], [from, to]);
      const off = (/** @type {number} */ at) => ((at % scale.pitch) - scale.size / 2) / scale.size;
      const covering = along(points).filter(([x, y]) => Math.abs(off(x)) < 0.48 && Math.abs(off(y)) < TYPE / 2);
      assert.deepEqual(covering, []);
      const right = scale.pitch * REGION.width - (scale.pitch - scale.size) / 2;
      const onBorder = along(points).filter(([x, y]) => Math.max(from[0], to[0], from[1], to[1]) < 3 && (Math.abs(x - right) < 0.5 || Math.abs(y - right) < 0.5));
      assert.deepEqual(onBorder, []); // where the frame of the window is
    }
  });
