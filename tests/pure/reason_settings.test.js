// What is asked of a network, as links have it; and which cell stands where.

import assert from "node:assert/strict";
import { test } from "node:test";

import { bodyOf, followed, formatReason, isIn, parseReason, PATTERN } from "../../static/js/explorer/reason-settings.js";
import { cellIn, indexOf, nthCell, positionIn } from "../../static/js/explorer/positions.js";

const MODEL = {
  id: "one",
  name: "one",
  classes: ["a", "b", "c"],
  prepare: {},
  accuracy: null,
  layers: [
    { layer: "conv2d", input_shape: [1, 4, 5], output_shape: [2, 3, 4], parameters: 20 },
    { layer: "flatten", input_shape: [2, 3, 4], output_shape: [24], parameters: 0 },
    { layer: "linear", input_shape: [24], output_shape: [3], parameters: 75 },
  ],
};

for (const text of ["3", "3,4", "7-1", "7-1,4,gradient,c0.3.5", "0,occlusion,c3.5,s2,b0.5", "2,grad_cam,s1", "2,1,c23"])
  test(`the link ${text} is read and written back`, () => {
    assert.match(text, PATTERN);
    assert.equal(formatReason(parseReason(text)), text);
  });

for (const text of ["", "a", "7-1-2", "3,4,5", "3,guess", "3,c", "3,c1.2.3.4", "3,s", "3,b9999"])
  test(`the link ${text || "of nothing"} says nothing that can be asked`, () => assert.doesNotMatch(text, PATTERN));

for (const [text, there] of /** @type {[string, boolean][]} */ ([
  ["2", true],
  ["3", false],
  ["2-2", false],
  ["2-0,2", true],
  ["2,3", false],
  ["0,c0.3.4", true],
  ["0,c0.4.4", false],
  ["0,c3.4", false],
  ["0,0,gradient,c1.2.3", true],
  ["0,1,c23", true],
  ["0,1,c24", false],
  ["0,0,occlusion,c3.4", true],
]))
  test(`${text} is ${there ? "" : "not "}there`, () => assert.equal(isIn(MODEL, parseReason(text)), there));

test("a layer is sent where the method has one, and a baseline with occlusion alone", () => {
  const settings = parseReason("1-0,1,b0.5");
  assert.deepEqual(bodyOf(MODEL, settings), { method: "contribution", class: [1, 0], layer: 1 });
  assert.deepEqual(bodyOf(MODEL, { ...settings, method: "grad_cam" }), { method: "grad_cam", class: [1, 0] });
  assert.deepEqual(bodyOf(MODEL, { ...settings, layer: 0, method: "grad_cam" }), { method: "grad_cam", class: [1, 0], layer: 0 });
  assert.deepEqual(bodyOf(MODEL, { ...settings, method: "occlusion" }), { method: "occlusion", class: [1, 0], baseline: 0.5 });
});

for (const shape of [[2, 3, 4], [3, 4], [60]])
  test(`each cell of ${shape.join(" × ")} is found again by its number and by its place`, () => {
    const count = shape.reduce((all, size) => all * size, 1);
    for (let index = 0; index < count; index += 1) {
      const cell = nthCell(shape, index);
      assert.equal(indexOf(shape, cell), index);
      const { plane, row, col } = positionIn(shape, cell);
      assert.deepEqual(cellIn(shape, plane, row, col), cell);
    }
  });

for (const [given, then] of [
  ["3", "5"],
  ["3-5,4,gradient", "5,4,gradient"],
  ["3-1,c9.14", "5-1,c9.14"],
  ["1-3", "1-3"],
])
  test(`why ${given}, of an answer of 3, is why ${then} where the next picture's answer is 5`, () => {
    assert.equal(formatReason(followed(parseReason(given ?? ""), 3, 5)), then);
  });
