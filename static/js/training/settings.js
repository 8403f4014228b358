// What is set before a run, and how a link holds it; what the API takes of it is in requests.js.

/** @import { Field, Settings } from "../types" */
/** @import { Parameter } from "../catalogue.js" */

import { datasetOption, freshOf, OPTIMIZERS, optionOf } from "../catalogue.js";
import { choiceField, field, fieldsRead, textField, wholeField } from "../fields.js";
import { readCell, readWhole } from "../input/numbers.js";
import { needed } from "../needed.js";
import { say } from "../words.js";
import { chosen, LOSSES, OWN_LOSS } from "./choices.js";

/** @typedef {number | string | boolean | null | (number | string)[]} OptionValue */
/** @typedef {Record<string, OptionValue>} OptionValues by the names of the options */
/** @typedef {{ name: string, [option: string]: OptionValue }} Named an optimizer, a schedule or the like with its options */
/** @typedef {{ layer: string, [option: string]: OptionValue }} Layer a layer with its options */
/** @typedef {Settings<typeof FIELDS>} Chosen what is set up */

const COMPARED = { none: say("option.none"), batches: say("scenarios.batches"), strides: say("scenarios.strides") };
/** What the clock of runs side by side can count. */
export const COUNTED = { update: say("training.by_update"), epoch: say("training.by_epoch") };
const MAX_EPOCHS = 1000;
const OPENING_SPEED = 20;
const MOST = 9_999_999; // of samples, and of steps a second

/** @param {OptionValue} value */
const formatValue = (value) => (Array.isArray(value) ? value.join("x") : String(value));

/** @param {string} text */
function parseValue(text) {
  if (text === "true" || text === "false") return text === "true";
  if (/^[a-z_]+$/i.test(text)) return text;
  return text.includes("x") ? text.split("x").map(readCell) : readCell(text);
}

