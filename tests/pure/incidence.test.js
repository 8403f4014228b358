// Links looked up: one index, runs, runs with gaps, lists, the cell's own index, and no entry at all.

import assert from "node:assert/strict";
import { test } from "node:test";

import { linksOf } from "../../static/js/incidence.js";

/** @param {import("../../static/js/types").Rule[]} rules @param {number[]} index */
const found = (rules, index) => linksOf({ links: { one: { other: rules } } }, { tensor: "one", index })[0]?.cells ?? [];

/** @type {[string, import("../../static/js/types").Rule, number[], number[]][]} */
const RULES = [
  ["the cell's own index", { by: [1] }, [4, 7], [7]],
  ["all of an axis", { at: [0, 3] }, [4], [0, 1, 2]],
  ["one index each", { by: [0], at: [5, 6] }, [1], [6]],
  ["none below 0", { by: [0], at: [5, -1] }, [1], []],
  ["a run each", { by: [0], at: [[0, 2], [1, 2]] }, [1], [1, 2]],
  ["a run with gaps", { by: [0], at: [[0, 2], [1, 3]], step: 2 }, [1], [1, 3, 5]],
  ["an empty run", { by: [0], at: [[0, 0], [1, 3]] }, [0], []],
  ["by two axes", { by: [0, 1], at: [[1, 2], [3, 4]] }, [1, 0], [3]],
  ["lists", { by: [0], lists: [[], [0, 3, 4]] }, [1], [0, 3, 4]],
  ["beyond the table", { by: [0], at: [[0, 2]] }, [3], []],
];

for (const [name, rule, index, expected] of RULES)
  test(name, () => assert.deepEqual(found([rule], index), expected.map((one) => [one])));

test("axes are crossed, and one without any has no cells", () => {
  assert.deepEqual(found([{ at: [0, 2] }, { by: [0] }], [5]), [[0, 5], [1, 5]]);
  assert.deepEqual(found([{ at: [0, 2] }, { at: [0, 0] }], [5]), []);
});

test("what came without links has none", () => {
  assert.deepEqual(linksOf({}, { tensor: "one", index: [0] }), []);
});
