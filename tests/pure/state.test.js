// What a person chose: links that hold it, and its history.

import assert from "node:assert/strict";
import { test } from "node:test";

import { arrayField, choiceField, flagField, numberField, pairField } from "../../static/js/fields.js";
import { Address, formatState, initialState, parseState, Store } from "../../static/js/state.js";

const FIELDS = [
  arrayField("input", "Input", { preset: "lesson", size: [3, 3] }),
  pairField("stride", "Stride", [1, 1]),
  numberField("bias", "Bias", 0),
  choiceField("kind", "Kind", "plain", ["plain", "gather"]),
  { ...flagField("flip", "Flip", false), when: (/** @type {any} */ { kind }) => kind === "plain" },
];
const OPENS = initialState(FIELDS);
const RANDOM = { preset: "random", size: [4, 4], channels: 1, seed: 3 };

// what is chosen, the step, the pin, and the link
const LINKS = [
  [{}, 0, null, ""],
  [{}, 7, null, "step=7"],
  [{}, 0, { id: "input", row: 1, col: 2 }, "pin=input,1,2"],
  [{ bias: -2 }, 0, null, "bias=-2"],
  [{ stride: [2, 1], input: RANDOM }, 3, null, "input=random-4x4-3&stride=2x1&step=3"],
  [{ input: { values: [[[1, 2]]] }, flip: true }, 1, { id: "kernel", row: 0, col: 0 }, "input=1,2&flip=yes&step=1&pin=kernel,0,0"],
  [{ kind: "gather", bias: 0.5 }, 0, null, "bias=0.5&kind=gather"],
];

for (const [chosen, step, pin, link] of LINKS)
  test(`the link “${link}” holds what was chosen`, () => {
    const state = { ...OPENS, ...chosen };
    assert.equal(formatState(FIELDS, state, step, pin), link);
    assert.deepEqual(parseState(FIELDS, `#${link}`), { state, step, pin, problems: [] });
    assert.deepEqual(parseState(FIELDS, link), { state, step, pin, problems: [] });
  });

test("what is set to what the page opens with is not in the link", () => {
  const state = { ...OPENS, input: { preset: "lesson", size: [3, 3], channels: 1, seed: 0 } };
  assert.equal(formatState(FIELDS, state, 0), "");
});

test("what has no effect beside the other settings is not in the link", () => {
  assert.equal(formatState(FIELDS, { ...OPENS, kind: "gather", flip: true, bias: 2 }, 0), "bias=2&kind=gather");
});

// a link, what is read of it, and what is wrong with the rest
const DAMAGED = [
  ["content", {}, []], // alone it is a place on the page
  ["", {}, []],
  ["&&", {}, []],
  ["bias=2&stri", { bias: 2 }, ["“stri” is no setting with a value."]],
  ["colour=red&bias=2", { bias: 2 }, ["There is no setting “colour” here."]],
  ["stride=0&bias=2", { bias: 2 }, ["Stride: 0 is less than 1."]],
  ["bias=%E0%A4%A&stride=2", { stride: [2, 2] }, ["Bias: “%E0%A4%A” is damaged."]],
  ["input=1%2C2%3B3%2C4", { input: { values: [[[1, 2], [3, 4]]] } }, []],
  ["bias==3", {}, ["Bias: “=3” is not a number."]],
  ["step=-2&pin=input", {}, ["Step: −2 is less than 0.", "Pin: “input” is not a grid, a row and a column."]],
  [
    "kind=gather&flip=yes",
    { kind: "gather" },
    ["Flip: “yes” has no effect beside the other settings, and is left out."],
  ],
  ["flip=yes&kind=plain", { flip: true }, []],
  ["kind=gather&flip=no", { kind: "gather" }, []],
  ["bias=1&bias=2", { bias: 2 }, []],
];

for (const [link, chosen, problems] of DAMAGED)
  test(`of the link “${link}” the rest is kept`, () => {
    assert.deepEqual(parseState(FIELDS, `#${link}`), { state: { ...OPENS, ...chosen }, step: 0, pin: null, problems });
  });

/** A store, and every bias that its listener has heard. */
function heard() {
  const store = new Store(FIELDS);
  const biases = /** @type {number[]} */ ([]);
  store.onChange(() => biases.push(store.state["bias"]));
  return { store, biases };
}

test("a store opens with nothing to undo", () => {
  const { store } = heard();
  assert.deepEqual(store.state, OPENS);
  assert.deepEqual([store.canUndo, store.canRedo, store.isInitial], [false, false, true]);
  store.undo();
  store.redo();
  store.reset();
  assert.deepEqual(store.state, OPENS);
});

