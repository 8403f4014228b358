// What follows a stream of news is drawn no oftener than the eye follows, and the last of it always.

import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(globalThis, { window: globalThis });
const { rarely } = await import("../../static/js/rarely.js");

let clock = 0;

/** A clock that stands still until it is told to go on. @param {import("node:test").TestContext} t @returns {(milliseconds: number) => void} */
function stopped(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(performance, "now", () => clock);
  return (milliseconds) => {
    for (let gone = 0; gone < milliseconds; gone += 1) {
      clock += 1;
      t.mock.timers.tick(1);
    }
  };
}

test("of 20 steps a second at most twelve and a half are drawn, and the last always is", (t) => {
  const pass = stopped(t);
  let step = 0;
  /** @type {{ at: number, step: number }[]} */
  const drawn = [];
  const draw = rarely(() => drawn.push({ at: clock, step }));
  for (step = 1; step <= 40; step += 1) {
    draw();
    pass(50);
  }
  step = 41; // comes just after one that was drawn
  draw();
  draw();
  pass(80);
  assert.equal(drawn[0]?.at, 1);
  assert.ok(drawn.every(({ at }, index) => index === 0 || at - (drawn[index - 1]?.at ?? 0) >= 80));
  assert.equal(drawn.at(-1)?.step, 41);
  const { length } = drawn;
  pass(1000);
  assert.equal(drawn.length, length); // and nothing is drawn where there is no news
});

test("what different news change is drawn at one time", (t) => {
  const pass = stopped(t);
  /** @type {number[]} */
  const drawn = [];
  const [curves, pictures] = [rarely(() => drawn.push(clock)), rarely(() => drawn.push(clock))];
  for (let news = 0; news < 10; news += 1) {
    curves();
    pass(30);
    pictures();
    pass(30);
  }
  pass(100); // nothing waits for the test after this one
  const times = [...new Set(drawn)];
  assert.ok(times.length > 5);
  assert.ok(times.every((at, index) => index === 0 || at - (times[index - 1] ?? 0) >= 80));
});

test("what cannot be drawn is reported, and does not keep the rest from being drawn", (t) => {
  const pass = stopped(t);
  /** @type {unknown[]} */
  const reported = [];
  Object.assign(globalThis, { reportError: (/** @type {unknown} */ error) => reported.push(error) });
  const fault = new Error("no room");
  let drawn = 0;
  const [curves, pictures] = [rarely(() => { throw fault; }), rarely(() => { drawn += 1; })];
  for (let news = 1; news <= 2; news += 1) {
    curves();
    pictures();
    pass(100);
    assert.equal(drawn, news);
  }
  assert.deepEqual(reported, [fault, fault]);
});