/** Options as a link has them: `kernel_size=3,padding=1`. @param {OptionValues} options */
const formatOptions = (options) =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${formatValue(value)}`)
    .join(",");

/** @param {string} text @returns {OptionValues} */
function parseOptions(text) {
  if (!text) return {};
  return Object.fromEntries(
    text.split(",").map((part) => {
      const [name = "", value] = part.split("=");
      if (!/^[a-z_]+$/i.test(name) || !value) throw new Error(say("training.not_option", { part }));
      return [name, parseValue(value)];
    }),
  );
}

/** `conv2d:out_channels=8,kernel_size=3`. @param {OptionValues} named @param {string} key what the name is under */
function formatNamed(named, key) {
  const { [key]: name, ...options } = named;
  const written = formatOptions(options);
  return written ? `${name}:${written}` : String(name);
}

/** @param {string} text */
function parseNamed(text) {
  const [name = "", options = ""] = text.split(":");
  if (!/^[a-z0-9_]+$/.test(name)) throw new Error(say("training.not_name", { name }));
  return { name, options: parseOptions(options) };
}

/** @param {string} text @returns {Named} */
function parseChoice(text) {
  const { name, options } = parseNamed(text);
  return { name, ...options };
}

const namedField = fieldsRead(parseChoice, (value) => formatNamed(value, "name"));

/** A number within the bounds of what the engine takes. @template {string} N @param {N} name @param {string} label @param {number} initial @param {Partial<Parameter>} bounds */
const amountField = (name, label, initial, { minimum = -Infinity, maximum = Infinity, above = -Infinity }) => {
  const parse = (/** @type {string} */ text) => {
    const value = readCell(text);
    if (value <= above) throw new Error(say("training.above", { text, above }));
    if (value >= minimum && value <= maximum) return value;
    throw new Error(maximum < Infinity ? say("training.not_between", { text, minimum, maximum }) : say("training.at_least", { text, minimum }));
  };
  return field(name, label, initial, parse, String);
};

/** What every optimizer takes. @param {string} name */
const optimizerOption = (name) => optionOf(OPTIMIZERS[0], name);

/** A whole number, or a word that stands for null. @template {string} N @param {N} name @param {string} label @param {number | null} initial @param {string} word @returns {Field<N, number | null>} */
const orField = (name, label, initial, word) => {
  const parse = (/** @type {string} */ text) => {
    if (text === word) return null;
    if (!/\d/.test(text)) throw new Error(say("training.not_count", { text, word }));
    const value = readWhole(text);
    if (value < 1 || value > MOST) throw new Error(say("training.out_of_range", { text, most: MOST }));
    return value;
  };
  return field(name, label, initial, parse, (value) => (value === null ? word : String(value)));
};

/** Weights of the classes: none, "balanced", or a number for each class. @type {Field<"weights", string | number[] | null>} */
const WEIGHTS = {
  name: "weights",
  label: say("training.class_weights"),
  initial: null,
  parse(text) {
    if (text === "none") return null;
    if (text === "balanced") return text;
    if (!/^[\d.,;\s]+$/.test(text)) throw new Error(say("training.not_weights", { text }));
    return text.split(/[;\s]/.test(text) ? /,?\s+|;\s*/ : ",").map(readCell); // with blanks between them, commas may be decimal
  },
  format: (value) => (value === null ? "none" : [value].flat().join(",")),
};

/** The lesson's network: twice convolution, ReLU and pooling, then one dense layer. @type {Layer[]} */
const LESSON = [
  { layer: "conv2d", out_channels: 8, kernel_size: 3, padding: 1 },
  { layer: "relu" },
  { layer: "max_pool2d", kernel_size: 2 },
  { layer: "conv2d", out_channels: 16, kernel_size: 3, padding: 1 },
  { layer: "relu" },
  { layer: "max_pool2d", kernel_size: 2 },
  { layer: "flatten" },
  { layer: "linear", out_features: 10 },
];

/** @type {Field<"net", Layer[]>} */
const NET = {
  name: "net",
  label: say("training.network"),
  initial: LESSON,
  parse: (text) =>
    text.split(";").map((layer) => {
      const { name, options } = parseNamed(layer);
      return { layer: name, ...options };
    }),
  format: (value) => value.map((layer) => formatNamed(layer, "layer")).join(";"),
};

/** @type {Field<"augment", OptionValues>} */
const AUGMENT = { name: "augment", label: say("training.augmentation"), initial: {}, parse: parseOptions, format: formatOptions };

export const FIELDS = [
  textField("data", say("training.data_set"), "digits", /^[\w-]{1,60}$/, say("training.name_data_set")),
  NET,
  namedField("optimizer", say("training.optimizer"), freshOf(OPTIMIZERS, "adam")),
  amountField("rate", say("common.learning_rate"), 0.003, optimizerOption("learning_rate")),
  namedField("schedule", say("common.schedule"), { name: "constant" }),
  orField("batch", say("training.batch_size"), 32, "all"),
  wholeField("epochs", say("training.epochs"), 15, 1, MAX_EPOCHS),
  orField("samples", say("training.training_samples"), null, "all"),
  amountField("decay", say("training.weight_decay"), 0, optimizerOption("weight_decay")),
  AUGMENT,
  wholeField("patience", say("training.early_stopping"), 0, 0, MAX_EPOCHS),
  amountField("clip", say("training.gradient_clipping"), 0, { minimum: 0 }),
  wholeField("seed", say("common.seed"), 0, 0, 999_999_999),
  choiceField("loss", say("common.loss"), OWN_LOSS, Object.fromEntries(LOSSES.map(({ name, title }) => [name, title]))),
  namedField("init", say("training.weights_begin"), { name: "he" }),
  WEIGHTS,
  amountField("imbalance", say("training.imbalance"), 1, datasetOption("imbalance")),
  orField("speed", say("training.speed"), OPENING_SPEED, "max"),
  choiceField("compare", say("training.side_side"), "none", COMPARED),
];

/** The same for what looks at all of them, whatever their values are. @type {Field[]} */
export const TABLE = FIELDS;

/** How the value of a field is told and read: as a link does. @param {string} name */
export const fieldNamed = (name) => needed(TABLE.find((field) => field.name === name));

/** What is looked at: in the link as well, but nothing that Undo takes back. */
export const VIEW = [
  textField("run", say("training.run"), "", /^[\w-]{1,80}$/, say("training.name_run")),
  textField("side", say("training.side_side"), "", /^[\w-]{1,80}(,[\w-]{1,80})*$/, say("training.list_runs")),
  choiceField("clock", say("training.clock"), "epoch", COUNTED),
  textField("over", say("training.earlier_runs"), "", /^[\w-]{1,80}(,[\w-]{1,80})*$/, say("training.list_runs")),
  wholeField("sample", say("common.picture"), 0, 0, 9_999_999),
  choiceField("scale", say("training.scale"), "layer", { layer: say("scale.each_layer"), map: say("scale.each_map") }),
  textField("weight", say("training.followed"), "", /^\d{1,3}\.weight(,\d{1,7}){2,4}$/, say("training.a_weight")),
];

/** The name of an optimizer with its options, for people. @param {Named} optimizer */
export const optimizerTitle = (optimizer) => chosen(OPTIMIZERS, optimizer)?.title ?? optimizer["name"];
