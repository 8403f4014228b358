// What can be chosen on a page: operations, layers, optimizers, losses and the like, each with its options. The page
// carries what the engine says of them (GET /api/catalogue says the same).

/** @import { Answered } from "./types" */
/** @import { Offered } from "./operations/offered.js" */
/** @import { Named } from "./training/settings.js" */

/** @typedef {Answered<"/api/catalogue", "get">} Catalogue */
/** @typedef {Catalogue["optimizers"][number]} Choice something to choose, by its `name`; `names` are the engine's, of which the first is written */
/** What it is called within a sentence. @typedef {Pick<Choice, "name" | "called">} Called */
/** @typedef {Choice["parameters"][number]} Parameter an option: what it accepts */

/** What is chosen by its name alone. @typedef {"landscapes" | "runners" | "paddings" | "padding_modes" | "units" | "gradients" | "dense_activations" | "depth_activations"} Listed */

/** @type {Partial<Omit<Catalogue, "operations"> & { operations: Offered[] } & Record<Listed, Record<string, string>>>} */
const carried = JSON.parse(globalThis.document?.querySelector('[data-role="choices"]')?.textContent ?? "{}");

export const { operations: OFFERED = [], layers: LAYERS = [], optimizers: OPTIMIZERS = [], schedules: SCHEDULES = [] } = carried;
export const { losses: LOSSES = [], initialisations: BEGINNINGS = [], augmentations: [AUGMENTATION] = [] } = carried;
/** What the page calls them, by their names. */
export const { landscapes: LANDSCAPES = {}, runners: RUNNERS = {}, paddings: PADDINGS = {}, padding_modes: PADDING_MODES = {} } = carried;
export const { units: UNITS = {}, gradients: GRADIENTS = {}, dense_activations: DENSE_ACTIVATIONS = {}, depth_activations: DEPTH_ACTIVATIONS = {} } = carried;

/** What every data set can be made with. @param {string} name @returns {Partial<Parameter>} */
export const datasetOption = (name) => carried.dataset_options?.find((option) => option.name === name) ?? {};

/** @template {Called} C @param {C[]} choices @param {string} name */
export const named = (choices, name) => choices.find((choice) => choice.name === name);

/** What choices are called within a sentence, by their names: all of them, or some. @param {Called[]} choices @param {string[]} [names] @returns {Record<string, string>} */
export const calledOf = (choices, names = choices.map(({ name }) => name)) =>
  Object.fromEntries(names.map((name) => [name, named(choices, name)?.called ?? name]));

/** An option of a choice. @param {Choice | undefined} choice @param {string} name @returns {Partial<Parameter>} */
export const optionOf = (choice, name) => choice?.parameters.find((parameter) => parameter.name === name) ?? {};

/** A choice with every option as it is at first, as the engine takes it. @param {Choice[]} choices @param {string} name @returns {Named} */
export function freshOf(choices, name) {
  const { names = [], opens, fixed } = named(choices, name) ?? {};
  return { name: names[0] ?? name, ...opens, ...fixed };
}
