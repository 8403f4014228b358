// The page of feature maps on paper: the picture, its maps, and what was set.

/** @import { Field, State } from "../types" */
/** @import { Chosen } from "./settings.js" */

import { startPaper } from "../paper.js";
import { FIELDS } from "./settings.js";

const NAMES = ["relu", "stride", "pool", "pool_size"]; // the picture and the kernels are seen
/** @type {Field[]} */
const SHOWN = FIELDS.filter(({ name }) => NAMES.includes(name));

/** @param {State} state @returns {[name: string, value: string][]} */
const inWords = (state) => SHOWN.filter(({ when }) => !when || when(state)).map(({ name, label, format }) => [label, format(state[name])]);

/** @param {() => Chosen} chosen */
export function startMapsPaper(chosen) {
  startPaper({ page: () => document.querySelector(".page"), settings: () => inWords(chosen()) });
}
