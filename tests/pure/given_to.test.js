import assert from "node:assert/strict";
import { test } from "node:test";

import { firstOf, givenTo, OPENED } from "../../static/js/explorer/settings.js";
import { parseStrokes, SAMPLES } from "../../static/js/explorer/strokes.js";

const digits = { dataset: { name: "strokes" }, prepare: { grey: true, scale: true } };
const clothes = { dataset: { name: "clothes" }, prepare: { grey: true } };
const unknown = { dataset: null, prepare: {} };
const drawn = (drawing) => ({ image: "", sample: "", drawing });
const own = OPENED.slice(0, 1).map((stroke) => ({ ...stroke, points: stroke.points.slice(0, 2) }));

for (const [what, chosen, model, given] of [
  ["the opening drawing stays for a network that reads drawings, such as one's own", drawn(OPENED), digits, {}],
  ["so does another that was drawn for one", drawn(parseStrokes(SAMPLES[7])), digits, {}],
  ["so it does where nothing is known of what the network learned from", drawn(OPENED), unknown, {}],
  ["a network of pictures is given one of its own instead", drawn(OPENED), clothes, { image: "", sample: "0" }],
  ["what a person drew stays for every network", drawn(own), clothes, {}],
  ["so does what a person brought", { image: "a", sample: "", drawing: OPENED }, clothes, {}],
  ["the picture of another network does not", { image: "", sample: "4", drawing: OPENED }, digits, { image: "", sample: "", drawing: OPENED }],
  ["where nothing is drawn it begins anew", drawn([]), digits, { image: "", sample: "", drawing: OPENED }],
])
  test(what, () => assert.deepEqual(givenTo(chosen, model), given));

test("what is given first is the opening drawing, or a picture of the network's own", () => {
  assert.deepEqual([digits, unknown, clothes].map((model) => firstOf(model).sample), ["", "", "0"]);
});
