// What the page says: texts by id with values in their places, in the form that goes with a count.

import assert from "node:assert/strict";
import { test } from "node:test";

import { say, speak } from "../../static/js/words.js";

speak("en", {
  plain: "Still to come",
  places: "{row} of {rows}, and {row} again",
  rows: "{count, plural, one {# row} other {# rows}}",
  both: "{rows, plural, one {row} other {# rows}} and {columns, plural, one {column} other {# columns}}",
  few: "{count, plural, one {# kolom} two {# kolomaj} other {# koloms}}",
});

const TEXTS = [
  [say("plain"), "Still to come"],
  [say("places", { row: 2, rows: 3 }), "2 of 3, and 2 again"],
  [say("places", { row: "$&", rows: "{row}" }), "$& of {row}, and $& again"],
  [say("rows", { count: 0 }), "0 rows"],
  [say("rows", { count: 1 }), "1 row"],
  [say("rows", { count: 1234 }), "1,234 rows"],
  [say("both", { rows: 1, columns: 2 }), "row and 2 columns"],
  [say("few", { count: 2 }), "2 koloms"],
  [say("no such text"), "no such text"],
];

for (const [text, expected] of TEXTS) test(`“${expected}”`, () => assert.equal(text, expected));
