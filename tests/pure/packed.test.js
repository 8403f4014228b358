import assert from "node:assert/strict";
import { test } from "node:test";

import { inDigits, unpacked } from "../../static/js/packed.js";

/** Little-endian float32 in base64. */
const packed = (...numbers) => {
  const bytes = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, at) => bytes.writeFloatLE(number, 4 * at));
  return bytes.toString("base64");
};

test("maps are planes of rows", () => {
  assert.deepEqual(unpacked(packed(1, 2, 3, 4, 5, 6, 7, -8, 9, 10, 11, 12), [2, 2, 3]), [
    [[1, 2, 3], [4, 5, 6]],
    [[7, -8, 9], [10, 11, 12]],
  ]);
});

test("a line is one row", () => assert.deepEqual(unpacked(packed(0, 0.5, -2), [3]), [[[0, 0.5, -2]]]));

test("what is not finite is none", () => assert.deepEqual(unpacked(packed(NaN, Infinity, -Infinity), [3]), [[[null, null, null]]]));

test("a number is written in the digits that single precision has", () => {
  const [[row = []] = []] = unpacked(packed(0.1, 1 / 3, 12345678, -1e-20), [4]);
  assert.equal(row[0] === 0.1, false);
  assert.deepEqual(row.map(inDigits), [0.1, 0.3333333, 12345678, -1e-20]);
  assert.equal(inDigits(null), null);
});
