// When what to try in the explorer counts as done.

import assert from "node:assert/strict";
import { test } from "node:test";

const { tasks } = await import("../../static/js/lesson/tasks/explorer.js");
const wrong = tasks.find(({ name }) => name === "wrong");

/** @param {number | null} best */
const seen = (best) => ({ trace: { best, truth: "cat", model: { classes: ["cat", "dog"] }, chosen: { moved: [0, 0], without: [] } }, step: { index: 0 } });

for (const [best, met] of [[1, true], [0, false], [null, false]])
  test(`a picture of a cat is got wrong by the answer ${best}: ${met}`, () => assert.equal(wrong?.met(seen(best)), met));

/** An answer of a network to a picture of a cat: right where `best` is 0. @param {Record<string, any>} own @param {number} [index] how close one is */
const look = ({ id = "digits", layers = /** @type {any[]} */ ([]), moved = [0, 0], without = [], off = [], changes = [], best = 1, ...own }, index = 0) =>
  /** @type {any} */ ({ trace: { best, truth: "cat", model: { id, layers, classes: ["cat", "dog"] }, chosen: { moved, without, off, changes }, ...own }, step: { index } });
const AVERAGED = [{ layer: "global_avg_pool2d" }];
const TURNED = { compared: { best: 0 } }; // the network itself is right, and it is bent

for (const [name, met, not] of /** @type {[string, any[], any[]][]} */ ([
  ["wrong", [look({})], [look({ best: 0 }), look(TURNED), look({ moved: [1, 0] }), look({ without: ["centre"] })]],
  ["upright", [look({ without: ["deskew"] })], [look({ without: ["centre"] }), look({ without: ["deskew"], best: 0 }), look({ id: "clothes", without: ["deskew"] })]],
  ["moved", [look({ moved: [0, 2] })], [look({}), look({ moved: [0, 2], best: 0 }), look({ moved: [0, 2], ...TURNED }), look({ id: "clothes", moved: [0, 2] })]],
  ["keeps", [look({ best: 0, moved: [0, -4], layers: AVERAGED })], [look({ best: 0, moved: [3, 3], layers: AVERAGED }), look({ best: 0, moved: [4, 4] }), look({ moved: [4, 4], layers: AVERAGED })]],
  ["pixels", [look({}, 2)], [look({}, 1), look({}, 3)]],
  ["bent", [look({ ...TURNED, changes: ["one"] })], [look({ compared: { best: 1 } }), look({}), look({ ...TURNED, off: ["one"] })]],
  ["one-map", [look({ ...TURNED, off: ["one"] })], [look({ ...TURNED, off: ["one", "two"] }), look({ ...TURNED, off: ["one"], changes: ["one"] }), look({ compared: { best: 1 }, off: ["one"] })]],
]))
  test(`the task ${name} is met by what shows it, and by nothing that comes near`, () => {
    const task = /** @type {any} */ (tasks.find((one) => one.name === name));
    assert.deepEqual([met.map(task.met), not.map(task.met)], [met.map(() => true), not.map(() => false)]);
  });
