// When a task counts as met: by every way that shows what it asks, and by none that does not. Traces worked by hand.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { PairTimeline } from "../../static/js/timeline.js";
import { looksEmpty } from "../../static/js/training/planes.js";

const PAGES = ["backpropagation", "convolution", "padding", "pooling", "stride", "training"];
const all = Object.fromEntries(await Promise.all(PAGES.map(async (page) => [page, (await import(`../../static/js/lesson/tasks/${page}.js`)).tasks])));

test("every task has its two texts, and none of another is left over", async () => {
  const texts = JSON.parse(readFileSync("cnn_server/words/en/pages.json", "utf-8"));
  const there = Object.keys(texts).filter((id) => id.startsWith("tasks.") && !id.endsWith("_lacks"));
  const pages = readdirSync("static/js/lesson/tasks").flatMap((file) => (["reading.js", "rows.js"].includes(file) ? [] : [file.replace(".js", "")]));
  const ids = pages.map(async (page) => {
    const { tasks } = await import(`../../static/js/lesson/tasks/${page}.js`);
    return tasks.flatMap((/** @type {any} */ { name }) => ["", "_met"].map((end) => `tasks.${page}.${name.replaceAll("-", "_")}${end}`));
  });
  assert.deepEqual((await Promise.all(ids)).flat().sort(), there.sort());
});

/** @param {string} page @param {string} name @param {any} shown */
const met = (page, name, shown) => all[page].find((/** @type {any} */ task) => task.name === name).met(shown);

/** @param {Record<string, unknown>} own */
const axis = (own = {}) => ({ input_size: 6, output_size: 6, kernel_size: 3, stride: 1, padding: [0, 0], overhang: 0, unread: 0, ...own });
/** @param {Record<string, unknown>} own @param {Record<string, unknown>} [across] */
const geometry = (own, across = own) => ({ height: axis(own), width: axis(across) });
/** @param {any} trace @param {number} [index] @param {Record<string, unknown>} [columns] */
const at = (trace, index = 0, columns = {}) => ({ trace: { params: {}, tensors: {}, ...trace }, step: { index, ...columns } });
/** @param {any} one @param {any} two @param {number} [index] */
const pair = (one, two, index = 0) => at({ one: { params: {}, tensors: {}, ...one }, two: { params: {}, tensors: {}, ...two } }, index);
/** @param {unknown} values @param {number[]} [shape] */
const tensor = (values, shape = []) => ({ shape, values });

for (const [size, kernel, is] of [[6, 3, true], [8, 3, true], [5, 3, false], [6, 1, false]])
  test(`a window of ${kernel} that makes ${size} of 6 rows pools without making the map smaller: ${is}`, () =>
    assert.equal(met("pooling", "same-size", at({ geometry: geometry({ output_size: size, kernel_size: kernel }) })), is));

const beyond = { geometry: geometry({ output_size: 4, overhang: 1 }) };
for (const [cell, trace, is] of /** @type {[number[], any, boolean][]} */ ([
  [[0, 0, 0], beyond, false],
  [[0, 1, 3], beyond, true],
  [[1, 3, 0], beyond, true],
  [[0, 3, 3], { geometry: geometry({ output_size: 4 }) }, false],
  [[0, 3, 0], { geometry: geometry({ output_size: 4 }, { output_size: 4, overhang: 1 }) }, false],
]))
  test(`the window of the output at ${cell} reaches beyond the edge: ${is}`, () =>
    assert.equal(met("pooling", "overhang", at(trace, 0, { output_cell: cell })), is));

test("of an input and the same moved by a cell, the window of the first is looked at", () => {
  const steps = { at: (/** @type {number} */ index) => ({ index, output_cell: [0, index, 3] }), has: () => true, total: 4, params: {}, ...beyond };
  const trace = new PairTimeline(/** @type {any} */ (steps), /** @type {any} */ (steps), ["", ""]);
  assert.equal(met("pooling", "overhang", { trace, step: trace.at(0) }), true);
});

for (const [mode, padding, is] of /** @type {[string, number[], boolean][]} */ ([["reflect", [1, 1], true], ["zeros", [1, 1], false], ["replicate", [0, 0], false]]))
  test(`${padding} cells of padding by ${mode} are filled with values of the input, whatever these are: ${is}`, () =>
    assert.equal(met("padding", "values", pair({ geometry: geometry({}) }, { params: { padding_mode: mode }, geometry: geometry({ padding }) })), is));

