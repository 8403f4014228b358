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
  const given = byRole("given-note").textContent ?? "";
  return [
    [say("explorer.model"), nameOf(model)],
    ...(model.accuracy === null ? [] : [pair(say("explorer.right_of_tests"), percent(model.accuracy))]),
    ...(given ? [pair(say("common.picture"), given)] : []),
    ...(chosen.without.length ? [pair(say("explorer.without"), titlesOf(chosen.without).join(", "))] : []),
    ...(chosen.moved.some(Boolean) ? [pair(say("explorer.moved"), movedBy(chosen.moved))] : []),
  ];
}

/** @param {string} name @param {string} value @returns {[name: string, value: string]} */
const pair = (name, value) => [name, value];
