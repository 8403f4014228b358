// How each kind of setting is written in a link, and read back. A reader throws a sentence that says what is wrong.

/** @import { ArrayChoice, Field, GradientChoice, PaddingChoice, Pair, Target, TypedArray } from "./types" */

import { channelsIn, sizeOf } from "./arrays.js";
import { GRADIENTS, PADDINGS } from "./catalogue.js";
import { inFull } from "./format.js";
import { LARGEST, readCell, readLearned, readWhole } from "./input/numbers.js";
import { say } from "./words.js";

const MAX_WHOLE = 999_999_999;
/** The name of a person's own kernel among the others. */
export const OWN = "own";

const COLOUR = "rgb/"; // what values begin with whose channels are the colours of a picture

/** @param {string} text @param {number} low @param {number} [most] */
function parseWhole(text, low, most = MAX_WHOLE) {
  const value = readWhole(text);
  if (value < low) throw new Error(say("link.less", { text: inFull(value), low: inFull(low) }));
  if (value > most) throw new Error(say("link.more", { text: inFull(value), most: inFull(most) }));
  return value;
}

/** @param {string} text @param {number} low @param {number} [most] @returns {Pair} */
function parsePair(text, low, most) {
  const parts = text.split("x");
  if (parts.length > 2) throw new Error(say("link.pair", { text }));
  const [height = low, width = height] = parts.map((part) => parseWhole(part, low, most));
  return [height, width];
}

/** @param {Pair} pair */
const formatPair = ([height, width]) => (height === width ? `${height}` : `${height}x${width}`);

/** @param {string} text @param {(cell: string) => number} [read] @returns {number[][][]} */
function parseValues(text, read = readCell) {
  const channels = text.split("/").map((channel) => channel.split(";").map((row) => row.split(",").map((cell) => read(cell))));
  const rows = channels.flat();
  const width = rows[0]?.length ?? 0;
  const height = channels[0]?.length ?? 0;
  const ragged = rows.find((row) => row.length !== width);
  if (ragged) throw new Error(say("link.row_lengths", { width, ragged: ragged.length }));
  if (channels.some((channel) => channel.length !== height)) throw new Error(say("link.channel_heights"));
  if (height > LARGEST || width > LARGEST)
    throw new Error(say("link.too_large", { height, width, most: LARGEST }));
  return channels;
}

/** @param {string} text @returns {ArrayChoice} */
function parseArray(text) {
  const named = /^([a-z][a-z-]*?)-(\d+)x(\d+)(?:x(\d+))?(?:-(\d+))?$/.exec(text);
  if (text.startsWith(COLOUR)) {
    const values = parseValues(text.slice(COLOUR.length));
    if (values.length !== 3) throw new Error(say("link.colours", { values: values.length }));
    return { values, colour: true };
  }
  if (!named) return { values: parseValues(text) };
  const [, preset = "", height = "", width = "", channels = "1", seed = "0"] = named;
  /** @type {Pair} */
  const size = [parseWhole(height, 1), parseWhole(width, 1)];
  const large = size.find((side) => side > LARGEST);
  if (large) throw new Error(say("link.side", { large, most: LARGEST }));
  return { preset, size, channels: parseWhole(channels, 1), seed: parseWhole(seed, 0) };
}

/** @param {ArrayChoice} value */
function formatArray(value) {
  if ("values" in value)
    return (
      (value.colour ? COLOUR : "") +
      value.values.map((channel) => channel.map((row) => row.join(",")).join(";")).join("/")
    );
  const { preset, size, channels = 1, seed = 0 } = value;
  return `${preset}-${size[0]}x${size[1]}${channels > 1 ? `x${channels}` : ""}${seed ? `-${seed}` : ""}`;
}

/** @param {string} text @returns {PaddingChoice} */
function parsePadding(text) {
  if (Object.hasOwn(PADDINGS, text)) return text;
  if (text.includes(",")) {
    const sides = text.split(",").map((side) => parseWhole(side, 0));
    if (sides.length !== 4) throw new Error(say("link.four_sides"));
    return sides;
  }
  return parsePair(text, 0);
}

/** @param {PaddingChoice} value */
function formatPadding(value) {
  if (typeof value === "string") return value;
  const [height = 0, width = height] = value;
  return value.length === 4 ? value.join(",") : formatPair([height, width]);
}

/** @template {string} N @template V @param {N} name @param {string} label @param {V} initial @param {(text: string) => V} parse @param {(value: V) => string} format @returns {Field<N, V>} */
export const field = (name, label, initial, parse, format) => ({ name, label, initial, parse, format });

/** Makes fields of one kind. @template V @param {(text: string) => V} parse @param {(value: V) => string} format @returns {<N extends string>(name: N, label: string, initial: V) => Field<N, V>} */
export const fieldsRead = (parse, format) => (name, label, initial) => field(name, label, initial, parse, format);

export const arrayField = fieldsRead(parseArray, formatArray);

/** Numbers in a grid that keeps its size. @template {string} N @param {N} name @param {string} label @param {TypedArray} initial */
export const sizedField = (name, label, initial) =>
  field(name, label, initial, (text) => ofSize(parseArray(text), text, initial), formatArray);

/** The same of numbers that learning has made, which may be as large as they come. @template {string} N @param {N} name @param {string} label @param {TypedArray} initial */
export const learnedField = (name, label, initial) =>
  field(name, label, initial, (text) => ofSize({ values: parseValues(text, readLearned) }, text, initial), formatArray);

