// The answer: a sentence, and a bar for each class.

/** @import { Answer } from "./model.js" */

import { byRole, el, patch } from "../draw/dom.js";
import { number, percent } from "../format.js";
import { say } from "../words.js";

/** The number of the class with the largest probability. @param {number[]} probabilities */
export const bestOf = (probabilities) => probabilities.indexOf(Math.max(...probabilities));

/** @param {Answer} answer */
export function showAnswer({ model, probabilities, drawn }) {
  const best = bestOf(probabilities);
  const named = { name: model.classes[best] ?? "", probability: percent(probabilities[best]) };
  const answer = byRole("answer");
  answer.title = drawn ? number(probabilities[best]) : "";
  answer.textContent = drawn ? say("explorer.answers", named) : say("explorer.nothing_drawn");
  const bars = byRole("bars");
  bars.hidden = !drawn;
  patch(bars, model.classes.map((name, index) => bar(name, probabilities[index], index === best)));
}

/** @param {string} name @param {number | undefined} probability @param {boolean} best */
function bar(name, probability, best) {
  const fill = el("span", { class: "fill" });
  fill.style.width = `${100 * (probability ?? 0)}%`;
  return el("li", { class: best ? "best" : "" }, el("span", {}, name), el("span", { class: "track", "aria-hidden": "true" }, fill), el("output", { title: number(probability) }, percent(probability)));
}
