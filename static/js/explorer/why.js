// What the API says of a reason.

/** @import { Answers } from "./model.js" */

/** @typedef {Answers["why"]} Why */
/** @typedef {NonNullable<Why["largest"]>} Switched */
/** @typedef {Answers["why-cell"]} Reckoned */

export {};
