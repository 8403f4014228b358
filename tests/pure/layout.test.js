// How panels are put on lines, and how large their cells are.

import assert from "node:assert/strict";
import { test } from "node:test";

import { layOut, operatorOf } from "../../static/js/draw/layout.js";

const SCREEN = { width: 1060, height: 900, narrow: false };
const PHONE = { width: 358, height: 844, narrow: true };
const CARD = 150; // the height of the arithmetic
const DENSE_CARD = 100;

/** @param {string} id @param {number} rows @param {number} cols @param {{ count?: number, wrap?: boolean }} [more] */
function panel(id, rows, cols, { count = 1, wrap = false } = {}) {
  return { id, title: id, note: "", grids: Array.from({ length: count }, () => ({ rows, cols, wrap })) };
}

/** @param {any[]} panels @param {string[]} [operators] @param {object} [more] @returns {any} */
const frame = (panels, operators = panels.slice(1).map(() => "→"), more = {}) => ({
  panels: panels.map((one, index) => ({ ...one, sign: operators[index - 1] ?? "" })),
  card: { blocks: [], lines: [] },
  ...more,
});

/** @param {number} side of the input @param {number} kernel */
const convolution = (side, kernel) =>
  frame([panel("input", side, side), panel("kernel", kernel, kernel), panel("output", side - kernel + 1, side - kernel + 1)]);

const VECTOR = frame([panel("input", 6, 6, { count: 3 }), panel("vector", 1, 108, { wrap: true })]);
const MANY = frame([panel("input", 16, 16, { count: 6 }), panel("kernel", 3, 3, { count: 6 }), panel("output", 14, 14, { count: 2 })]);
const CHOSEN = frame([panel("a", 5, 5), panel("k", 3, 3), panel("b", 5, 5), panel("c", 3, 3)], ["×", "", "="], {
  lines: { wide: [["a", "b"], ["k", "c"]], narrow: [["a"], ["k"], ["b", "c"]] },
});
const WITH_FIGURE = frame([panel("input", 12, 12), panel("output", 12, 12)], ["→"], { figure: {} });

/** Between cells; the smallest touch. @param {number} size */
const gap = (size) => (size < 5 ? 0 : size < 14 ? 1 : 2);

/** @param {any} frame @param {any} room */
const laidOut = (frame, room) => layOut(frame, room, (dense) => (dense ? DENSE_CARD : CARD));

/** The lines as text: panels and the sizes of their cells. @param {any} layout */
const written = ({ lines, sizes }) =>
  lines.map((/** @type {any[]} */ line) => line.map(({ id }) => `${id} ${sizes.get(id)}`).join(", ")).join(" | ");

// Two pixels stand between cells, 56 between panels on a wide screen and 32 on a phone.
const WORKED = [
  ["few cells are as large as any", convolution(3, 2), SCREEN, "input 84, kernel 84, output 84"],
  // 3 (s + 2) - 2 + 2 (2 (s + 2) - 2) <= 358 - 64: s <= 40.9
  ["on a phone they share the width", convolution(3, 2), PHONE, "input 40, kernel 40, output 40"],
  // 390 pixels of height: 390 / 5 - 2 = 76
  ["the height is shared by the rows", convolution(5, 3), SCREEN, "input 76, kernel 76, output 76"],
  // 844 - 330 - 52 between the lines = 462: 5/8 of it for 5 rows: 55.75; below 6 (s + 2) - 4 <= 326: s = 53
  ["on a phone a line more is worth it", convolution(5, 3), PHONE, "input 55 | kernel 53, output 53"],
  // 390 / 16 - 2 = 22.4
  ["a small grid beside large ones stays readable", convolution(16, 3), SCREEN, "input 22, kernel 30, output 22"],
  // 390 / 32 - 2 = 10.2
  ["however small these are", convolution(32, 7), SCREEN, "input 10, kernel 30, output 10"],
  // 16 (s + 2) - 2 <= 358: s <= 20.5; 14 (s + 2) - 2 <= 358: s <= 23.7
  ["on a phone each has the whole width", convolution(16, 3), PHONE, "input 20 | kernel 30 | output 23"],
  ["the lines that a frame names", CHOSEN, PHONE, "a 28 | k 28 | b 28, c 28"],
];

