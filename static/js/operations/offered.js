// The operations that a page lets choose among, with what can be set of each. The page carries them, as the catalogue has
// them.

/** @import { Control, Operation, State } from "../types" */

import { numberField } from "../fields.js";
import { numberIn } from "../values.js";

/** @typedef {{ name: string, title: string, kind: string, default?: number, minimum?: number }} Option */
/** @typedef {{ name: string, title: string, parameters: Option[] }} Offered */

/** @type {Offered[]} */
const OFFERED = JSON.parse(globalThis.document?.querySelector('[data-role="offered"]')?.textContent ?? "[]");

/** What each is called, by its name. @type {Record<string, string>} */
export const TITLES = Object.fromEntries(OFFERED.map(({ name, title }) => [name, title]));

/** The numbers that can be set of all of them: one that several have stands once. */
const NUMBERS = [
  ...new Map(OFFERED.flatMap(({ parameters }) => parameters.map((option) => [option.name, option]))).values(),
].filter(({ kind }) => kind === "number");

/** Whether an operation has an option. @param {string} operation @param {string} option */
export const has = (operation, option) =>
  OFFERED.some(({ name, parameters }) => name === operation && parameters.some((parameter) => parameter.name === option));

/** The options of an operation as the API takes them: those of these that it has, and its numbers. @param {string} operation @param {State} state @param {Record<string, unknown>} [given] */
export const optionsFor = (operation, state, given = {}) =>
  Object.fromEntries([
    ...Object.entries(given).filter(([name]) => has(operation, name)),
    ...NUMBERS.filter(({ name }) => has(operation, name)).map(({ name }) => [name, numberIn(state, name)]),
  ]);

/** A page with the numbers of all that it offers, behind the choice among them, each while an operation that has it is chosen: some open with another value than the engine's. @template {State} S @param {Operation<S>} page @param {string} choice @param {(state: State) => string} chosen @param {Record<string, number>} [opens] @returns {Operation} */
export const withNumbers = (page, choice, chosen, opens = {}) => numbered(page, choice, chosen, opens);

/** @param {Operation} page @param {string} choice @param {(state: State) => string} chosen @param {Record<string, number>} opens @returns {Operation} */
function numbered(page, choice, chosen, opens) {
  const fields = NUMBERS.map(({ name, title, default: initial, minimum = 0 }) => numberField(name, title, opens[name] ?? initial ?? minimum));
  /** @type {Control[]} */
  const controls = NUMBERS.map(({ name, title }) => ({ kind: "number", field: name, label: title, when: (state) => has(chosen(state), name) }));
  return {
    ...page,
    fields: page.fields.flatMap((field) => (field.name === choice ? [field, ...fields] : [field])),
    cards: page.cards.map((card) =>
      card.controls.some(({ field }) => field === choice) ? { ...card, controls: [...card.controls, ...controls] } : card,
    ),
  };
}
