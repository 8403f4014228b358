// The explorer on paper: what is given, the answer, and why, with its equation; or the map or cell that is opened.

/** @import { Answer } from "./model.js" */

import { byRole } from "../draw/dom.js";
import { percent } from "../format.js";
import { startPaper } from "../paper.js";
import { say } from "../words.js";
import { nameOf } from "./model.js";
import { movedBy, titlesOf } from "./received.js";

/** @param {() => Answer | null} answer @param {() => Promise<unknown>} ready has why open, unless something else is looked at */
export function startExplorerPaper(answer, ready) {
  startPaper({ page: () => document.querySelector(".page"), settings: () => inWords(answer()), ready });
}

/** What is asked and what is given, as far as it is not seen. @param {Answer | null} answer @returns {[name: string, value: string][]} */
function inWords(answer) {
  if (!answer) return [];
  const { model, chosen } = answer;
  /** @type {[name: string, value: string][]} */
  const words = [
    [say("explorer.model"), nameOf(model)],
    [say("explorer.right_of_tests"), model.accuracy === null ? "" : percent(model.accuracy)],
    [say("common.picture"), byRole("given-note").textContent ?? ""],
    [say("explorer.without"), titlesOf(chosen.without).join(", ")],
    [say("explorer.moved"), chosen.moved.some(Boolean) ? movedBy(chosen.moved) : ""],
  ];
  return words.filter(([, value]) => value);
}