test("changes are undone and redone one by one", () => {
  const { store, biases } = heard();
  for (const bias of [1, 2, 3]) store.set({ bias });
  store.undo();
  store.undo();
  store.redo();
  assert.deepEqual(biases, [1, 2, 3, 2, 1, 2]);
  assert.deepEqual([store.canUndo, store.canRedo, store.isInitial], [true, true, false]);
});

test("a change leaves nothing to redo, and the other settings as they were", () => {
  const { store } = heard();
  store.set({ bias: 1 });
  store.undo();
  store.set({ stride: [2, 2] });
  assert.equal(store.canRedo, false);
  assert.deepEqual(store.state, { ...OPENS, stride: [2, 2] });
});

test("what belongs to one gesture is undone as one", () => {
  const { store, biases } = heard();
  for (const bias of [1, 2, 3]) store.set({ bias }, "bias");
  store.set({ stride: [2, 2] }, "stride");
  store.endGesture();
  store.set({ stride: [3, 3] }, "stride");
  store.undo();
  assert.deepEqual(store.state["stride"], [2, 2]);
  store.undo();
  store.undo();
  assert.deepEqual(store.state, OPENS);
  assert.deepEqual(biases, [1, 2, 3, 3, 3, 3, 3, 0]);
});

test("a reset is a change like any other", () => {
  const { store } = heard();
  store.set({ bias: 1 });
  store.reset();
  assert.equal(store.isInitial, true);
  store.undo();
  assert.equal(store.state["bias"], 1);
});

test("what is rejected was never there, and nobody hears of it", () => {
  const { store, biases } = heard();
  store.set({ bias: 1 });
  store.set({ bias: 2 });
  store.reject();
  assert.equal(store.state["bias"], 1);
  assert.deepEqual(biases, [1, 2]);
  store.undo();
  assert.deepEqual([store.state["bias"], store.canUndo], [0, false]);
});

test("a state that replaces all has no history", () => {
  const { store, biases } = heard();
  store.set({ bias: 1 });
  store.replace({ ...OPENS, bias: 5 });
  assert.deepEqual([store.state["bias"], store.canUndo, store.canRedo], [5, false, false]);
  assert.deepEqual(biases, [1]);
});

test("a state that keeps what was there gives it back by Undo, with what led to it", () => {
  const { store, biases } = heard();
  store.set({ bias: 1 });
  store.set({ bias: 2 });
  store.undo();
  store.replace({ ...OPENS, bias: 5 }, true);
  assert.deepEqual([store.state["bias"], store.canRedo, store.given, store.own], [5, false, 1, 0]);
  store.undo();
  store.undo();
  assert.deepEqual([biases, store.canUndo], [[1, 2, 1, 1, 0], false]);
});

test("200 changes can be undone", () => {
  const { store } = heard();
  for (let bias = 1; bias <= 250; bias += 1) store.set({ bias });
  let undone = 0;
  for (; store.canUndo; undone += 1) store.undo();
  assert.deepEqual([undone, store.state["bias"]], [200, 50]);
});

/** An address in a browser of which a test says what it hears. */
function addressed(/** @type {() => string} */ current, /** @type {(link: string) => void} */ opened) {
  const [heard, dataset] = [{}, {}];
  globalThis.window = globalThis;
  globalThis.addEventListener = (event, listener) => (heard[event] = listener);
  globalThis.document = { documentElement: { dataset } };
  globalThis.location = { hash: "#step=1", pathname: "/", search: "" };
  globalThis.history = { replaceState: (_data, _title, link) => (location.hash = link) };
  return { address: new Address(current, opened), heard, dataset };
}

test("nothing is written over an address that is yet to be opened", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let step = 2;
  const { address, heard, dataset } = addressed(() => `step=${step}`, (link) => (step = Number(link.split("=")[1])));
  address.schedule();
  location.hash = "#step=7"; // a link is followed, of which the page has not heard yet
  t.mock.timers.tick(10_000);
  assert.deepEqual([location.hash, dataset.address], ["#step=7", "behind"]);
  heard.hashchange();
  assert.deepEqual([step, dataset.address], [7, "current"]);
  step = 8;
  address.schedule();
  t.mock.timers.tick(10_000);
  assert.deepEqual([location.hash, dataset.address], ["#step=8", "current"]);
});

test("a link that is followed again leads back there, also before the page has written what was changed since", () => {
  let step = 1;
  const { address, heard } = addressed(() => `step=${step}`, (link) => (step = Number(link.split("=")[1])));
  location.hash = "#step=7";
  heard.hashchange();
  step = 8;
  address.schedule();
  heard.popstate(); // the address is the same: nothing else says that it was followed
  address.cancel();
  assert.equal(step, 7);
});