for (const [down, across, is] of [[[2, 1], [1, 1], true], [[1, 1], [1, 0], true], [[1, 2], [0, 1], false]])
  test(`with ${down} rows and ${across} columns of padding there is more before the input: ${is}`, () =>
    assert.equal(met("padding", "odd", pair({ geometry: geometry({}) }, { geometry: geometry({ padding: down }, { padding: across }) })), is));

test("a spot is found with padding whichever of the two settings has it, at its step, and where the other has none", () => {
  const bare = { geometry: geometry({}), largest: [0], tensors: { output: tensor([0, 0]) } };
  const padded = { geometry: geometry({ padding: [1, 1] }), largest: [1], tensors: { output: tensor([1, 5]) } };
  const found = [pair(bare, padded, 1), pair(padded, bare, 1), pair(bare, padded, 0), pair(padded, padded, 1)].map((shown) => met("padding", "border", shown));
  assert.deepEqual(found, [true, true, false, false]);
});

for (const [page, name] of [["convolution", "negative"], ["activation", "kept"]])
  test(`the task ${page}/${name} waits until the negative output is on the screen`, async () => {
    const { tasks } = await import(`../../static/js/lesson/tasks/${page}.js`);
    const task = tasks.find((/** @type {any} */ one) => one.name === name);
    const shown = [0, 1, 2].map((index) => task.met(at({ tensors: { output: tensor([4, -1, 3]) } }, index)));
    assert.deepEqual(shown, [false, true, true]);
  });

test("an output is wider than high by its strides, not by its input", () => {
  const wide = tensor([], [1, 2, 4]);
  const by = (/** @type {number} */ across) => met("stride", "apart", pair({}, { geometry: geometry({ stride: 2 }, { stride: across }), tensors: { output: wide } }));
  assert.deepEqual([by(1), by(2)], [true, false]);
});

test("the first step that changes a weight is not one that leaves it as it was", () => {
  const tensors = { a: tensor([[1, 2]]), "a.after": tensor([[1, 2]]), b: tensor([-1, 1, 0]), "b.after": tensor([-1, 0.9, -0.1]) };
  const entries = [{ pass: "backward", tensor: "a.gradient", start: 5 }, { pass: "update", tensor: "a", start: 10 }, { pass: "update", tensor: "b", start: 12 }];
  const shown = [10, 12, 13, 14].map((index) => met("backpropagation", "changes", { trace: { entries, tensors }, step: { index } }));
  assert.deepEqual(shown, [false, false, true, false]);
});

test("where no weight changes, no step is the first", () =>
  assert.equal(met("backpropagation", "changes", { trace: { entries: [{ pass: "update", tensor: "a", start: 0 }], tensors: { a: tensor([1]), "a.after": tensor([1]) } }, step: { index: 0 } }), false));

/** @param {unknown[]} strides @param {string} [dataset] */
const run = (strides, dataset = "digits") => ({ settings: { dataset, architecture: [...strides.map((stride) => ({ layer: "conv2d", stride })), { layer: "max_pool2d", stride: 9 }] } });
for (const [title, finished, is] of /** @type {[string, any[], boolean][]} */ ([
  ["one run", [run([2, 1])], false],
  ["the first convolution with another stride", [run([1, 1]), run([2, 1])], true],
  ["the same, as a pair and as none", [run([[2, 2], undefined]), run([2, 1])], false],
  ["other pictures", [run([1]), run([2], "shapes")], false],
  ["of three runs two that differ", [run([1]), run([1]), run([2])], true],
]))
  test(`two strides are tested by ${title}: ${is}`, () => assert.equal(met("training", "strides", { finished }), is));

test("one tap finds nothing out about an empty map: there has to be one that looks empty", () => {
  const task = all["training"].find((/** @type {any} */ one) => one.name === "scale");
  const seen = { own: true, learns: true, finds: false };
  assert.deepEqual([task.met(seen), task.met({ ...seen, finds: true })], [false, true]);
  assert.match(task.lacks(seen), /no map looks empty/);
  assert.equal(task.lacks({ ...seen, own: false }), "");
});

for (const [maps, is] of /** @type {[number[][][], boolean][]} */ ([
  [[[[9, 0]], [[0.5, -0.5]]], true],
  [[[[9, 0]], [[0, 0]]], true],
  [[[[9, 0]], [[-1, 0]]], false],
  [[[[0, 0]], [[0, 0]]], false],
]))
  test(`of the maps ${JSON.stringify(maps)} one looks empty beside the strongest: ${is}`, () =>
    assert.equal(looksEmpty({ output: { shape: [2, 1, 2], values: maps } }), is));

const { ShownTasks } = await import("../../static/js/lesson/shown-tasks.js");
const { changedFields } = await import("../../static/js/state.js");

