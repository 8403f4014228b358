// Of several that are asked for, the newest counts.

import assert from "node:assert/strict";
import { test } from "node:test";

import { newest } from "../../static/js/input/latest.js";

test("an answer that comes after a newer question is none", async () => {
  const answers = /** @type {Map<string, (answer: string) => void>} */ (new Map());
  const ask = newest((/** @type {string} */ name) => new Promise((go) => answers.set(name, go)));
  const [one, two] = [ask("one"), ask("two")];
  answers.get("two")?.("second");
  answers.get("one")?.("first");
  assert.deepEqual([await one, await two], [null, "second"]);
});
