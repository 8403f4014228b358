// The colour scale: it is of the theme that is shown.

import assert from "node:assert/strict";
import { test } from "node:test";

let zero = "#ffffff";
const style = { getPropertyValue: (/** @type {string} */ name) => (name === "--zero" ? zero : "#204080") };
Object.assign(globalThis, { document: Object.assign(new EventTarget(), { documentElement: {} }), getComputedStyle: () => style });
const { paint } = await import("../../static/js/draw/scale.js");

test("whoever draws again for another theme draws in its colours", () => {
  const fills = /** @type {string[]} */ ([]);
  document.addEventListener("themechange", () => fills.push(paint(0, 1).fill)); // before anything was drawn
  fills.push(paint(0, 1).fill);
  zero = "#000000";
  document.dispatchEvent(new Event("themechange"));
  assert.deepEqual(fills, ["rgb(255 255 255)", "rgb(0 0 0)"]);
});
