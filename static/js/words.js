// What the page says, by id: it carries those texts of its language that its scripts use (cnn_server/words/en/pages.json).

/** @import { Texts } from "../../build/texts" */

import { grouped, related } from "./format.js";

/** @type {Record<string, string>} */
let texts = {};
let language = "en";
const PLACEHOLDER = /\{(\w+)(?:, plural,((?: \w+ \{[^{}]*\})+))?\}/g;
const FORM = / (\w+) \{([^{}]*)\}/g;

/** Speak a language by its texts: a page speaks its own from the beginning. @param {string} code @param {Record<string, string>} table */
export function speak(code, table) {
  language = code;
  texts = table;
}

const page = globalThis.document;
if (page) speak(page.documentElement.lang, JSON.parse(page.querySelector('[data-role="words"]')?.textContent ?? "{}"));

/** By which dates and times are written. */
export const LOCALE = language === "en" ? "en-GB" : language;

/** The form of a text that goes with a count; with other where a language has no form of its own for it. @param {string} forms @param {number} count */
function counted(forms, count) {
  const known = Object.fromEntries([...forms.matchAll(FORM)].map(([, name, text]) => [name, text]));
  return (known[new Intl.PluralRules(language).select(count)] ?? known["other"] ?? "").replace("#", grouped(count));
}

/** A text without places by an id that is put together of names: `page_texts.py` has to know which. @param {string} id */
export const textOf = (id) => texts[id] ?? id;

/**
 * A text in the language of the page, with these values in its places.
 * @template {keyof Texts} Id
 * @param {Id} id written out where it is used: by that the server knows which texts a page needs
 * @param {Texts[Id] extends null ? [] : [Texts[Id]]} values
 * @returns {string}
 */
export function say(id, ...[values]) {
  const text = textOf(id);
  if (!values) return text;
  /** @type {Record<string, string | number>} */
  const given = values;
  const filled = text.replace(PLACEHOLDER, (/** @type {string} */ _, /** @type {string} */ name, /** @type {string | undefined} */ forms) =>
    forms ? counted(forms, Number(given[name])) : String(given[name]),
  );
  return related(filled);
}

/** What an error says. @param {unknown} error */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/** Whether something was given up because nobody waits for it any more. @param {unknown} error */
export const isAborted = (error) => error instanceof Error && error.name === "AbortError";
