// Timelines: steps a page at a time, each page fetched once, and two traces on one clock.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { openTimeline, PairTimeline, TraceTimeline } from "../../static/js/timeline.js";

globalThis.document = /** @type {any} */ ({ documentElement: { lang: "en" }, querySelectorAll: () => [] }); // the language of the page is that of its requests
const STAY = new AbortController().signal;
/** @type {{ path: string, body: any }[]} */
let sent = [];
let broken = false;

/** A server whose traces have as many steps as their body says; step i has the output 10 i. */
globalThis.fetch = async (path, init) => {
  const body = JSON.parse(String(init?.body));
  sent.push({ path: String(path), body });
  if (broken) throw new TypeError("no network");
  const { total = 10, stride = 1, limits = {} } = body;
  const { start, count } = body.steps;
  if (start >= total) return new Response(JSON.stringify({ errors: [{ field: "steps", message: "too late" }] }), { status: 422 });
  const output = Array.from({ length: Math.min(count, total - start) }, (_, index) => 10 * (start + index));
  const steps = { start, count: output.length, total, output };
  const sizes = { input: { shape: [3, 3], values: [] }, output: { shape: [total], values: [] } };
  return new Response(JSON.stringify({ op: "conv2d", params: { stride }, geometry: { height: stride }, limits, tensors: sizes, steps }));
};

beforeEach(() => {
  sent = [];
  broken = false;
});

/** @param {Record<string, unknown>} body @param {number} [page] @param {string} [name] */
const request = (body, page = 4, name = "") => ({ operation: "conv2d", body, page, name });

/** @param {any} step */
const shown = ({ index, output, one, two }) => (one ? [index, one.output, two.output] : [index, output]);

test("it opens with the page of steps that holds the one wanted, and only that", async () => {
  const trace = await TraceTimeline.open(request({ total: 10 }), 5, STAY);
  assert.deepEqual(sent, [{ path: "/api/trace/conv2d", body: { total: 10, parts: ["card", "links", "messages"], steps: { start: 4, count: 4 } } }]);
  assert.equal(trace.total, 10);
  assert.deepEqual([3, 4, 7, 8].map((index) => trace.has(index)), [false, true, true, false]);
  assert.deepEqual(shown(trace.at(6)), [6, 60]);
  assert.equal(trace.at(3), undefined);
});

test("a page of steps is fetched once, without tensors, and none beyond the ends", async () => {
  const trace = await TraceTimeline.open(request({ total: 10 }), 0, STAY);
  await Promise.all([trace.load(9), trace.load(8), trace.load(-1), trace.load(10), trace.load(2)]);
  assert.deepEqual(sent.slice(1).map(({ body }) => body), [{ total: 10, tensors: [], steps: { start: 8, count: 4 } }]);
  assert.deepEqual(shown(trace.at(9)), [9, 90]);
});

test("what could not be fetched is asked for again", async () => {
  const trace = await TraceTimeline.open(request({}), 0, STAY);
  broken = true;
  await assert.rejects(trace.load(4), { status: 0 });
  broken = false;
  await trace.load(4);
  assert.deepEqual(shown(trace.at(4)), [4, 40]);
});

test("of the steps to come no more than a page is worth fetching", async () => {
  assert.equal((await TraceTimeline.open(request({}, 4), 0, STAY)).ahead, 4);
  assert.equal((await TraceTimeline.open({ operation: "conv2d", body: {} }, 0, STAY)).ahead, 48);
});

test("a trace that ends before the step opens at its first", async () => {
  const trace = await openTimeline(request({ total: 3 }), undefined, 9, STAY);
  assert.deepEqual(sent.map(({ body }) => body.steps.start), [8, 0]);
  assert.deepEqual(shown(trace.at(0)), [0, 0]);
});

test("a request that is given up is not asked again", async () => {
  const gone = new AbortController();
  globalThis.fetch = ((fetch) => async (path, init) => (init?.signal?.throwIfAborted(), fetch(path, init)))(globalThis.fetch);
  gone.abort();
  await assert.rejects(openTimeline(request({}), undefined, 9, gone.signal), { name: "AbortError" });
  assert.deepEqual(sent, []);
});

test("two traces go by one clock, and the shorter one waits at its end", async () => {
  const pair = await openTimeline(request({ total: 3 }), request({ total: 10 }), 0, STAY);
  assert.equal(pair.total, 10);
  assert.deepEqual([2, 3].map((index) => shown(pair.at(index))), [[2, 20, 20], [3, 20, 30]]);
  assert.equal(pair.has(4), false);
  assert.equal(pair.at(4), undefined);
  await pair.load(4);
  assert.deepEqual(shown(pair.at(5)), [5, 20, 50]);
});

test("a pair opens at a step that only one of the two has", async () => {
  const pair = await openTimeline(request({ total: 3 }), request({ total: 10 }), 9, STAY);
  assert.deepEqual(shown(pair.at(9)), [9, 20, 90]);
});

test("its sizes are said once where both are alike, and by name where they are not", async () => {
  const [one, two, other] = [{ stride: 1 }, { stride: 1 }, { stride: 2 }].map((body) => request(body));
  const alike = await openTimeline(/** @type {any} */ (one), two, 0, STAY);
  assert.deepEqual(alike.sizes, [{ name: "", geometry: { height: 1 } }]);
  const apart = await openTimeline({ .../** @type {any} */ (one), name: "One" }, { .../** @type {any} */ (other), name: "Other" }, 0, STAY);
  assert.deepEqual(apart.sizes, [{ name: "One", geometry: { height: 1 } }, { name: "Other", geometry: { height: 2 } }]);
  assert.notEqual(alike.shape, apart.shape);
});

test("what can be set is what both can compute, and beside it what the second can by itself", async () => {
  const axes = (/** @type {[number, number]} */ height, /** @type {[number, number]} */ width) => ({ height, width });
  const first = { kernel_size: axes([1, 5], [1, 3]), stride: axes([1, 9], [1, 9]), padding_mode: ["zeros", "reflect"] };
  const second = { kernel_size: axes([2, 4], [1, 7]), stride: axes([1, 2], [1, 2]), padding_mode: ["zeros"] };
  const pair = await openTimeline(request({ limits: first }), request({ limits: second }), 0, STAY);
  assert.ok(pair instanceof PairTimeline);
  assert.deepEqual(pair.limits, {
    kernel_size: axes([2, 4], [1, 3]),
    "b.kernel_size": second.kernel_size,
    stride: first.stride,
    "b.stride": second.stride,
    padding_mode: ["zeros"],
    "b.padding_mode": ["zeros"],
  });
});
