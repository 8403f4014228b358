// Numbers read the same in the browser and in the engine, which is tested by the same file of cases.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { cellText, digits, factor, factorAfter, grouped, number, operand, percent, related, share, size, superscript, unbroken, withCounts, withCellNumbers } from "../../static/js/format.js";

const CASES = JSON.parse(readFileSync(new URL("../number_wording.json", import.meta.url), "utf-8"));

for (const [value, text] of CASES) test(`${value} is ${text}`, () => assert.equal(number(value), text));

const FORMULAS = JSON.parse(readFileSync(new URL("../formula_wording.json", import.meta.url), "utf-8"));

for (const [text, bound] of FORMULAS)
  test(`${text} is bound`, () => assert.equal(unbroken(text).replaceAll("\u00a0", "~"), bound));

test("a number stays with what it is the place of", () => {
  assert.equal(withCellNumbers("Stride 1: rows 1–12. Kept: 2 at row 1, column 12."), "Stride 1: rows 1–12. Kept: 2 at row\u00a01, column\u00a012.");
});

test("a number stays with what it counts", () => {
  assert.equal(withCounts("place 1 · 56 parameters · 1,864 multiplications"), "place 1\u00a0· 56\u00a0parameters\u00a0· 1,864\u00a0multiplications");
});

test("what is not there is none", () => {
  for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY]) assert.equal(number(value), "none");
});

// a number, its text in a cell of five characters, and whether it is rounded
const IN_A_CELL = [
  [0, "0", false],
  [-0, "0", false],
  [-7, "−7", false],
  [12345, "12345", false],
  [0.125, "0.125", false],
  [1 / 3, "0.333", true],
  [-1 / 3, "−0.33", true],
  [123.456, "123.5", true],
  [0.00001, "1e−5", true],
  [-0.00001, "−10⁻⁵", true],
  [-0.0013, "−10⁻³", true],
  [0.0013, "0.001", true],
  [1e-150, ">0", true],
  [-1e-150, "<0", true],
  [0.99996, ">0.99", true],
  [-0.99996, "<−0.9", true],
  [1.00004, ">1", true],
  [-1.00004, "<−1", true],
  [1234567, "1e6", true],
];

for (const [value, text, rounded] of IN_A_CELL)
  test(`${value} fits a cell as ${text}`, () => assert.deepEqual(cellText(value, 5), { text, rounded }));

// in a wide cell of six in smaller type: only what would else be a power of ten takes that
const IN_A_WIDE_CELL = [
  [-0.0028, "−0.003"],
  [-0.0063, "−0.006"],
  [-0.0395, "−0.04"],
  [-1 / 3, "−0.33"],
  [-12345.6, "−1e4"],
  [-0.0004, "−10⁻³"],
];

for (const [value, text] of IN_A_WIDE_CELL)
  test(`${value} fits a wide cell as ${text}`, () => assert.equal(cellText(value, 5, 6).text, text));

// the same in a cell of four: what has the room for its power of ten is not only more or less than 0
const IN_A_SMALL_CELL = [
  [0.00001, "10⁻⁵"],
  [0.0013, "10⁻³"],
  [0.0004, "10⁻³"],
  [-0.00001, "<0"],
  [0.04, "0.04"],
  [0.012, "0.01"],
];

for (const [value, text] of IN_A_SMALL_CELL)
  test(`${value} fits a small cell as ${text}`, () => assert.equal(cellText(value, 4).text, text));

test("nothing says 0 or 1 of what is neither", () => {
  const signs = [1, -1];
  const small = Array.from({ length: 300 }, (_, index) => 10 ** (index - 300)); // every power of ten that a float holds
  const beside = small.slice(-15, -3).flatMap((distance) => [1 + distance, 1 - distance]);
  for (const value of [...small, ...beside].flatMap((size) => signs.map((sign) => sign * size)))
    for (const room of [4, 5]) {
      const cell = cellText(value, room).text;
      assert.ok(cell.length <= room, `${value} is ${cell}`);
      for (const text of [cell, digits(value).text, number(value)]) assert.doesNotMatch(text, /^≈?−?[01]$/, `${value}`);
    }
});

// a number in an equation, to how many digits, and whether it is exact
const IN_AN_EQUATION = [
  [0, 3, "0", true],
  [-2.5, 3, "−2.5", true],
  [1234, 3, "1234", true],
  [12345, 3, "12300", false],
  [1 / 3, 3, "0.333", false],
  [1 / 3, 5, "0.33333", false],
  [0.0001, 3, "10⁻⁴", true],
  [-0.00023456, 3, "−2.35·10⁻⁴", false],
  [2e6, 3, "2·10⁶", true],
  [0.99999, 3, "0.99999", false],
  [null, 3, "none", false],
  [Number.NaN, 3, "none", false],
];

for (const [value, most, text, exact] of IN_AN_EQUATION)
  test(`${value} to ${most} digits is ${text}`, () => assert.deepEqual(digits(value, most), { text, exact }));

const WORDS = [
  [factor(-0.006962134), "≈−0.0069621"],
  [factor(2.5), "2.5"],
  [factor(1234.56789), "≈1234.568"],
  [factor(-0.00000123456), "≈−1.2346 × 10⁻⁶"],
  [factor(0.999999999), "≈0.999999999"],
  [factorAfter(-1 / 3), "(≈−0.33333)"],
  [factorAfter(null), "none"],
  [operand(-3), "(−3)"],
  [operand(3), "3"],
  [operand(-1e-7), "(−1 × 10⁻⁷)"],
  [operand(null), "none"],
  [grouped(0), "0"],
  [grouped(999), "999"],
  [grouped(1000), "1,000"],
  [grouped(1234567), "1,234,567"],
  [superscript("-12"), "⁻¹²"],
  [superscript("+7"), "⁷"],
  [size([2, 3, 4]), "2\u00a0×\u00a03\u00a0×\u00a04"],
  [related("1 ÷ 3 = ≈0.333, and 2 + 2 = 4"), "1 ÷ 3 ≈ 0.333, and 2 + 2 = 4"],
  [related("≈0.333 × 3 =\u00a0≈−1"), "≈0.333 × 3 ≈\u00a0−1"],
];

for (const [actual, text] of WORDS) test(`“${text}”`, () => assert.equal(actual, text));

test("a share in per cent is all or nothing only where it is", () => {
  const shares = [0, 1, 0.9999, 0.9994, 0.0004, 0.0006, 0.5, null];
  const texts = shares.map(percent).map((text) => text.replace("\u202f%", ""));
  assert.deepEqual(texts, ["0", "100", ">\u00a099.9", "99.9", "<\u00a00.1", "0.1", "50", "–"]);
});

for (const [value, text] of /** @type {[number | null, string][]} */ ([[1, "100"], [0.525, "52.5"], [0.475, "47.5"], [1 - 0.525, "47.5"], [0.295, "29.5"], [2 / 3, "≈66.7"], [-0.05, "−5"], [0, "0"], [null, "–"]]))
  test(`a share of ${value} is ${text} beside others, so that what is printed adds up or says that it is rounded`, () =>
    assert.equal(share(value).replace("\u202f%", ""), text));
