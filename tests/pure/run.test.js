// A run that is watched: answers that are older than what its stream has told.

import assert from "node:assert/strict";
import { test } from "node:test";

let sources = /** @type {EventTarget[]} */ ([]);
let answers = /** @type {((info: object) => void)[]} */ ([]);
class FakeSource extends EventTarget {
  constructor() {
    super();
    sources.push(this);
  }

  close() {}
}
Object.assign(globalThis, {
  document: Object.assign(new EventTarget(), { visibilityState: "visible", querySelector: () => null, querySelectorAll: () => [], documentElement: { lang: "en" } }),
  EventSource: FakeSource,
  fetch: () => new Promise((resolve) => answers.push((info) => resolve(new Response(JSON.stringify(info))))),
});
const { History, Run } = await import("../../static/js/training/run.js");

/** A run that is watched, and its stream. */
function watched() {
  [sources, answers] = [[], []];
  const run = new Run(/** @type {any} */ ({ id: "run", state: "running", step: 3, epoch: 1, learning_rate: 0.1 }), new History());
  const hear = (/** @type {string} */ name, /** @type {object} */ data) =>
    sources[0]?.dispatchEvent(Object.assign(new Event(name), { data: JSON.stringify(data) }));
  return { run, hear };
}

test("an answer that was asked for before the run paused does not say that it runs", async () => {
  const { run, hear } = watched();
  const refreshed = run.refresh();
  hear("state", { state: "paused", learning_rate: 0.2 });
  answers[0]?.({ state: "running", learning_rate: 0.1, seconds: 7, step: 2, epoch: 1 });
  await refreshed;
  const { state, learning_rate: rate, step } = run.info;
  assert.deepEqual([state, rate, Object(run.info).seconds, step], ["paused", 0.2, 7, 3]);
});

test("what is asked for after that is news, a command's answer as well", async () => {
  const { run, hear } = watched();
  hear("state", { state: "paused" });
  const resumed = run.command("resume");
  answers[0]?.({ state: "running", step: 3, epoch: 1 });
  await resumed;
  assert.equal(run.info.state, "running");
  const stopped = run.command("stop");
  hear("state", { state: "stopped" });
  answers[1]?.({ state: "running", step: 3, epoch: 1 });
  await stopped;
  assert.equal(run.info.state, "stopped");
});
