// What the settings of a page begin with.

import assert from "node:assert/strict";
import { test } from "node:test";

import { activation } from "../../static/js/operations/activation.js";
import { channels } from "../../static/js/operations/channels.js";
import { convolution } from "../../static/js/operations/convolution.js";
import { flatten } from "../../static/js/operations/flatten.js";
import { padding } from "../../static/js/operations/padding.js";
import { pooling } from "../../static/js/operations/pooling.js";
import { stride } from "../../static/js/operations/stride.js";

for (const [name, { cards }] of Object.entries({ activation, channels, convolution, flatten, padding, pooling, stride }))
  test(`the input is the first of ${name}'s settings`, () => {
    assert.equal(cards[0]?.controls[0]?.field, "input");
  });

for (const [name, { cards }] of Object.entries({ activation, channels, convolution, flatten, pooling }))
  test(`what a beginner needs of ${name} stands before its gradients, and these before More`, () => {
    const passes = cards.findIndex(({ controls }) => controls.some(({ field }) => field === "pass"));
    assert.deepEqual([cards.slice(0, passes).some(({ more }) => more), cards.slice(passes + 1).every(({ more }) => more)], [false, true]);
  });
