// The pieces that the set-up is made of: choices, numbers, flags, dials. Each says by itself what is wrong with it.

/** @import { Choice, Parameter } from "../catalogue.js" */
/** @import { OptionValue, OptionValues } from "./settings.js" */

import { UNITS } from "../catalogue.js";
import { chip, el } from "../draw/dom.js";
import { unbroken } from "../format.js";
import { readCell, readWhole } from "../input/numbers.js";
import { readNumbers } from "../input/reader.js";
import { messageOf, say } from "../words.js";
import { shownOptions } from "./choices.js";

let unique = 0;
const newId = () => `set-${(unique += 1)}`;

/** A list to choose from, with a sentence about what is chosen. @param {string} label @param {{ name: string, title: string, sentence?: string }[]} choices @param {(name: string) => void} choose */
export function select(label, choices, choose) {
  const id = newId();
  const options = choices.map(({ name, title }) => el("option", { value: name }, title));
  const input = el("select", { id }, ...options);
  const note = el("p", { class: "field-note" });
  input.addEventListener("change", () => choose(input.value));
  const node = el("div", { class: "setting" }, el("label", { for: id }, label), input);
  const show = (/** @type {string} */ name) => {
    input.value = name;
    note.textContent = unbroken(choices.find((choice) => choice.name === name)?.sentence ?? "");
  };
  return { node, note, input, show };
}

/**
 * A field for one value, read as its kind is; what cannot be read is said below it and nothing is changed.
 * @param {string} label @param {(text: string) => void} keep throws a sentence
 * @param {{ wide?: boolean, label?: string, whole?: boolean }} [options] its full name, where the label is short; a count needs digits alone
 */
export function entry(label, keep, options = {}) {
  const id = newId();
  const inputmode = options.whole ? "numeric" : "text"; // the decimal keys of phones have no minus and no letters
  const input = el("input", { type: "text", id, inputmode, autocomplete: "off", size: options.wide ? 9 : 4 });
  if (options.label) input.setAttribute("aria-label", options.label);
  const error = el("p", { class: "field-error", role: "alert", id: `${id}-error` });
  let typing = false; // what stands there is no value, or not one yet
  const take = () => {
    try {
      keep(input.value.trim());
      typing = false;
      complain("");
    } catch (problem) {
      typing = true;
      complain(`${label}: ${messageOf(problem)}.`);
    }
  };
  const complain = (/** @type {string} */ text) => {
    if (error.textContent === text) return; // it would be read out again
    error.textContent = text;
    input.toggleAttribute("aria-invalid", Boolean(text));
    if (text) input.setAttribute("aria-describedby", error.id);
    else input.removeAttribute("aria-describedby");
  };
  input.addEventListener("input", () => (typing = true));
  input.addEventListener("change", take);
  const node = el("div", { class: "setting" }, el("label", { for: id }, label), input);
  const show = (/** @type {string} */ text) => {
    if (document.activeElement === input && typing) return;
    const unread = typing;
    typing = false;
    if (input.value === text) return; // and so is what was said of it
    input.value = text;
    if (unread) complain(""); // what the server has against a value stands until it has looked again
  };
  return { node, input, error, show, complain };
}

/** Whether an option is counted. @param {Parameter} option */
const isWhole = ({ kind }) => ["whole", "size", "padding"].includes(kind);

/** @param {string} text @param {Parameter} option */
function readOption(text, option) {
  if (option.length) return readSeveral(text, option.length);
  return isWhole(option) ? readWhole(text) : readCell(text);
}

/** So many numbers in a row, in whichever way the text gives as many. @param {string} text @param {number} count */
function readSeveral(text, count) {
  const { readings, faults } = readNumbers(text);
  const rows = readings.map(({ planes }) => planes.flat(2)).filter((values) => values.length === count);
  if (rows.length === 1) return rows[0];
  throw new Error(faults[0] ?? say("training.not_numbers", { text, count }));
}

/** An option of a layer, an optimizer or a schedule. @param {Parameter} option @param {Choice} choice what it belongs to @param {(value: OptionValue) => void} keep */
function optionEntry(option, choice, keep) {
  const { name, title, kind, words = [] } = option;
  const valueIn = (/** @type {OptionValues} */ values) => values[name] ?? option.default ?? choice.opens[name];
  if (kind === "word") {
    const list = select(title, words.map((word) => ({ name: word, title: UNITS[word] ?? word })), keep);
    return { node: list.node, error: null, show: (/** @type {OptionValues} */ values) => list.show(String(valueIn(values))) };
  }
  const field = entry(title, (text) => keep(readOption(text, option)), {
    wide: kind === "numbers",
    whole: isWhole(option),
    label: `${choice.title}: ${title}`,
  });
  const show = (/** @type {OptionValues} */ values) => field.show([valueIn(values)].flat().join(", "));
  return { node: field.node, error: field.error, show };
}

/** The options of what is chosen, built anew when something else is. */
export class Options {
  node = el("div", { class: "options" });
  #name = "";
  /** @type {{ show: (values: OptionValues) => void }[]} */ #entries = [];

  /** @param {(option: string, value: OptionValue) => void} keep */
  constructor(keep) {
    this.keep = keep;
  }

  /** @param {Choice | undefined} choice @param {OptionValues} values */
  show(choice, values) {
    if (choice?.name !== this.#name) this.#build(choice);
    for (const { show } of this.#entries) show(values);
  }

  /** @param {Choice | undefined} choice */
  #build(choice) {
    this.#name = choice?.name ?? "";
    const made = choice ? shownOptions(choice).map((option) => optionEntry(option, choice, (value) => this.keep(option.name, value))) : [];
    this.#entries = made;
    this.node.replaceChildren(...made.flatMap(({ node, error }) => (error ? [node, error] : [node])));
  }
}

/** A box to tick. @param {string} label @param {(on: boolean) => void} change */
export function flag(label, change) {
  const { node, input } = chip(({ checked }) => change(checked), { type: "checkbox" }, label);
  return { node, input, show: (/** @type {boolean} */ on) => void (input.checked = on) };
}