/** What counts of each of these looks at a task that was shown. @param {boolean} step @param {boolean} byWay @param {[isMet: boolean, written: string][]} looks */
function counted(step, byWay, looks) {
  const shown = new ShownTasks();
  const task = /** @type {any} */ ({ step });
  shown.give(task, "flip=yes", byWay);
  return looks.map(([isMet, written]) => shown.counts(task, isMet, written));
}

for (const [title, step, byWay, looks, counts] of /** @type {[string, boolean, boolean, [boolean, string][], boolean[]][]} */ ([
  ["it stays as it was shown", false, true, [[true, "flip=yes"], [true, "flip=yes&bias=1"]], [false, false]],
  ["the same setting is switched off and on", false, true, [[false, ""], [true, "flip=yes"]], [false, false]],
  ["it is left, and come back to by other settings", false, true, [[false, ""], [true, "flip=yes"], [false, ""], [true, "flip=yes&bias=1"], [true, "flip=yes"]], [false, false, false, true, true]],
  ["its step is left and found again", true, true, [[true, "flip=yes"], [false, "flip=yes"], [true, "flip=yes"]], [false, false, true]],
  ["a link brought it, which is left and come back to", false, false, [[true, "flip=yes"], [false, ""], [true, "flip=yes"]], [false, false, true]],
]))
  test(`a task that was shown counts where ${title}: ${counts}`, () => assert.deepEqual(counted(step, byWay, looks), counts));

test("what was not shown counts at once, and what is cleared was not shown", () => {
  const shown = new ShownTasks();
  const task = /** @type {any} */ ({});
  shown.give(task, "", true);
  shown.clear();
  assert.deepEqual([shown.counts(task, true, ""), shown.counts(task, false, "")], [true, false]);
});

test("what was changed is what differs, and had an effect or has one", () => {
  const fields = /** @type {any[]} */ ([
    { name: "bias", format: String },
    { name: "mode", format: String },
    { name: "flip", format: String, when: (/** @type {any} */ { mode }) => mode === "plain" },
  ]);
  const names = (/** @type {any} */ after) => changedFields(fields, { bias: 0, mode: "plain", flip: false }, after).map(({ name }) => name);
  assert.deepEqual([names({ bias: 0, mode: "plain", flip: true }), names({ bias: 2, mode: "gather", flip: true })], [["flip"], ["bias", "mode", "flip"]]);
});

/** A step of a network's timeline, of an entry of it. @param {any} entry @param {any} [step] @param {any} [trace] */
const entered = (entry, step = {}, trace = {}) => ({ trace: { total: 9, loss: 1, lossAfter: 0.5, entryOf: () => entry, ...trace }, step: { index: 0, ...step } });
const outgrown = { tensors: { input: tensor([], [1, 2, 2]), output: tensor([], [1, 3, 3]) } };
const small = { op: "stacked_conv2d", tensors: { weight: tensor([], [1, 1, 3, 3]), second_weight: tensor([], [1, 1, 3, 3]) } };
const wide = { ...small, tensors: { ...small.tensors, second_weight: tensor([], [1, 1, 5, 5]) } };
const second = { layer: 1, field_size: [5, 5] };
const reaching = (/** @type {number} */ reach, kernel = 3) => at({ geometry: geometry({ effective_kernel_size: reach, kernel_size: kernel }) });
const moving = (/** @type {number} */ stride, own = {}, /** @type {number[]} */ values = [1, -1]) => ({ geometry: geometry({ stride, ...own }), tensors: { output: tensor(values, [1, 2, 2]) } });
const visited = (/** @type {number[]} */ counts, kernel = 3) => ({ geometry: geometry({ kernel_size: kernel }), tensors: { visit_counts: tensor(counts) } });
const once = moving(1);
const changed = (/** @type {number} */ many, own = {}, /** @type {number[]} */ values = [0, 9]) => at({ op: "conv2d", comparison: { changed: many }, geometry: geometry(own), tensors: { output: tensor(values) } });