/** Numbers of the size of others. @param {ArrayChoice} value @param {string} text @param {TypedArray} initial */
function ofSize(value, text, initial) {
  if (!("values" in value)) throw new Error(say("link.no_numbers", { text }));
  const [given, size] = [shapeOf(value), shapeOf(initial)];
  if (given !== size) throw new Error(say("link.size", { given, size }));
  return value;
}

/** The size as people read it, with how many grids there are where there are several. @param {ArrayChoice} choice */
function shapeOf(choice) {
  const [channels, size] = [channelsIn(choice), sizeOf(choice).join(" × ")];
  return channels > 1 ? `${channels} × ${size}` : size;
}

/** @param {string} text @returns {TypedArray} */
const parseTyped = (text) => ({ values: parseValues(text) });

/** Numbers that a person typed, and nothing that has a name. */
export const typedField = fieldsRead(parseTyped, formatArray);

/** @param {string} text @returns {GradientChoice} */
function parseGradient(text) {
  const [, preset = "", seed] = /^([a-z]+)(?:-(\d+))?$/.exec(text) ?? [];
  if (!Object.hasOwn(GRADIENTS, preset)) return { values: parseValues(text) };
  return seed === undefined ? { preset } : { preset, seed: parseWhole(seed, 0) };
}

/** @param {GradientChoice} value */
function formatGradient(value) {
  if ("values" in value) return formatArray(value);
  return value.seed ? `${value.preset}-${value.seed}` : value.preset;
}

/** The gradient of an output, in the size that the output has. */
export const gradientField = fieldsRead(parseGradient, formatGradient);

/** @template {string} N @param {N} name @param {string} label @param {Pair} initial @param {number} [most] where the engine has no range for it */
export const pairField = (name, label, initial, most) =>
  field(name, label, initial, (text) => parsePair(text, 1, most), formatPair);

/** A pair that may be 0. */
export const zeroPairField = fieldsRead((text) => parsePair(text, 0), formatPair);

export const paddingField = fieldsRead(parsePadding, formatPadding);

/** @type {(value: number) => string} */
const formatNumber = String;

export const numberField = fieldsRead(readCell, formatNumber);

/** A number above 0. @param {string} text */
export function readPositive(text) {
  const value = readCell(text);
  if (value <= 0) throw new Error(say("link.not_above_0", { text }));
  return value;
}

export const positiveField = fieldsRead(readPositive, formatNumber);

/** @template {string} N @param {N} name @param {string} label @param {string} initial @param {string[] | Record<string, string>} options what a link calls them, with what the page calls them where that is known here: a sentence has no other names */
export const choiceField = (name, label, initial, options) => {
  const [names, titles] = Array.isArray(options) ? [options, null] : [Object.keys(options), Object.values(options)];
  const parse = (/** @type {string} */ text) => {
    if (names.includes(text)) return text;
    throw new Error(titles ? say("link.none_of", { text, options: titles.join(", ") }) : say("link.no_choice", { text }));
  };
  return { ...field(name, label, initial, parse, String), ...(titles && !Array.isArray(options) ? { options } : {}) };
};

/** @template {string} N @param {N} name @param {string} label @param {string} initial @param {RegExp} form @param {string} what */
export const textField = (name, label, initial, form, what) => {
  const parse = (/** @type {string} */ text) => {
    if (!form.test(text)) throw new Error(say("link.is_not", { text, what }));
    return text;
  };
  return field(name, label, initial, parse, String);
};

export const namesField = fieldsRead(
  (text) => {
    if (!/^[a-z-]+(,[a-z-]+)*$/.test(text)) throw new Error(say("link.names", { text }));
    return text.split(",");
  },
  (names) => names.join(","),
);

/** @template {string} N @param {N} name @param {string} label @param {number} initial @param {number} low @param {number} high */
export const wholeField = (name, label, initial, low, high) => ({
  ...field(name, label, initial, (text) => parseWhole(text, low, high), String),
  low,
  high,
});

export const flagField = fieldsRead(
  (text) => {
    if (text !== "yes" && text !== "no") throw new Error(say("link.yes_no", { text }));
    return text === "yes";
  },
  (isSet) => (isSet ? "yes" : "no"),
);

/** The step is a field like any other in the link; it is not one of the things that Undo takes back. */
export const STEP = field("step", say("common.step"), 0, (text) => parseWhole(text, 0), String);

const CELL = /^([a-z]+(?:-[a-z0-9]+)*),(\d{1,4}),(\d{1,4})$/;

/** A cell, or none: what it is of, its row and its column. @template {string} N @param {N} name @param {string} label @param {string} what @returns {Field<N, Target | null>} */
export const cellField = (name, label, what) => {
  const parse = (/** @type {string} */ text) => {
    const [, id, row, col] = CELL.exec(text) ?? [];
    if (id === undefined) throw new Error(say("link.is_not", { text, what }));
    return { id, row: Number(row), col: Number(col) };
  };
  return field(name, label, null, parse, (cell) => (cell ? `${cell.id},${cell.row},${cell.col}` : ""));
};

/** The cell that is pinned: its grid, its row and its column. */
export const PIN = cellField("pin", say("link.pin"), say("link.a_cell"));

/** How many steps a second are played: in the link of what steps, and like the step not one of the settings. */
export const SPEED = choiceField("speed", say("link.speed"), "1", ["0.5", "1", "2", "4", "8", "15", "30", "60"]);
