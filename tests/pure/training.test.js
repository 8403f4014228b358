// The training page without its drawings: what its link says, what is live, and how a set-up is checked.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

Object.assign(globalThis, { document: Object.assign(new EventTarget(), { documentElement: { lang: "en" }, querySelector: () => null, querySelectorAll: () => [] }) });
const { initialState } = await import("../../static/js/state.js");
const { Checking } = await import("../../static/js/training/checking.js");
const { settingsOf } = await import("../../static/js/training/requests.js");
const { FIELDS } = await import("../../static/js/training/settings.js");
const { readLink, writeLink } = await import("../../static/js/training/link.js");
const { Live } = await import("../../static/js/training/live.js");
const { middleOf } = await import("../../static/js/training/side.js");

const OPENS = initialState(FIELDS);
const DATASETS = /** @type {any} */ ([{ name: "digits", sizes: { train: 1259 } }]);
const VIEW = { run: null, step: 0, earlier: [], side: [], clock: "epoch", sample: 0, own: false, weight: "" };

/** @type {Record<string, any>} what the server answers, by path; the rest is gone */
let answers = {};
/** @type {any[]} */
let bodies = [];
globalThis.fetch = async (path, init) => {
  if (init?.body) bodies.push(JSON.parse(String(init.body)));
  const found = answers[String(path).split("?")[0] ?? ""];
  const answer = typeof found === "function" ? found(bodies.at(-1)) : found;
  if (answer) return new Response(JSON.stringify(answer));
  return new Response(JSON.stringify({ detail: "There is no such run." }), { status: 404 });
};

/** A run with these settings, as the server has it. @param {string} id @param {Record<string, unknown>} [chosen] */
function serve(id, chosen = {}) {
  const settings = { ...settingsOf({ ...OPENS, ...chosen }, 1259), loss: "own" };
  const info = { id, settings, step: 0, steps_per_epoch: 40, task: "classification", state: "finished", learning_rate: 0.5, steps_per_second: 7 };
  answers[`/api/runs/${id}`] = info;
  answers[`/api/runs/${id}/points`] = { points: [], epochs: [] };
  return /** @type {any} */ ({ info });
}

beforeEach(() => {
  answers = {};
  bodies = [];
});

for (const link of ["", "rate=0.01", "data=digits&sample=3", "like=dead&sample=2"])
  test(`the link “${link}” is written as it was read`, async () => {
    const { state, view, problems } = await readLink(`#${link}`, DATASETS);
    assert.deepEqual(problems, []);
    assert.equal(writeLink(state, DATASETS, { ...VIEW, sample: view.sample }), link.replace("data=digits&", ""));
  });

test("a run brings its own set-up, which its link leaves out", async () => {
  const run = serve("a", { rate: 0.02 });
  const { state, view } = await readLink("#run=a&step=5", DATASETS);
  assert.equal(state["rate"], 0.02);
  assert.deepEqual([view.run?.info.id, view.step], ["a", 5]);
  assert.equal(writeLink(state, DATASETS, { ...VIEW, run, step: 5 }), "rate=0.02&run=a&step=5");
  assert.equal(writeLink(OPENS, DATASETS, { ...VIEW, run }), "data=digits&run=a"); // or the run's own would be read
});

test("what a link says of the set-up goes before that of its run", async () => {
  serve("a", { rate: 0.02 });
  assert.equal((await readLink("#rate=0.3&run=a", DATASETS)).state["rate"], 0.3);
});

test("runs that are gone are said to be, and the others are shown", async () => {
  serve("a");
  const { view, problems } = await readLink("#run=b&over=a,c&data=none", DATASETS);
  assert.deepEqual([view.run, view.earlier.map(({ info }) => info.id)], [null, ["a"]]);
  assert.deepEqual(problems, [
    "There is no data set “none”.",
    "There is no run “b” any more; its set-up is here as far as the link has it.",
    "There is no run “c” any more; its set-up is here as far as the link has it.",
  ]);
});

test("side by side are all of three runs, or none", async () => {
  for (const id of ["a", "b", "c"]) serve(id);
  assert.deepEqual((await readLink("#side=a,b,c", DATASETS)).view.side.map(({ info }) => info.id), ["a", "b", "c"]);
  assert.deepEqual((await readLink("#side=a,b,d", DATASETS)).view.side, []);
});

test("a set-up is checked with as many samples as the server counts", async () => {
  answers["/api/architectures/check"] = ({ dataset_options }) => ({ train_samples: dataset_options.imbalance ? 300 : 1259 });
  const checking = new Checking(() => 1259);
  const state = { ...OPENS, batch: null, imbalance: 20 };
  checking.foresee({ ...OPENS, batch: null });
  await checking.ask({ ...OPENS, batch: null }, new AbortController().signal);
  assert.deepEqual(bodies.map((body) => body.batch_size), [1259]); // what was foreseen is not asked for again
  await checking.ask(state, new AbortController().signal);
  assert.deepEqual(bodies.map((body) => body.batch_size), [1259, 1259, 300]);
  assert.equal(checking.training(state), 300);
});

/** @param {string} id @param {boolean} over @param {boolean} commandable */
const run = (id, over, commandable) => ({ over, commandable, info: { id } });

test("a link to runs side by side holds what their clock counts", async () => {
  for (const id of ["a", "b"]) serve(id);
  const { view, problems } = await readLink("#side=a,b&clock=update", DATASETS);
  assert.deepEqual([view.clock, problems], ["update", []]);
  assert.equal(writeLink(OPENS, DATASETS, { ...VIEW, side: ["a", "b"], clock: view.clock }), "side=a,b&clock=update");
  assert.equal(writeLink(OPENS, DATASETS, { ...VIEW, side: ["a", "b"] }), "side=a,b");
  assert.equal(writeLink(OPENS, DATASETS, { ...VIEW, clock: "update" }), ""); // of one run there is none
  assert.equal((await readLink("#side=a,b&clock=years", DATASETS)).problems.length, 1);
});

test("what is live is the run that is watched, or those side by side", () => {
  const [done, mine, theirs] = [run("done", true, true), run("mine", false, true), run("theirs", false, false)];
  const cases = /** @type {[any, any[], string | undefined, string | undefined, boolean][]} */ ([
    [null, [], undefined, undefined, false],
    [mine, [], "mine", "mine", true],
    [theirs, [], "theirs", "theirs", false],
    [done, [], "done", undefined, false],
    [null, [done, mine, theirs], "mine", "mine", true], // the middle one tells the pace
    [null, [theirs, mine, mine], "theirs", "mine", true],
    [null, [done, done, mine], "mine", "mine", true], // or where it is over, one that goes on
    [null, [done, done, done], "done", undefined, false],
  ]);
  for (const [watched, lanes, shown, known, steerable] of cases) {
    const side = { lanes: lanes.map((one) => ({ run: one })), middle: middleOf(lanes, 1) };
    const live = new Live(/** @type {any} */ ({ run: watched }), /** @type {any} */ (side));
    assert.deepEqual([live.run?.info.id, live.info?.id, live.steerable, live.any], [shown, known, steerable, Boolean(watched ?? lanes[0])]);
  }
});
