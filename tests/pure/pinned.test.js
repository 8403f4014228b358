// The pixel of the feature maps that is kept.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Pinned } from "../../static/js/feature-maps/pinned.js";
import { AT } from "../../static/js/feature-maps/settings.js";

let pinned = new Pinned();
beforeEach(() => {
  pinned = new Pinned();
  pinned.show(["corners", "outline"], 4, 6);
});

test("a pixel has the name of the kernel whose map is shown, and is let go by a second click", () => {
  pinned.toggle({ map: 1, row: 2, col: 3 });
  assert.deepEqual(pinned.cell, { id: "outline", row: 2, col: 3 });
  assert.deepEqual(pinned.spot, { map: 1, row: 2, col: 3 });
  pinned.toggle({ map: 1, row: 2, col: 3 });
  assert.equal(pinned.cell, null);
});

test("a pixel that the wall does not have is kept: the next one may have it", () => {
  pinned.toggle({ map: 1, row: 2, col: 3 });
  pinned.show(["outline"], 2, 3);
  assert.equal(pinned.spot, null);
  pinned.show(["outline"], 4, 6);
  assert.deepEqual(pinned.spot, { map: 0, row: 2, col: 3 });
});

for (const text of ["emboss,0,0", "corners,4,0", "corners,0,6"])
  test(`of a link, ${text} is said not to be there, and let go`, () => {
    const problems = /** @type {string[]} */ ([]);
    pinned.cell = AT.parse(text);
    assert.equal(pinned.check(problems), false);
    assert.deepEqual([problems, pinned.cell], [[`Pixel: there is no pixel “${text}” here.`], null]);
  });

for (const cell of [null, { id: "corners", row: 3, col: 5 }])
  test(`nothing is said of “${AT.format(cell)}”`, () => {
    const problems = /** @type {string[]} */ ([]);
    pinned.cell = cell;
    assert.equal(pinned.check(problems), true);
    assert.deepEqual([problems, pinned.cell], [[], cell]);
  });
