// When each task of a page counts as met, and what comes near it and does not: a row for each, in numbers worked by hand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PairTimeline } from "../../static/js/timeline.js";

/** A step of a trace, which has these tensors: values alone, or a shape alone. @param {any} trace @param {Record<string, any>} [step] @param {Record<string, any>} [tensors] */
const shown = ({ tensors = {}, ...trace }, step = { index: 0 }) => ({ trace: { params: {}, total: 9, ...trace, tensors }, step });
/** @param {unknown} values */
const of = (values) => ({ values });
/** @param {number[]} shape */
const sized = (...shape) => ({ shape });
/** @param {number[]} values @param {number[]} [input] */
const made = (values, input = [-1, 2]) => ({ tensors: { input: of(input), output: of(values) } });

const axis = (/** @type {number} */ kernel) => ({ kernel_size: kernel });
/** A convolution by channels in and out, its groups, kernel and parameters. */
const channels = (into = 3, out = 2, { groups = 1, kernel = 3, parameters = 56 } = {}) => shown({
  params: { groups },
  geometry: { height: axis(kernel), width: axis(kernel) },
  counts: { parameters },
  tensors: { input: sized(into, 6, 6), output: sized(out, 4, 4) },
});

/** Two dense layers by hidden sums and outputs; `bent` is whether an activation stands between. @param {number[]} sums @param {number[]} hidden @param {number[]} [answer] @param {boolean} [bent] @param {number} [parameters] */
const layers = (sums, hidden, answer = [1, 2], bent = true, parameters = 35) => shown({
  params: { bent },
  counts: { parameters },
  tensors: { "0.sum": of(sums), "0.output": of(hidden), "1.weight": of([[1]]), output: of(answer), ...(bent ? {} : { "one.weight": of([[1]]) }) },
});
/** @param {number[]} answer @param {number} [parameters] */
const layer = (answer, parameters = 15) => shown({ counts: { parameters }, tensors: { "0.output": of(answer), output: of(answer) } });
/** Averages of maps, and the largest cell of what a dense layer answers, before and after. @param {number[]} after @param {number} largest @param {string} [op] */
function pair(after, largest, op = "average_or_dense") {
  const timeline = (/** @type {number[]} */ averages, /** @type {number} */ cell) => /** @type {any} */ ({ op, params: {}, tensors: { averages: of(averages) }, largest: [cell], total: 1 });
  return { trace: new PairTimeline(timeline([0.5, 0.25], 0), timeline(after, largest), ["", ""]), step: { index: 0 } };
}

/** @param {string} activation @param {Record<string, any>} step @param {Record<string, any>} [params] @param {number[]} [loss] */
const deep = (activation, step, params = {}, loss = [2.3]) => shown({ params: { activation, layers: 12, initialisation: "he", ...params }, tensors: { loss: of(loss) } }, step);

/** A race of runners: the loss of each at the start and at the end. @param {string} landscape @param {Record<string, [number, number]>} runners @param {Record<string, any>} [more] */
const race = (landscape, runners, { rates = {}, event = {}, ...params } = /** @type {any} */ ({})) => shown(
  {
    params: { landscape, start: [1, 0], noise: 0, runners: Object.keys(runners).map((name) => ({ name, learning_rate: rates[name] ?? 0.1 })), ...params },
    tensors: { path: of([0, 1].map((end) => Object.values(runners).map((losses) => [0, 0, losses[end]]))) },
  },
  { index: 0, event: Object.keys(runners).map((name) => event[name] ?? "") },
);

/** @param {string} op @param {number} loss @param {Record<string, number[]>} [tensors] @param {Record<string, unknown>} [step] */
const loss = (op, loss, tensors = {}, step = {}) => shown({ op, tensors: { output: of(loss), ...Object.fromEntries(Object.entries(tensors).map(([name, values]) => [name, of(values)])) } }, { index: 0, ...step });

const CROSS = "cross_entropy";
const SURE = [2, 1, -1, 0.5]; // the scores that the page of losses opens with
const BINARY = "binary_cross_entropy_with_logits";

