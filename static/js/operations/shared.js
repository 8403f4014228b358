// What the tables of several operations share: how settings become a request, and controls that many have.

/** @import { ArrayChoice, Build, Control, PaddingChoice, Pair } from "../types" */

import { PADDINGS } from "../catalogue.js";
import { el } from "../draw/dom.js";
import { pairField } from "../fields.js";
import { say } from "../words.js";

/** What there is to choose among, from what each value is called. @param {Record<string, string>} labels */
export const optionsOf = (labels) => Object.entries(labels).map(([value, label]) => ({ value, label }));

/** Whether an array is drawn by a seed. @param {ArrayChoice | undefined} choice */
export const isRandom = (choice) => choice !== undefined && "preset" in choice && choice.preset === "random";

/** An array as the API takes it. @param {ArrayChoice} choice */
export const array = (choice) => ("values" in choice ? choice.values : choice);

/** A line of numbers as the API takes it. @param {ArrayChoice} choice */
export const vector = (choice) => ("values" in choice ? choice.values.flat(2) : { ...choice, channels: 1 });

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

/** @param {number} largest @returns {Control<{ input: ArrayChoice }>[]} */
export const inputControls = (largest) => [
  { kind: "swatches", field: "input", label: say("common.input") },
  { kind: "size", field: "input", label: say("operation.input_size"), limit: "input_size", min: 1, max: largest },
  {
    kind: "seed",
    field: "input",
    label: say("common.seed"),
    when: ({ input }) => "preset" in input && ["random", "signed"].includes(input.preset),
  },
  { kind: "tools", field: "input", label: say("common.input") },
];

/** An input of several channels. @type {{ title: string, controls: Control<{ input: ArrayChoice }>[] }} */
export const INPUT_CARD = {
  title: say("common.input"),
  controls: [...inputControls(32), { kind: "channels", field: "input", label: say("common.channels"), min: 1, max: 4 }],
};

/** The tool with which a grid of weights is pasted. @template {string} N @param {N} field @param {string} label @returns {Control<Record<N, ArrayChoice>>} */
export const pasteOf = (field, label) => ({ kind: "tools", field, label });

/** The settings that hold what slides, as links call them. */
export const NAMES = { weight: "kernel", second_weight: "kernel2" };

/** One kernel. @type {Control<{ kernel: ArrayChoice }>[]} */
export const KERNEL = [
  { kind: "kernels", field: "kernel", label: say("common.kernel") },
  { kind: "size", field: "kernel", label: say("common.kernel_size"), limit: "kernel_size" },
  pasteOf("kernel", say("common.kernel")),
];

/** What fills the padding. @type {Control<{ padding_mode: string }>} */
export const FILLING = { kind: "choice", field: "padding_mode", label: say("common.padding_mode"), limit: "padding_mode" };

/** @type {Control<{ stride: Pair, padding: PaddingChoice }>[]} */
export const WINDOW = [
  { kind: "pair", field: "stride", label: say("common.stride"), limit: "stride" },
  { kind: "pair", field: "padding", label: say("common.padding"), limit: "padding" },
];

/** How far apart the cells are that a kernel reads. */
export const spreadField = pairField("dilation", say("common.dilation"), [1, 1]);
/** @type {Control<{ dilation: Pair }>} */
export const spread = { kind: "pair", field: "dilation", label: say("common.dilation"), limit: "dilation" };

/** How windows slide, as the API takes it. @param {{ stride: Pair, padding: PaddingChoice, dilation: Pair }} state */
export const slidingOf = ({ stride, padding: around, dilation }) => ({ stride, padding: padding(around), dilation });

/** A kernel whose cells touch, over nothing but the input. @type {{ padding: PaddingChoice, padding_mode: string, dilation: Pair }} */
export const BARE = { padding: [0, 0], padding_mode: "zeros", dilation: [1, 1] };

/** What the engine says of a comparison, under the control that asks for it. @template {string} N @param {N} field @param {string} label @param {string} before what is said while nothing is compared @param {string} after what is added to the comparison @returns {{ kind: "custom", field: N, label: string, build: Build }} */
export const comparisonOf = (field, label, before, after) => ({
  kind: "custom",
  field,
  label,
  build: (_, __, updates, page) => {
    const note = el("p", { class: "field-note", "aria-live": "polite", "data-role": "comparison" });
    updates.push(() => {
      const sentence = page?.trace?.comparison?.description;
      const text = sentence ? `${sentence} ${after}` : before;
      if (note.textContent !== text) note.textContent = text; // a live region speaks whenever it is written
    });
    return note;
  },
});

/** What a padding is called by its name: without any cells it is the one without padding. @param {PaddingChoice} choice */
export function paddingNamed(choice) {
  if (typeof choice === "string") return choice;
  return choice.some(Boolean) ? "" : "valid";
}

/** @type {Control<{ padding: PaddingChoice }>} */
export const same = {
  kind: "choice",
  field: "padding",
  label: say("operation.padding_name"),
  limit: "padding_word",
  options: optionsOf(PADDINGS),
  read: ({ padding: chosen }) => paddingNamed(chosen),
};
