// Steps that are needed now: who hears of them, and when they are asked for again.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { ApiError } from "../../static/js/api.js";
import { Fetching } from "../../static/js/fetching.js";

const ASKS_AGAIN = "The server does not answer. What you set is kept, and is shown as soon as it does.";
const SILENT = new ApiError("The server does not answer.", 0);
let now = 0;
performance.now = () => now;

/** A trace whose first step alone is here. */
const traceOf = (/** @type {() => Promise<void>} */ load) => /** @type {any} */ ({ has: (/** @type {number} */ index) => index === 0, load });
let trace = traceOf(async () => {});
let log = /** @type {string[]} */ ([]);
const fetching = () =>
  new Fetching({ trace: () => trace, arrived: () => log.push("arrived"), complain: (sentence) => log.push(sentence), answered: () => log.push("answered") });
let later = /** @type {(() => void)[]} */ ([]);
Object.assign(globalThis, { setTimeout: (/** @type {() => void} */ run) => later.push(run), clearTimeout: (/** @type {number} */ timer) => later.splice(timer - 1, 1) });
beforeEach(() => {
  later = [];
  now = 10_000;
  log = [];
});

test("a step that comes is shown, and why one does not come is said", async () => {
  trace = traceOf(async () => {});
  await fetching().fetch(5);
  trace = traceOf(() => Promise.reject(SILENT));
  await fetching().fetch(5);
  trace = traceOf(() => Promise.reject(new ApiError("the photo is gone", 404)));
  await fetching().fetch(5);
  assert.deepEqual(log, ["arrived", ASKS_AGAIN, "the photo is gone"]);
});

test("a server that did not answer is asked again for what is needed then, and that is said once", async () => {
  const steps = fetching();
  trace = traceOf(() => Promise.reject(SILENT));
  await steps.fetch(5);
  await steps.fetch(6);
  assert.equal(later.length, 1);
  later.pop()?.();
  assert.deepEqual(log, [ASKS_AGAIN, "arrived"]); // the page draws the present step, and so fetches it
  trace.load = async () => {};
  await steps.fetch(6);
  await steps.fetch(7);
  assert.deepEqual(log, [ASKS_AGAIN, "arrived", "answered", "arrived", "arrived"]);
});

for (const load of [async () => {}, () => Promise.reject(SILENT)])
  test(`nothing is heard of a trace that is gone: ${load}`, async () => {
    trace = traceOf(load);
    const fetched = fetching().fetch(5);
    trace = traceOf(load);
    await fetched;
    assert.deepEqual(log, []);
  });

test("a fault of ours is no sentence", async () => {
  trace = traceOf(() => Promise.reject(new TypeError("ours")));
  await assert.rejects(fetching().fetch(5), TypeError);
  assert.deepEqual(log, []);
});

test("a player that waits asks again, and not at every frame", async () => {
  let loads = 0;
  trace = traceOf(() => ((loads += 1), Promise.reject(SILENT)));
  const steps = fetching();
  assert.equal(steps.ready(0), true);
  for (let frame = 0; frame < 300; frame += 1) {
    assert.equal(steps.ready(5), false);
    now += 10;
    await null;
  }
  assert.equal(loads, 2);
  assert.deepEqual(log, [ASKS_AGAIN]);
});
