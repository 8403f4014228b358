// The timeline of a network: which settings leave its steps as they are.

import assert from "node:assert/strict";
import { test } from "node:test";

import { NetworkTimeline } from "../../static/js/network-timeline.js";

const STEPS = { start: 0, count: 0, total: 6 };

/** The timeline of one layer and its update. @param {string} optimizer @param {number} count of the layer's steps */
const timeline = (optimizer, count) => {
  const entries = [
    { pass: "forward", layer: 0, op: "linear", start: 0, count, tensor: "0.output", title: "Layer", label: "Layer" },
    { pass: "update", layer: 0, op: optimizer, wrt: "weight", start: count, count: 6 - count, tensor: "0.weight", title: "Update", label: "Update" },
  ];
  return new NetworkTimeline({}, /** @type {any} */ ({ timeline: entries, steps: STEPS }));
};

test("another optimizer has the same steps, and another size has not", () => {
  assert.equal(timeline("sgd", 2).shape, timeline("adam", 2).shape);
  assert.notEqual(timeline("sgd", 2).shape, timeline("sgd", 3).shape);
});