for (const [name, drawn, room, expected] of WORKED)
  test(name, () => assert.equal(written(laidOut(drawn, room)), expected));

const FRAMES = { VECTOR, MANY, CHOSEN, WITH_FIGURE };
for (const side of [3, 4, 7, 9, 12, 20, 32])
  for (const kernel of [1, 2, 3, 7]) if (kernel <= side) FRAMES[`${side} by ${kernel}`] = convolution(side, kernel);

const ROOMS = [SCREEN, PHONE, { width: 700, height: 768, narrow: false }, { width: 288, height: 568, narrow: true }];

for (const room of ROOMS)
  test(`in ${room.width} pixels every panel has a line, and cells that can be seen`, () => {
    for (const [name, drawn] of Object.entries(FRAMES)) {
      const { lines, sizes } = laidOut(drawn, room);
      const ids = lines.flat().map(({ id }) => id);
      assert.deepEqual(ids.sort(), drawn.panels.map((/** @type {any} */ { id }) => id).sort(), name);
      for (const id of ids) assert.ok(sizes.get(id) >= 4 && sizes.get(id) <= 84, `${name}: ${id} ${sizes.get(id)}`);
    }
  });

for (const room of ROOMS)
  test(`in ${room.width} pixels lines of single grids are not wider than the room`, () => {
    for (const [name, drawn] of Object.entries(FRAMES)) {
      const { lines, sizes } = laidOut(drawn, room);
      for (const line of lines.filter((line) => line.every(({ grids }) => grids.length === 1 && !grids[0]?.wrap))) {
        const widths = line.map(({ id, grids: [{ cols }] }) => cols * (sizes.get(id) + gap(sizes.get(id))) - 2);
        const spaces = (line.length - 1) * (room.narrow ? 20 : 24); // at least
        assert.ok(widths.reduce((one, other) => one + other, spaces) <= room.width, `${name}: ${written({ lines, sizes })}`);
      }
    }
  });

test("the same room gives the same layout, and more of it no smaller cells", () => {
  for (const [name, drawn] of Object.entries(FRAMES)) {
    assert.equal(written(laidOut(drawn, SCREEN)), written(laidOut(drawn, SCREEN)), name);
    const least = (/** @type {any} */ room) => Math.min(...laidOut(drawn, room).sizes.values());
    assert.ok(least({ ...SCREEN, height: 1200 }) >= least(SCREEN), name);
  }
});

test("where the arithmetic leaves too little height it is drawn densely", () => {
  const usual = layOut(convolution(9, 3), SCREEN, (dense) => (dense ? 60 : 100));
  assert.ok(!usual.dense);
  const tall = layOut(convolution(9, 3), SCREEN, (dense) => (dense ? 60 : 500));
  assert.equal(tall.dense, true);
});

test("a vector that wraps has a line of its own", () => {
  for (const room of ROOMS) {
    const { lines } = laidOut(VECTOR, room);
    assert.deepEqual(lines.map((line) => line.map(({ id }) => id)), [["input"], ["vector"]]);
  }
});

test("an operator stands between panels that follow each other, and nowhere else", () => {
  const { panels } = CHOSEN;
  const [a, k, b, c] = panels;
  const found = [
    operatorOf(CHOSEN, a, [a, k]),
    operatorOf(CHOSEN, k, [a, k]),
    operatorOf(CHOSEN, b, [a, b]),
    operatorOf(CHOSEN, b, [k, b]),
    operatorOf(CHOSEN, c, [b, c]),
    operatorOf(CHOSEN, c, [c]),
  ];
  assert.deepEqual(found, ["", "×", "", "", "=", ""]);
});
