// The training page on paper: the network, its curves, and the set-up in words.

/** @import { State } from "../types" */
/** @import { Chosen } from "./settings.js" */

import { BEGINNINGS, SCHEDULES } from "../catalogue.js";
import { number } from "../format.js";
import { startPaper } from "../paper.js";
import { chosen, LOSSES } from "./choices.js";
import { fieldNamed, optimizerTitle } from "./settings.js";

/** In the order of the set-up; the network itself stands above. */
const SHOWN = ["data", "samples", "imbalance", "optimizer", "rate", "schedule", "loss", "weights", "init", "batch", "epochs", "clip", "decay", "augment", "patience", "seed"];

/** @param {() => Chosen} state @param {() => { name: string, title: string }[]} datasets that there are @param {() => void} drawn */
export function startTrainingPaper(state, datasets, drawn) {
  startPaper({ page: () => document.querySelector(".studio"), settings: () => settingsInWords(state(), datasets()), drawn });
}

/** @param {{ name: string, title: string }[]} choices @param {unknown} chosen */
const titleIn = (choices, chosen) => choices.find(({ name }) => name === chosen)?.title;

/** Those that do something. @param {Chosen} state @param {{ name: string, title: string }[]} datasets @returns {[name: string, value: string][]} */
function settingsInWords(state, datasets) {
  /** @type {Record<string, string | undefined>} */
  const titles = {
    data: titleIn(datasets, state["data"]),
    loss: titleIn(LOSSES, state["loss"]),
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
