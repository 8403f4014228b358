// How a race of optimizers is asked for: its links, and the schedule and runners that are requested.

import assert from "node:assert/strict";
import { test } from "node:test";

import { carry } from "./carry.mjs";

const options = (...names) => names.map((name) => ({ name }));
carry({
  runners: { sgd: "SGD", momentum: "Momentum", adam: "Adam" },
  optimizers: [{ name: "sgd", opens: {} }, { name: "momentum", opens: { momentum: 0.9 } }, { name: "adam", opens: {} }],
  schedules: [
    { name: "constant", called: "constant", parameters: [] },
    { name: "step", called: "steps", parameters: options("step_size", "gamma") },
    { name: "exponential", called: "exponential", parameters: options("gamma") },
    { name: "cosine", called: "cosine", parameters: options("T_max", "eta_min") },
    { name: "warm_up", called: "warm-up", parameters: options("start_factor", "total_iters") },
    { name: "reduce_on_plateau", called: "on a plateau", parameters: options("patience") },
  ],
});
Object.assign(globalThis, { matchMedia: () => ({ addEventListener: () => {} }) });
const { optimizers } = await import("../../static/js/operations/optimizers.js");
const { formatState, parseState } = await import("../../static/js/state.js");

/** @param {string} link */
const opened = (link) => parseState(optimizers.fields, link);
/** @param {string} link */
const requested = (link) => optimizers.request(opened(link).state).body;

for (const [link, schedule] of [
  ["", "constant"],
  ["schedule=step&step_size=9&gamma=0.5", { name: "step", step_size: 9, gamma: 0.5 }],
  ["schedule=exponential&decay=0.9&gamma=0.5", { name: "exponential", gamma: 0.9 }],
  ["schedule=cosine&updates=50", { name: "cosine", T_max: 50 }],
  ["schedule=warm_up&warm=7", { name: "warm_up", start_factor: 0.01, total_iters: 7 }],
  ["schedule=reduce_on_plateau", "constant"], // a step has nothing to wait for
])
  test(`the schedule of the link “${link}” is ${JSON.stringify(schedule)}`, () => assert.deepEqual(requested(link).schedule, schedule));

for (const [link, runners] of [
  ["runners=sgd,adam", [{ name: "sgd" }, { name: "adam" }]],
  ["runners=sgd,adam&rates=sgd:0.3", [{ name: "sgd", learning_rate: 0.3 }, { name: "adam" }]],
  ["runners=sgd,adam&rates=sgd:0.3&rate=0.2", [{ name: "sgd" }, { name: "adam" }]], // one rate for all
  ["runners=sgd,momentum&momentum=0.5", [{ name: "sgd" }, { name: "momentum", momentum: 0.5 }]], // SGD has none
  ["runners=momentum&momentum=0.9", [{ name: "momentum" }]],
])
  test(`the runners of the link “${link}” are ${JSON.stringify(runners)}`, () => assert.deepEqual(requested(link).optimizers, runners));

test("a start and a rate for all are requested where they are given", () => {
  const { start, learning_rate } = requested("start=1,-0.5&rate=0.2");
  assert.deepEqual([start, learning_rate], [[1, -0.5], 0.2]);
  assert.deepEqual(["start", "learning_rate"].filter((name) => name in requested("")), []);
});

for (const link of ["start=1,-0.5", "runners=sgd,adam&rates=sgd:0.3,adam:2", "rate=0.2&schedule=cosine"])
  test(`the link “${link}” is written as it was read`, () => assert.equal(decodeURIComponent(formatState(optimizers.fields, opened(link).state, 0)), link));

for (const link of ["start=1", "start=1,2,3", "start=here,1", "rates=none:1", "rates=sgd:-1", "rate=0"])
  test(`the link “${link}” is told of, and the page opens as it does without`, () => {
    const { state, problems } = opened(link);
    assert.deepEqual([state, problems.length], [opened("").state, 1]);
  });
