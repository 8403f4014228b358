// What can be set in the explorer, what its links look at, and what the API takes of it.

/** @import { Field, Settings, State } from "../types" */
/** @import { Model } from "./model.js" */
/** @import { Stroke } from "./strokes.js" */

import { choiceField, flagField, namesField, textField, wholeField } from "../fields.js";
import { say } from "../words.js";
import { PATTERN } from "./reason-settings.js";
import { CHANGES, OFF } from "./bending.js";
import { cellsOf, formatStrokes, parseStrokes, SAMPLES } from "./strokes.js";

/** What a network is given is a picture by its id, else a sample of its data set by its number, else a drawing. @typedef {Settings<typeof FIELDS>} Chosen */
/** @typedef {Settings<typeof VIEW>} View what a link looks at */

const OPENING = 3; // the digit that the page opens with
export const DIGITS = "digits"; // the network that it opens with
export const FURTHEST = 9; // pixels that what is received can be moved by

/** Of what the strongest colour is the largest number. */
export const SCALES = { map: say("scale.each_map"), layer: say("scale.each_layer"), all: say("scale.all_layers") };

/** @param {string} text */
function parseMoved(text) {
  if (!/^-?\d,-?\d$/.test(text)) throw new Error(say("explorer.no_move", { text, most: FURTHEST }));
  return text.split(",").map(Number);
}

/** The drawing that it opens with. */
export const OPENED = parseStrokes(SAMPLES[OPENING] ?? "");
/** @type {Field<"drawing", Stroke[]>} */
const DRAWING = {
  name: "drawing",
  label: say("explorer.drawing"),
  initial: OPENED,
  parse: parseStrokes,
  format: formatStrokes,
  when: ({ image, sample }) => !image && !sample,
};

/** @type {Field<"moved", number[]>} */
const MOVED = { name: "moved", label: say("explorer.moved"), initial: [0, 0], parse: parseMoved, format: String };

export const FIELDS = [
  textField("model", say("explorer.model"), DIGITS, /^[\w-]{1,64}$/, say("explorer.a_model")),
  textField("image", say("common.picture"), "", /^[\w-]{1,100}$/, say("maps.a_picture")),
  { ...textField("sample", say("explorer.sample"), "", /^\d{1,6}$/, say("explorer.a_sample")), when: (/** @type {State} */ { image }) => !image },
  DRAWING,
  namesField("without", say("explorer.without"), []),
  MOVED,
  flagField("frozen", say("explorer.frozen"), false),
  choiceField("colours", say("explorer.colours"), "layer", SCALES),
  CHANGES,
  OFF,
  wholeField("unsure", say("doubt.label"), 0, 0, 100),
  textField("learns", say("learned.label"), "", /^\d{1,3},\d{1,5}(,\d{1,2})?$/, say("learned.a_map")),
];

/** A layer and a channel, and a row and a column; of a layer that gives a line, the layer and the feature. */
const ADDRESS = /^\d{1,3}(,\d{1,5}(,\d{1,4},\d{1,4})?)?$/;

/** What is looked at. */
export const VIEW = [
  textField("at", say("explorer.place"), "", ADDRESS, say("explorer.a_place")),
  textField("channel", say("explorer.cell_channel"), "", /^\d{1,5}$/, say("explorer.a_channel")), // that is shown, of those that a cell adds up
  textField("why", say("explorer.why"), "", PATTERN, say("explorer.a_reason")), // see reason-settings.js
  textField("pinned", say("explorer.pinned"), "", ADDRESS, say("explorer.a_place")),
];

/** Whether a network reads what people draw: it learned from drawings, or nothing is known of what it learned from. @param {Pick<Model, "dataset" | "prepare">} model */
const readsDrawings = ({ dataset, prepare }) => !dataset || Boolean(prepare["scale"]);

/** What a network is given first. @param {Pick<Model, "dataset" | "prepare">} model @returns {Partial<Chosen>} */
export const firstOf = (model) => (readsDrawings(model) ? { image: "", sample: "", drawing: OPENED } : { image: "", sample: "0" });

/** What another network is given: what a person drew or brought, or any drawing where it reads such, else what is given to it first. @param {Pick<Chosen, "image" | "sample" | "drawing">} chosen @param {Pick<Model, "dataset" | "prepare">} model @returns {Partial<Chosen>} */
export function givenTo({ image, sample, drawing }, model) {
  const isDrawn = !sample && drawing.length > 0;
  const stays = image || (isDrawn && (readsDrawings(model) || !SAMPLES.includes(formatStrokes(drawing))));
  return stays ? {} : firstOf(model);
}

/** The steps by which what is given is prepared: a sample goes as it is to a network that learned from such. @param {Model} model @param {Pick<Chosen, "image" | "sample">} chosen */
export const stepsOf = ({ prepare }, { image, sample }) =>
  sample && !image && !prepare["scale"] ? [] : Object.keys(prepare).filter((name) => prepare[name]);

/** What of a network is bent, as requests have it. @param {Pick<Chosen, "changes" | "off">} chosen */
export const bentOf = ({ changes, off }) => ({ ...(changes.length ? { changes } : {}), ...(off.length ? { off } : {}) });

/** The input of a request: what is given, which steps of its preparation are left out, how it is moved at last, and what is bent. @param {Model} model @param {Chosen} chosen */
export function requestedInput(model, chosen) {
  const { image, sample, drawing, without, moved } = chosen;
  const input = image ? { image } : sample ? { sample: Number(sample) } : cellsOf(drawing);
  const isPrepared = image || !sample || stepsOf(model, { image, sample }).length > 0;
  const prepare = isPrepared ? { prepare: Object.fromEntries(without.map((name) => [name, false])) } : {};
  return { input, ...prepare, ...(moved.some(Boolean) ? { moved } : {}), ...bentOf(chosen) };
}
