// The dials of the training page: what is undone as one, and whose run hears of them.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/** Just as much of an element as a dial needs. */
class FakeElement extends EventTarget {
  value = "";
  min = "0";
  max = "99";
  textContent = "";
  style = { setProperty() {} };
  classList = { add() {}, toggle() {} };
  append() {}
  setAttribute() {}
  removeAttribute() {}
  toggleAttribute() {}
  replaceChildren() {}
}
const timers = /** @type {Map<number, () => void>} */ (new Map());
Object.assign(globalThis, {
  HTMLElement: FakeElement,
  document: Object.assign(new EventTarget(), { createElement: () => new FakeElement(), querySelector: () => null, querySelectorAll: () => [] }),
  setTimeout: (/** @type {() => void} */ run) => timers.set(timers.size + 1, run).size,
  clearTimeout: (/** @type {number} */ timer) => timers.delete(timer),
});
/** @type {any} */ (globalThis).window = globalThis;
const { Store } = await import("../../static/js/state.js");
const { Dials } = await import("../../static/js/training/dials.js");
const { FIELDS } = await import("../../static/js/training/settings.js");

/** @type {any} */
let live;
let commands = /** @type {any[]} */ ([]);
let store = new Store(FIELDS);
let dials = /** @type {any} */ (null);
const run = (/** @type {string} */ id) => ({ info: { id, learning_rate: 0.5, steps_per_second: 7 } });

/** Watch a run, or none. @param {ReturnType<typeof run> | null} first */
function watch(first) {
  Object.assign(live, { first, info: first?.info ?? null, steerable: Boolean(first) });
  dials?.show();
}

/** @param {string} rate */
function type(rate) {
  dials.exact.input.value = rate;
  dials.exact.input.dispatchEvent(new Event("change"));
}

beforeEach(() => {
  commands = [];
  timers.clear();
  store = new Store(FIELDS);
  live = { watch: { going: null }, command: async (/** @type {string} */ _, /** @type {any} */ values) => commands.push([live.first.info.id, values]) };
  dials = null;
  watch(null);
  dials = new Dials(store, live, async (act) => void (await act()));
  dials.show();
});

const settle = () => {
  for (const timer of [...timers.values()]) timer();
  timers.clear();
};

test("two rates that are typed are undone one after the other", () => {
  const { rate } = store.state;
  type("0.2");
  type("0.3");
  store.undo();
  assert.equal(store.state["rate"], 0.2);
  store.undo();
  assert.equal(store.state["rate"], rate);
});

test("a dial that is turned is turned for the run that is watched", () => {
  watch(run("a"));
  type("0.2");
  settle();
  assert.deepEqual(commands, [["a", { learning_rate: 0.2 }]]);
});

test("what was turned for one run is nothing to the next", () => {
  watch(run("a"));
  type("0.2");
  watch(run("b"));
  assert.equal(dials.exact.input.value, "0.5");
  settle();
  assert.deepEqual(commands, []);
});

test("nor does the next hear of it where nobody has said yet that it is watched", () => {
  watch(run("a"));
  type("0.2");
  Object.assign(live, { first: run("b") });
  settle();
  assert.deepEqual(commands, []);
});
