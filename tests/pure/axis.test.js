// Axes of charts: which ticks there are, as they are written, and where they stand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { domainOf, shareOf, tickText, ticksOf } from "../../static/js/draw/axis.js";

/** @type {[string, number[], { log?: boolean, high?: number }, string[], number[]][]} Values, options, the ticks as they are written, and where they stand */
const TICKS = [
  ["from 0", [1, 9], {}, ["0", "2", "4", "6", "8", "10"], [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ["powers of ten", [0.02, 30], { log: true }, ["0.01", "0.1", "1", "10", "100"], [0, 0.25, 0.5, 0.75, 1]],
  ["a logarithm has no place for 0", [0, -1, 5], { log: true }, ["1", "10"], [0, 1]],
  ["no higher than asked", [1, 1e30], { log: true, high: 1000 }, ["1", "10", "100", "1000"], [0, 1 / 3, 2 / 3, 1]],
  ["both signs", [-1, 1], {}, ["−1", "−0.5", "0", "0.5", "1"], [0, 0.25, 0.5, 0.75, 1]],
  ["small powers", [1e-6, 1e-5], { log: true }, ["10⁻⁶", "10⁻⁵"], [0, 1]],
  ["one value", [0.7, 0.7], {}, ["0.2", "0.4", "0.6", "0.8", "1", "1.2"], [0, 0.2, 0.4, 0.6, 0.8, 1]],
];

for (const [name, values, options, texts, shares] of TICKS)
  test(`ticks: ${name}`, () => {
    const domain = domainOf(values, options);
    assert.ok(domain);
    const ticks = ticksOf(domain, 5);
    assert.deepEqual(ticks.map(tickText), texts);
    const away = ticks.map((tick, index) => Math.abs(shareOf(tick, domain) - (shares[index] ?? NaN)));
    assert.ok(Math.max(...away) < 1e-6, `${away}`);
  });

test("where no value has a place there is no axis", () => assert.equal(domainOf([null, 0], { log: true }), null));
