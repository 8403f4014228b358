// The training page on paper: the network, its curves, and the set-up in words.

/** @import { State } from "../types" */
/** @import { Chosen } from "./settings.js" */

import { number } from "../format.js";
import { startPaper } from "../paper.js";
import { BEGINNINGS, chosen, SCHEDULES } from "./choices.js";
import { fieldNamed, optimizerTitle } from "./settings.js";

/** In the order of the set-up; the network itself stands above. */
const SHOWN = ["data", "samples", "imbalance", "optimizer", "rate", "schedule", "loss", "weights", "init", "batch", "epochs", "clip", "decay", "augment", "patience", "seed"];

/** @param {() => Chosen} state @param {() => void} drawn */
export function startTrainingPaper(state, drawn) {
  startPaper({ page: () => document.querySelector(".studio"), settings: () => settingsInWords(state()), drawn });
}

/** Those that do something. @param {Chosen} state @returns {[name: string, value: string][]} */
function settingsInWords(state) {
  /** @type {Record<string, string | undefined>} */
  const titles = {
    optimizer: optimizerTitle(state["optimizer"]),
    schedule: chosen(SCHEDULES, state["schedule"])?.title,
    init: chosen(BEGINNINGS, state["init"])?.title,
  };
  /** @type {State} */
  const values = state;
  return SHOWN.flatMap((name) => {
    const { label, format } = fieldNamed(name);
    const value = values[name];
    const written = titles[name] ?? (typeof value === "number" ? number(value) : format(value));
    return written && value !== 0 ? [[label, written]] : [];
  });
}
