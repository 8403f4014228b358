// What the tables of several operations share: how settings become a request, and controls that many have.

/** @import { ArrayChoice, Control, PaddingChoice } from "../types" */

import { say } from "../words.js";

/** What fills the padding. */
export const MODES = {
  zeros: say("option.zeros"),
  reflect: say("option.reflect"),
  replicate: say("option.replicate"),
  circular: say("option.circular"),
};
const PADDINGS = { valid: say("option.valid"), same: say("option.same"), same_lower: say("option.same_lower") };

/** What there is to choose among, from what each value is called. @param {Record<string, string>} labels */
export const optionsOf = (labels) => Object.entries(labels).map(([value, label]) => ({ value, label }));

/** An array as the API takes it. @param {ArrayChoice} choice */
export const array = (choice) => ("values" in choice ? choice.values : choice);

/** A kernel as the API takes it: one filter. @param {ArrayChoice} choice */
export const filter = (choice) => ("values" in choice ? [choice.values] : { preset: choice.preset, size: choice.size });

/** Four sides as the API takes them. @param {PaddingChoice} choice */
export const padding = (choice) =>
  Array.isArray(choice) && choice.length === 4
    ? [
        [choice[0], choice[1]],
        [choice[2], choice[3]],
      ]
    : choice;

/** @param {number} largest @returns {Control[]} */
export const inputOf = (largest) => [
  { kind: "swatches", field: "input", label: say("common.input") },
  { kind: "size", field: "input", label: say("operation.input_size"), limit: "input_size", min: 1, max: largest },
  {
    kind: "seed",
    field: "input",
    label: say("common.seed"),
    when: (state) => ["random", "signed"].includes(state["input"].preset),
  },
  { kind: "tools", field: "input", label: say("common.input") },
];

/** The tool with which a grid of weights is pasted. @param {string} field @param {string} label @returns {Control} */
export const pasteOf = (field, label) => ({ kind: "tools", field, label });

/** @type {Control[]} */
export const WINDOW = [
  { kind: "pair", field: "stride", label: say("common.stride"), limit: "stride" },
  { kind: "pair", field: "padding", label: say("common.padding"), limit: "padding" },
];

export const same = {
  kind: /** @type {const} */ ("choice"),
  field: "padding",
  label: say("operation.padding_name"),
  limit: "padding_word",
  options: optionsOf(PADDINGS),
};
