// Bars with their shares: what stands over and under them has the room.

import assert from "node:assert/strict";
import { test } from "node:test";

import { figureOf } from "../../static/js/draw/figure.js";

const VALUES = [0.46912, 0.17258, 0.00316, 0.10468, 0.17258, 0.07755];
const LABELS = VALUES.map((_, index) => `class ${index + 1}`);
/** @type {import("../../static/js/types").CurveFigure} */
const LOSS = { kind: "curve", xs: [0.01, 0.5, 1], ys: [13.2, 0.7, 0], at: [0.5, 0.7] };
/** @param {number} count @returns {import("../../static/js/types").BarsFigure} */
const bars = (count) => ({ kind: "bars", labels: LABELS.slice(0, count), values: VALUES.slice(0, count), filled: count, truth: 0 });

/** The texts of a figure. @param {import("../../static/js/picture/shapes.js").Shape} figure */
const textsOf = (figure) => {
  /** @type {{ text: string, x: number, y: number, anchor: unknown }[]} */
  const found = [];
  const look = (/** @type {any} */ node, /** @type {number} */ dx) => {
    if (typeof node === "string") return;
    const moved = dx + Number(/translate\(([\d.]+)/.exec(node.attributes?.transform ?? "")?.[1] ?? 0);
    const { x, y, "text-anchor": anchor } = node.attributes ?? {};
    if (node.name === "text") found.push({ text: node.children.join(""), x: x + moved, y, anchor });
    else for (const child of node.children ?? []) look(child, moved);
  };
  look(figure, 0);
  return found;
};

for (const count of [2, 4, 6])
  for (const width of [280, 346, 500, 662, 1100])
    for (const type of [13, 18, 22])
      test(`texts of ${count} bars in ${width} pixels of type ${type} do not touch`, () => {
        for (const figure of [bars(count), { ...bars(count), loss: LOSS }]) {
          const texts = textsOf(figureOf(figure, { width, height: 300, type }));
          const ends = texts.map(({ text, x, y, anchor }) => {
            const wide = 0.6 * type * text.length;
            const left = anchor === "end" ? x - wide : x - wide / 2;
            return { text, y, left, right: left + wide };
          });
          assert.ok(ends.length >= count || "loss" in figure);
          for (const one of ends) {
            assert.ok(one.left > -1 - 0.1 * type * one.text.length, `${one.text} is cut off`);
            for (const other of ends)
              if (one !== other && one.y === other.y && one.left <= other.left) assert.ok(one.right <= other.left, `${one.text} touches ${other.text}`);
          }
        }
      });

for (const [first, where] of /** @type {const} */ ([[-9, "left"], [0, "right"]]))
  test(`the axes of a function from ${first} on are named, what comes out ${where} of its axis`, () => {
    const texts = textsOf(figureOf({ kind: "curve", xs: [first, 9], ys: [0, 9], at: [1, 1] }, { width: 320, height: 200 }));
    const [before, after] = ["before", "after"].map((name) => texts.find(({ text }) => text === name));
    assert.equal(before?.x, 160);
    assert.equal(after?.anchor, where === "left" ? "end" : "start");
    assert.ok((after?.x ?? 0) > (where === "left" ? 0.6 * 13 * "after".length : 0));
  });

test("the ends of a function that almost reaches 1 are told short, each where it is not", () => {
  const texts = textsOf(figureOf({ kind: "curve", xs: [-9, 0, 9], ys: [-0.99999997, 0, 0.99999997], at: [0, 0] }, { width: 320, height: 200 }));
  assert.equal(texts.find(({ text }) => text === "≈1")?.anchor, "end");
  assert.equal(texts.find(({ text }) => text === "≈−1")?.anchor, "start");
});