for (const [page, name, yes, no] of /** @type {[string, string, any[], any[]][]} */ ([
  ["convolution", "same-size", [at({ op: "conv2d", geometry: geometry({}) })], [at({ op: "conv2d", geometry: geometry({ output_size: 4 }) }), at({ op: "conv2d", geometry: geometry({ kernel_size: 1 }) }), at({ op: "conv_transpose2d", geometry: geometry({}) })]],
  ["convolution", "reach", [reaching(5)], [reaching(3), reaching(5, 5), at({})]],
  ["convolution", "hierarchy", [at(small, 0, second)], [at(wide, 0, second), at(small, 0, { ...second, layer: 0 }), at(small, 0, { ...second, field_size: [7, 7] })]],
  ["convolution", "farther", [at(small, 0, { ...second, field_size: [5, 7] })], [at(small, 0, second), at(wide, 0, { ...second, field_size: [7, 7] })]],
  ["convolution", "turned", [changed(0)], [changed(1), changed(0, { kernel_size: 1 }), at({ geometry: geometry({}) })]],
  ["convolution", "back", [at({ op: "conv_transpose2d", ...outgrown })], [at({ op: "interpolate2d", ...outgrown }), at({ op: "conv_transpose2d", tensors: { input: tensor([], [1, 2, 2]), output: tensor([], [1, 3, 2]) } })]],
  ["convolution", "between", [at({ op: "interpolate2d", tensors: { input: tensor([1, 3]), output: tensor([1, 2, 3]) } })], [at({ op: "interpolate2d", tensors: { input: tensor([1, 3]), output: tensor([1, 1, 3]) } }), at({ op: "conv2d", tensors: { input: tensor([1]), output: tensor([2]) } })]],
  ["stride", "nothing-unread", [pair(once, moving(2))], [pair(once, once), pair(once, moving(2, { unread: 1 }))]],
  ["stride", "both-kinds", [pair(once, moving(2), 1)], [pair(once, moving(2), 0), pair(once, moving(2, {}, [1, 2]), 1), pair(once, once, 1)]],
  ["stride", "same-size", [pair(once, moving(2))], [pair(once, once), pair(once, { ...moving(2), tensors: { output: tensor([1], [1, 1, 1]) } })]],
  ["pooling", "channels", [at({ tensors: { input: tensor([], [3, 6, 6]) } })], [at({ tensors: { input: tensor([], [2, 6, 6]) } })]],
  ["pooling", "divisor", [at({}, 0, { divisor: 3, window: [[1, 2], [3, 4]] })], [at({}, 0, { divisor: 4, window: [[1, 2], [3, 4]] }), at({}, 0, { window: [[1, 2]] })]],
  ["pooling", "forgiven", [changed(0)], [changed(1), changed(0, {}, [0, 0]), at({})]],
  ["pooling", "one", [at({ tensors: { output: tensor([], [3, 1, 1]) } })], [at({ tensors: { output: tensor([], [3, 1, 2]) } })]],
  ["padding", "equal", [pair(visited([1, 2]), visited([4, 4]))], [pair(visited([1, 2]), visited([4, 3])), pair(visited([1, 1], 1), visited([1, 1], 1))]],
  ["padding", "larger", [pair({ geometry: geometry({}) }, { geometry: geometry({ output_size: 7 }) })], [pair({ geometry: geometry({}) }, { geometry: geometry({}) })]],
  ["backpropagation", "begins", [entered({ op: "softmax_cross_entropy_backward" }, { truth: 1 })], [entered({ op: "softmax_cross_entropy_backward" }, { truth: 0 }), entered({ op: "mse_backward" }, { truth: 1 })]],
  ["backpropagation", "loser", [entered({ op: "max_pool2d_backward" }, { why: "winner" })], [entered({ op: "max_pool2d_backward" }, { why: "" }), entered({ op: "avg_pool2d_backward" }, { why: "winner" })]],
  ["backpropagation", "gate", [entered({ op: "relu_backward" }, { gate: [false] })], [entered({ op: "relu_backward" }, { gate: [true] }), entered({ op: "tanh_backward" }, { gate: [false] })]],
  ["backpropagation", "kernel", [entered({ op: "conv2d_backward", wrt: "weight" }, { output: 0.5 })], [entered({ op: "conv2d_backward", wrt: "weight" }, { output: 0 }), entered({ op: "conv2d_backward", wrt: "bias" }, { output: 0.5 })]],
  ["backpropagation", "corner", [entered({}, {}, { checked: { corners: [1] } })], [entered({}, {}, { checked: { corners: [] } }), entered({})]],
  ["backpropagation", "update", [entered({}, { index: 8 }, { lossAfter: 1.5 })], [entered({}, { index: 7 }, { lossAfter: 1.5 }), entered({}, { index: 8 }), entered({}, { index: 8 }, { lossAfter: null })]],
  ["backpropagation", "adam", [entered({ op: "adam" })], [entered({ op: "sgd" })]],
  ["training", "weight", [{ followed: "update" }], [{ followed: "gradient" }, { followed: "" }]],
]))
  test(`${page}/${name} is met by what shows it, and by nothing that comes near`, () =>
    assert.deepEqual([yes, no].map((looks) => looks.map((shown) => met(page, name, shown))), [yes.map(() => true), no.map(() => false)]));
