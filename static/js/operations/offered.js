// The operations that a page lets choose among, with what can be set of each. The page carries them, as the catalogue has
// them.

/** @typedef {{ name: string, title: string, default: number }} Option */
/** @typedef {{ name: string, title: string, parameters: Option[] }} Offered */

/** @type {Offered[]} */
const OFFERED = JSON.parse(globalThis.document?.querySelector('[data-role="offered"]')?.textContent ?? "[]");

/** What each is called, by its name. @type {Record<string, string>} */
export const TITLES = Object.fromEntries(OFFERED.map(({ name, title }) => [name, title]));

/** The options of all of them: one that several have stands once. */
export const OPTIONS = [...new Map(OFFERED.flatMap(({ parameters }) => parameters.map((option) => [option.name, option]))).values()];

/** Whether an operation has an option. @param {string} operation @param {string} option */
export const has = (operation, option) =>
  OFFERED.some(({ name, parameters }) => name === operation && parameters.some((parameter) => parameter.name === option));
