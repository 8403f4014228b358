// A link that cannot be computed: which of its settings give way.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../static/js/api.js";
import { arrayField, numberField, paddingField, pairField } from "../../static/js/fields.js";
import { mend } from "../../static/js/mending.js";
import { initialState } from "../../static/js/state.js";

const FIELDS = [
  arrayField("input", "Input", { preset: "lesson", size: [3, 3] }),
  arrayField("kernel", "Kernel", { preset: "lesson", size: [2, 2] }),
  pairField("stride", "Stride", [1, 1]),
  paddingField("padding", "Padding", [0, 0]),
  numberField("bias", "Bias", 0),
];

/** @param {string} message @param {string[]} fields that it names */
const refusal = (message, ...fields) => new ApiError(message, 422, fields.map((field) => ({ field, message })));

/**
 * Mend a state by rules, the first broken one of which is what is said; return what is shown in the end.
 * @param {Record<string, unknown>} chosen
 * @param {[(state: any) => boolean, ApiError][]} rules when a state breaks one, and what is said then
 */
async function mended(chosen, rules) {
  const shown = /** @type {any[]} */ ([]);
  const ask = async (/** @type {any} */ state) => {
    shown.push(state);
    return rules.find(([breaks]) => breaks(state))?.[1];
  };
  const state = { ...initialState(FIELDS), ...chosen };
  const sentences = /** @type {string[]} */ ([]);
  const why = await mend(FIELDS, state, /** @type {ApiError} */ (await ask(state)), sentences, ask);
  return { why, sentences, attempts: shown.length - 1, state: shown.at(-1) };
}

const LARGE = { preset: "random", size: [5, 5], channels: 1, seed: 1 };
const noSuch = (/** @type {string} */ name) => refusal(`there is no ${name}`, `${name}.preset`);

// the settings of a link, the rules, what is said, and the settings that are shown instead
const CASES = {
  "the setting that is named gives way": [
    { stride: [9, 9], bias: 2 },
    [[({ stride }) => stride[0] > 3, refusal("stride 9 is more than 3", "stride")]],
    ["Stride 9 is more than 3."],
    { bias: 2 },
  ],
  "requests call a kernel weight": [
    { input: LARGE, kernel: { values: [[[1]], [[2]]] } },
    [[({ kernel }) => kernel.values?.length === 2, refusal("2 channels, not 1", "weight[0]")]],
    ["Kernel: 2 channels, not 1."],
    { input: LARGE },
  ],
  "a name that is unknown keeps its size": [
    { input: { ...LARGE, preset: "nothing", size: [7, 5], channels: 2 } },
    [[({ input }) => input.preset === "nothing", noSuch("input")]],
    ["Input: there is no input."],
    { input: { preset: "lesson", size: [7, 5], channels: 2 } },
  ],
  "or not, where the size is at fault too": [
    { input: { ...LARGE, preset: "nothing" } },
    [[({ input }) => input.size[0] > 3, noSuch("input")]],
    ["Input: there is no input."],
    { input: { preset: "lesson", size: [3, 3] } },
  ],
  "two settings are at fault": [
    { input: { ...LARGE, preset: "nothing" }, kernel: { ...LARGE, preset: "nobody" }, bias: 2 },
    [
      [({ input }) => input.preset === "nothing", noSuch("input")],
      [({ kernel }) => kernel.preset === "nobody", noSuch("weight")],
    ],
    ["Input: there is no input.", "Kernel: there is no weight."],
    { input: { preset: "lesson", size: [5, 5], channels: 1 }, kernel: { preset: "lesson", size: [5, 5], channels: 1 }, bias: 2 },
  ],
  "a refusal that names nothing": [
    { bias: 2, padding: [9, 9] },
    [[({ padding }) => padding[0] > 2, refusal("too large")]],
    ["Padding: too large."],
    { bias: 2 },
  ],
  "what is named first is not always at fault": [
    { stride: [2, 2], padding: [9, 9] },
    [[({ padding }) => padding[0] > 2, refusal("too large", "stride")]],
    ["Padding: too large."],
    { stride: [2, 2] },
  ],
};

for (const [name, [chosen, rules, sentences, kept]] of Object.entries(CASES))
  test(name, async () => {
    const found = await mended(chosen, rules);
    assert.equal(found.why, undefined);
    assert.deepEqual(found.sentences, sentences);
    assert.deepEqual(found.state, { ...initialState(FIELDS), ...kept });
  });

test("where the page's own settings are refused, nothing gives way", async () => {
  const { why, sentences } = await mended({ bias: 2 }, [[() => true, refusal("never")]]);
  assert.equal(why?.message, "never");
  assert.deepEqual(sentences, []);
});

test("a server that does not answer ends the search", async () => {
  const silent = new ApiError("no answer", 0);
  const { why, attempts } = await mended({ bias: 2 }, [
    [({ bias }) => bias === 2, refusal("no", "bias")],
    [() => true, silent],
  ]);
  assert.equal(why, silent);
  assert.equal(attempts, 1);
});

test("after forty attempts it gives up", async () => {
  const names = Array.from({ length: 50 }, (_, index) => `n${index}`);
  const many = names.map((name) => numberField(name, name, 0));
  let attempts = 0;
  const ask = async () => refusal(`reason ${(attempts += 1)}`);
  const state = Object.fromEntries(names.map((name) => [name, 1]));
  const why = await mend(many, state, refusal("reason 0"), [], ask);
  assert.equal(attempts, 40);
  assert.equal(why?.message, "reason 40");
});
