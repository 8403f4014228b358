// What can be set in the explorer, what its links look at, and what the API takes of it.

/** @import { Field } from "../types" */
/** @import { Stroke } from "./strokes.js" */
/** @import { Change, Channel } from "./bending.js" */

import { choiceField, namesField, textField } from "../fields.js";
import { say } from "../words.js";
import { PATTERN } from "./asked.js";
import { CHANGES, OFF } from "./bending.js";
import { SAMPLES } from "./samples.js";
import { cellsOf, formatStrokes, parseStrokes } from "./strokes.js";

/** @typedef {{ model: string, drawing: Stroke[], without: string[], colours: string, changes: Change[], off: Channel[] }} Chosen */

/** The network that the page opens with. */
export const DIGITS = "digits";
const OPENING = 3; // the digit that the page opens with

/** @type {Field[]} */
export const FIELDS = [
  textField("model", say("explorer.model"), DIGITS, /^[\w-]{1,64}$/, say("explorer.a_model")),
  {
    name: "drawing",
    label: say("explorer.drawing"),
    initial: parseStrokes(SAMPLES[OPENING] ?? ""),
    parse: parseStrokes,
    format: (value) => formatStrokes(/** @type {Stroke[]} */ (value)),
  },
  namesField("without", say("explorer.without"), []),
  choiceField("colours", say("explorer.colours"), "layer", ["map", "layer", "all"]),
  CHANGES,
  OFF,
];

/** What is looked at: a layer and a channel, and a row and a column; of a layer that gives a line, the layer and the feature. */
export const AT = textField("at", say("explorer.place"), "", /^\d{1,3}(,\d{1,5}(,\d{1,4},\d{1,4})?)?$/, say("explorer.a_place"));
/** Whose logit is explained, and how; see asked.js. */
export const WHY = textField("why", say("explorer.why"), "", PATTERN, say("explorer.a_reason"));

/** The input of a request: the drawing, which steps of its preparation are left out, and what is bent. @param {Chosen} chosen */
export const inputOf = ({ drawing, without, changes, off }) => ({
  input: [cellsOf(drawing)],
  prepare: Object.fromEntries(without.map((name) => [name, false])),
  ...(changes.length ? { changes } : {}),
  ...(off.length ? { off } : {}),
});
