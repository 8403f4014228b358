// The operations that a page lets choose among, with what can be set of each. The page carries them, as the catalogue has
// them.

/** @import { Control, Field, Forward, Operation, State } from "../types" */

import { entitle } from "../api.js";
import { OFFERED } from "../catalogue.js";
import { choiceField, flagField, numberField, positiveField, wholeField } from "../fields.js";

/** @typedef {{ name: string, title: string, kind: string, default?: string | number | boolean, opens?: number, minimum?: number, maximum?: number, above?: number, labels?: Record<string, string>, suggested?: number[], needs?: [name: string, word: string], linked?: string }} Option */
/** @typedef {{ name: string, linked: string, title: string, choice: string, gradient: string, by: string, parameters: Option[] }} Offered */
/** An option, the field that holds it, and the operations that have it. @typedef {{ option: Option, field: string, operations: string[] }} Setting */
/** @typedef {(name: string, option: Option) => Field} MakeField */
/** @typedef {(option: Option) => Pick<Control, "kind" | "options">} MakeControl */

for (const { name, title } of OFFERED.flatMap(({ parameters }) => parameters)) entitle(name, title); // in refusals as well
const MOST = 999;

/** @param {Option} option */
const opening = ({ opens, default: usual, minimum = 0 }) => Number(opens ?? usual ?? minimum);

/** @type {MakeField} */
const oneNumber = (name, option) => (option.above === 0 ? positiveField : numberField)(name, option.title, opening(option));

/** @type {MakeControl} */
const typed = ({ suggested }) => ({
  kind: "number",
  ...(suggested ? { options: suggested.map((value) => ({ value, label: String(value) })) } : {}),
});

/** How an option of each kind is set. @type {Record<string, { field: MakeField, control: MakeControl }>} */
const KINDS = {
  number: { field: oneNumber, control: typed },
  scale: { field: oneNumber, control: typed },
  whole: {
    field: (name, option) => wholeField(name, option.title, opening(option), option.minimum ?? -MOST, option.maximum ?? MOST),
    control: typed,
  },
  word: {
    field: (name, { title, default: usual, labels = {} }) => choiceField(name, title, String(usual ?? Object.keys(labels)[0]), labels),
    control: () => ({ kind: "choice" }),
  },
  flag: { field: (name, { title, default: usual }) => flagField(name, title, usual === true), control: () => ({ kind: "flag" }) },
};

/** The settings of these operations: options that are declared alike are one, and what needs another comes behind. @param {Offered[]} rows @returns {Setting[]} */
function settingsOf(rows) {
  /** @type {Setting[]} */
  const settings = [];
  for (const { name: operation, linked, parameters } of rows)
    for (const option of parameters) {
      const called = option.linked ?? option.name;
      const alike = settings.find((setting) => JSON.stringify(setting.option) === JSON.stringify(option));
      const isTaken = settings.some(({ field }) => field === called);
      if (alike) alike.operations.push(operation);
      else settings.push({ option, operations: [operation], field: isTaken ? `${linked}_${option.name}` : called });
    }
  return [...settings.filter(({ option }) => !option.needs), ...settings.filter(({ option }) => option.needs)];
}

/** What a page offers beside the operations that it asks for by itself. */
export class Offer {
  #choice;
  #rows;
  /** @type {Setting[]} */ #settings;

  /** @param {string} choice the field that says what is chosen @param {string[]} [own] the operations that the page asks for by itself */
  constructor(choice, own = []) {
    this.#choice = choice;
    this.#rows = OFFERED.filter(({ name }) => !own.includes(name));
    this.#settings = settingsOf(this.#rows);
  }

  /** What each is called as a choice, by what links call it. */
  names() {
    return Object.fromEntries(this.#rows.map((row) => [row.linked, row.choice]));
  }

  /** What is chosen, where that is not the page's own. @param {State} state */
  chosen(state) {
    return this.#rows.find(({ linked }) => linked === state[this.#choice]);
  }

  /** Whether there are gradients of what is chosen. @param {State} state */
  hasGradient(state) {
    return this.chosen(state)?.gradient !== "";
  }

  /** The settings of what is chosen that have an effect beside the others. @param {State} state */
  #effective(state) {
    const { name = "" } = this.chosen(state) ?? {};
    const own = this.#settings.filter(({ operations }) => operations.includes(name));
    const fieldOf = (/** @type {string} */ needed) => own.find(({ option }) => option.name === needed)?.field ?? "";
    return own.filter(({ option: { needs } }) => !needs || state[fieldOf(needs[0])] === needs[1]);
  }

  /** A control, or a setting of a link: of what is offered where that has such an option, else where the page says so. @param {(state: never) => boolean} own @returns {<T extends { when?: unknown } & ({ name: string } | { field: string })>(part: T) => T} */
  where = (own) => (part) => ({
    ...part,
    when: (/** @type {never} */ state) => {
      const chosen = this.chosen(state);
      const field = "field" in part ? part.field : part.name;
      return chosen ? chosen.parameters.some(({ name }) => name === field) : own(state);
    },
  });

  /** The arguments of what is chosen: an input, its own settings, and those of the page that it has. @param {State} state @param {Record<string, unknown>} given @returns {Record<string, unknown>} */
  body(state, { input, ...given }) {
    const options = this.#effective(state).map(({ option, field }) => [option.name, given[option.name] ?? state[field]]);
    return { input, ...Object.fromEntries(options) };
  }

  /** A page with what can be set of all that it offers, each while it has an effect. @template {State} S @param {Forward<S>} page @returns {Forward} */
  withOptions = (page) => this.#extended(page);

  /** @param {Forward} page @returns {Forward} */
  #extended(page) {
    const settings = this.#settings.filter(({ option, field }) => option.kind in KINDS && page.fields.every(({ name }) => name !== field));
    const when = (/** @type {string} */ field) => (/** @type {State} */ state) => this.#effective(state).some((setting) => setting.field === field);
    const fields = settings.flatMap(({ option, field }) => KINDS[option.kind]?.field(field, option) ?? []).map((field) => ({ ...field, when: when(field.name) }));
    /** @type {Control[]} */
    const controls = settings.flatMap(({ option, field }) => {
      const made = KINDS[option.kind]?.control(option);
      return made ? [{ ...made, field, label: option.title, when: when(field) }] : [];
    });
    return {
      ...page,
      fields: page.fields.flatMap((field) => (field.name === this.#choice ? [field, ...fields] : [field])),
      cards: this.#placed(page.cards, controls),
    };
  }

  /** Controls behind the choice among operations; where that is one of *More*, on a card of their own before those. @param {Operation["cards"]} cards @param {Control[]} controls @returns {Operation["cards"]} */
  #placed(cards, controls) {
    const isChoice = (/** @type {Operation["cards"][number]} */ card) => card.controls.some(({ field }) => field === this.#choice);
    if (!cards.find(isChoice)?.more) return cards.map((card) => (isChoice(card) ? { ...card, controls: [...card.controls, ...controls] } : card));
    const own = { title: (/** @type {State} */ state) => this.chosen(state)?.title ?? "", controls };
    return [...cards.filter(({ more }) => !more), own, ...cards.filter(({ more }) => more)];
  }
}
