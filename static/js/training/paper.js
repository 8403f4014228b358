// The training page on paper: the network, its curves, and the set-up in words.

/** @import { State } from "../types" */

import { number } from "../format.js";
import { startPaper } from "../paper.js";
import { BEGINNINGS, chosen, SCHEDULES } from "./choices.js";
import { fieldNamed, optimizerTitle } from "./settings.js";

/** In the order of the set-up; the network itself stands above. */
const SHOWN = ["data", "samples", "imbalance", "optimizer", "rate", "schedule", "loss", "weights", "init", "batch", "epochs", "clip", "decay", "augment", "patience", "seed"];

/** @param {() => State} state @param {() => void} drawn */
export function startTrainingPaper(state, drawn) {
  startPaper({ page: () => document.querySelector(".studio"), settings: () => settingsInWords(state()), drawn });
}

/** Those that do something. @param {State} state @returns {[name: string, value: string][]} */
function settingsInWords(state) {
  const titles = {
    optimizer: optimizerTitle(state["optimizer"]),
    schedule: chosen(SCHEDULES, state["schedule"])?.title,
    init: chosen(BEGINNINGS, state["init"])?.title,
  };
  return SHOWN.flatMap((name) => {
    const { label, format } = fieldNamed(name);
    const value = state[name];
    const written = titles[/** @type {keyof typeof titles} */ (name)] ?? (typeof value === "number" ? number(value) : format(value));
    return written && value !== 0 ? [[label, written]] : [];
  });
}
