// What can be set in the explorer, what its links look at, and what the API takes of it.

/** @import { Field } from "../types" */
/** @import { Stroke } from "./strokes.js" */

import { namesField, textField } from "../fields.js";
import { say } from "../words.js";
import { PATTERN } from "./asked.js";
import { SAMPLES } from "./samples.js";
import { cellsOf, formatStrokes, parseStrokes } from "./strokes.js";

/** @typedef {{ model: string, drawing: Stroke[], without: string[] }} Chosen */

const OPENING = 3; // the digit that the page opens with

/** @type {Field[]} */
export const FIELDS = [
  textField("model", say("explorer.model"), "digits", /^[\w-]{1,64}$/, say("explorer.a_model")),
  {
    name: "drawing",
    label: say("explorer.drawing"),
    initial: parseStrokes(SAMPLES[OPENING] ?? ""),
    parse: parseStrokes,
    format: (value) => formatStrokes(/** @type {Stroke[]} */ (value)),
  },
  namesField("without", say("explorer.without"), []),
];

/** What is looked at: a layer and a channel, and a row and a column; of a layer that gives a line, the layer and the feature. */
export const AT = textField("at", say("explorer.place"), "", /^\d{1,3}(,\d{1,5}(,\d{1,4},\d{1,4})?)?$/, say("explorer.a_place"));
/** Whose logit is explained, and how; see asked.js. */
export const WHY = textField("why", say("explorer.why"), "", PATTERN, say("explorer.a_reason"));

/** The input of a request: the drawing, and which steps of its preparation are left out. @param {Chosen} chosen */
export const inputOf = ({ drawing, without }) => ({
  input: [cellsOf(drawing)],
  prepare: Object.fromEntries(without.map((name) => [name, false])),
});
