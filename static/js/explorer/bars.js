// The answer: a sentence, and a bar for each class.

/** @import { Answer } from "./model.js" */

import { byRole, el, patch } from "../draw/dom.js";
import { number, percent } from "../format.js";
import { say } from "../words.js";

/** The answer as a sentence. @param {Pick<Answer, "model" | "chosen" | "probabilities" | "best" | "drawn">} answer */
export function answerText({ model, chosen, probabilities, best, drawn }) {
  if (!drawn) return chosen.image || chosen.sample ? say("explorer.nothing_seen") : say("explorer.nothing_drawn");
  if (best === null) return say("explorer.no_number");
  return say("explorer.answers", { name: model.classes[best] ?? "", probability: percent(probabilities[best]) });
}

/** The answer; of a network that is bent beside what it would answer itself. @param {Answer} answer */
export function showAnswer({ model, chosen, probabilities, best, drawn, compared }) {
  const answer = byRole("answer");
  answer.title = drawn && best !== null ? number(probabilities[best]) : "";
  answer.textContent = answerText({ model, chosen, probabilities, best, drawn });
  const bars = byRole("bars");
  bars.hidden = !drawn;
  bars.classList.toggle("compared", compared !== undefined);
  patch(bars, model.classes.map((name, index) => bar(name, probabilities[index], index === best, compared?.probabilities[index])));
}

/** @param {string} name @param {number | null | undefined} probability @param {boolean} best @param {number | null | undefined} before of the network as it is */
function bar(name, probability, best, before) {
  const isCompared = before !== undefined;
  const tracks = el("span", { class: "track", "aria-hidden": "true" }, ...(isCompared ? [fill(before, true)] : []), fill(probability));
  const own = el("output", { title: number(probability) }, percent(probability));
  const shares = isCompared ? [el("span", { class: "was", title: number(before) }, percent(before)), el("span", { class: "turns", "aria-label": say("explorer.then") }, "→"), own] : [own];
  return el("li", { class: best ? "best" : "" }, el("span", {}, name), tracks, ...shares);
}

/** @param {number | null | undefined} share @param {boolean} [isBefore] */
function fill(share, isBefore = false) {
  const node = el("span", { class: `fill${isBefore ? " before" : ""}` });
  node.style.width = `${100 * (share ?? 0)}%`;
  return node;
}