/** The rows of each page: the task, what shows it, and what comes near. @type {Record<string, [name: string, met: any[], not: any[]][]>} */
const CASES = {
  activation: [
    ["let-through", [shown({ op: "relu" }, { index: 1, window: 2, output: 2 })], [shown({ op: "relu" }, { index: 0, window: -1, output: 0 }), shown({ op: "tanh" }, { index: 1, window: 2, output: 2 })]],
    ["kept", [shown(made([-0.01, 2]))], [shown(made([0, 2])), shown(made([2, -0.01]))]],
    ["unchanged", [shown(made([1, 2], [1, 2]))], [shown(made([0, 2]))]],
    ["between", [shown(made([0.3, 0.9]))], [shown(made([0, 0.9])), shown(made([0.3, 1]))]],
  ],
  channels: [
    ["more", [channels(3, 4)], [channels(3, 3)]],
    ["apart", [channels(3, 3, { groups: 3 })], [channels(3, 3), channels(1, 1)]],
    ["mix", [channels(3, 2, { kernel: 1 })], [channels(3, 2), channels(3, 3, { kernel: 1, groups: 3 }), channels(1, 2, { kernel: 1 })]],
    ["few", [channels(3, 2, { parameters: 10 })], [channels(3, 2, { parameters: 11 }), channels(2, 2, { parameters: 10 })]],
  ],
  dense: [
    ["silent", [layers([-1, -2], [0, 0])], [layers([-1, 2], [0, 2]), layer([0, 0])]],
    ["alike", [layers([1], [1], [3, 3])], [layers([1], [1], [3, 2]), layer([3])]],
    ["ten", [layer([1], 10)], [layer([1], 11)]],
    ["collapse", [layers([1], [1], [1, 2], false)], [layers([1], [1])]],
    ["spared", [layers([1, 2], [1, 2])], [layers([1, -2], [1, 0]), layers([1, 2], [0.5, 1]), layers([1, 2], [1, 2], [1, 2], false)]],
    ["misled", [pair([0.5, 0.25], 1)], [pair([0.5, 0.25], 0), pair([0.25, 0.5], 1), pair([0.5, 0.25], 1, "linear"), layer([1])]],
    ["one-layer", [layer([1, -1])], [layer([1, 0]), layers([1], [1], [-1])]],
  ],
  depth: [
    ["vanish", [deep("sigmoid", { gradients: [1e-9, 1] })], [deep("sigmoid", { gradients: [1e-7, 1] }), deep("sigmoid", { gradients: [0, 1] }), deep("tanh", { gradients: [1e-9] })]],
    ["learn", [deep("relu", {}, {}, [2.3, 0.4]), deep("relu", {}, { layers: 10 }, [0.4])], [deep("relu", {}, {}, [0.4, 0.5]), deep("relu", {}, { layers: 9 }, [0.4]), deep("relu", {}, {}, [])]],
    ["saturate", [deep("tanh", { idle: [0, 0.9] })], [deep("tanh", { idle: [0, 0.8] }), deep("relu", { idle: [0.9] })]],
    ["explode", [deep("relu", { value_states: ["", "infinite"] }), deep("relu", { gradient_states: ["infinite"] })], [deep("relu", { value_states: [""], gradient_states: [""] }), deep("tanh", { value_states: ["infinite"] })]],
    ["silent", [deep("relu", { idle: [0.5, 1] })], [deep("relu", { idle: [0.99] }), deep("tanh", { idle: [1] }), deep("relu", { idle: [1] }, { initialisation: "zeros" })]],
  ],
  flatten: [
    ["second-channel", [shown({}, { index: 6, position: [1, 0, 0] })], [shown({}, { index: 5, position: [0, 1, 2] }), shown({}, { index: 7, position: [1, 0, 1] })]],
    ["last", [shown({ tensors: { input: sized(2, 2, 2) } }, { index: 8 })], [shown({ tensors: { input: sized(2, 2, 2) } }, { index: 7 }), shown({ tensors: { input: sized(1, 3, 3) } }, { index: 8 })]],
    ["length", [shown({ tensors: { output: sized(24) } })], [shown({ tensors: { output: sized(18) } })]],
    ["columns", [shown({ tensors: { input: sized(1, 6, 1) } })], [shown({ tensors: { input: sized(1, 1, 1) } }), shown({ tensors: { input: sized(1, 6, 2) } })]],
  ],
  optimizers: [
    ["diverge", [race("bowl", { adam: [1, 1], sgd: [1, 9] }, { event: { sgd: "diverges" } })], [race("bowl", { adam: [1, 9], sgd: [1, 1] }, { event: { adam: "diverges" } }), race("bowl", { adam: [1, 1] })]],
    ["ridge", [race("saddle", { sgd: [1, 0.04] })], [race("saddle", { sgd: [1, 0.05] }), race("saddle", { sgd: [1, 0.04] }, { start: [1, 0.1] }), race("bowl", { sgd: [1, 0.04] }), race("saddle", { adam: [1, 0.04] })]],
    ["hollow", [race("bumps", { sgd: [0.3, 0] })], [race("bumps", { sgd: [0.2, 0] }), race("bumps", { sgd: [0.3, 0.001] }), race("bowl", { sgd: [0.3, 0] })]],
    ["first", [race("bowl", { sgd: [1, 0.1], adam: [1, 0.2] }, { rates: { adam: 0.2 } })], [race("bowl", { sgd: [1, 0.2], adam: [1, 0.1] }, { rates: { adam: 0.2 } }), race("bowl", { sgd: [1, 0.1], adam: [1, 0.2] }), race("bowl", { sgd: [1, 0.1] })]],
    ["rest", [race("bowl", { sgd: [1, 0], momentum: [1, 0.04], adam: [1, 0] }, { noise: 1 })], [race("bowl", { sgd: [1, 0], momentum: [1, 0.05], adam: [1, 0] }, { noise: 1 }), race("bowl", { sgd: [1, 0], momentum: [1, 0], adam: [1, 0] }, { noise: 0.9 }), race("bowl", { sgd: [1, 0], adam: [1, 0] }, { noise: 1 })]],
  ],
  output: [
    ["sure-and-right", [loss(CROSS, 0.09)], [loss(CROSS, 0.1), loss("mse", 0)]],
    ["sure-and-wrong", [loss(CROSS, 3.1, { input: SURE })], [loss(CROSS, 3, { input: SURE }), loss(CROSS, 3.1, { input: [9, 1, -1, 0.5] })]],
    ["steep", [loss(CROSS, 4, { mark: [0.019] }, { phase: "loss" })], [loss(CROSS, 4, { mark: [0.02] }, { phase: "loss" }), loss(CROSS, 4, { mark: [0.019] }, { phase: "divide" }), loss(CROSS, 4, {}, { phase: "loss" }), loss("mse", 4, { mark: [0] }, { phase: "loss" })]],
    ["tie", [loss(CROSS, 1, { probabilities: [0.1, 0.45, 0.45] })], [loss(CROSS, 1, { probabilities: [0.2, 0.2, 0.6] }), loss(BINARY, 1, { probabilities: [0.5, 0.5] })]],
    ["yes-or-no", [loss(BINARY, 1, { probabilities: [0.991, 0.999] })], [loss(BINARY, 1, { probabilities: [0.99, 0.999] }), loss(CROSS, 1, { probabilities: [1] })]],
    ["exact", [loss("mse", 0)], [loss("mse", 0.01), loss(CROSS, 0)]],
  ],
};

for (const [page, rows] of Object.entries(CASES)) {
  const { tasks } = await import(`../../static/js/lesson/tasks/${page}.js`);
  test(`every task of ${page} has its rows here`, () => assert.deepEqual(rows.map(([name]) => name), tasks.map((/** @type {any} */ { name }) => name)));
  for (const [name, met, not] of rows)
    test(`${page}/${name} is met by what shows it, and by nothing that comes near`, () => {
      const task = tasks.find((/** @type {any} */ one) => one.name === name);
      assert.deepEqual([met.map(task.met), not.map(task.met)], [met.map(() => true), not.map(() => false)]);
    });
}
