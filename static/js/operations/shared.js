// What the tables of several operations share: how settings become a request, and controls that many have.

/** @import { ArrayChoice, Control, PaddingChoice } from "../types" */

import { PADDING_WORDS } from "../fields.js";

export const MODES = ["zeros", "reflect", "replicate", "circular"];

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
  { kind: "swatches", field: "input", label: "Input", source: "inputs" },
  { kind: "size", field: "input", label: "Input size", limit: "input_size", min: 1, max: largest },
  {
    kind: "seed",
    field: "input",
    label: "Seed",
    when: (state) => ["random", "signed"].includes(state["input"].preset),
  },
  { kind: "tools", field: "input", label: "Input" },
];

/** The tool with which a grid of weights is pasted. @param {string} field @param {string} label @returns {Control} */
export const pasteOf = (field, label) => ({ kind: "tools", field, label });

/** @type {Control[]} */
export const WINDOW = [
  { kind: "pair", field: "stride", label: "Stride", limit: "stride" },
  { kind: "pair", field: "padding", label: "Padding", limit: "padding" },
];

export const same = {
  kind: /** @type {const} */ ("choice"),
  field: "padding",
  label: "Padding by name",
  limit: "padding_word",
  options: PADDING_WORDS.map((value) => ({ value, label: value.replace("_", " ") })),
};
