// The maps that something is made of, a row each. In one column many would be a long way: there those with the largest
// products are shown, and the others when they are asked for.

import { el } from "../draw/dom.js";
import { ONE_COLUMN } from "../draw/room.js"; // as in explorer.css
import { say } from "../words.js";

const FEW = 4;

/** Which of some are the largest, by their places; what is no number is the largest of all. @param {number[]} strengths @param {number} count */
function largestOf(strengths, count) {
  const strength = (/** @type {number} */ index) => strengths[index] ?? Number.POSITIVE_INFINITY;
  return [...strengths.keys()].sort((one, other) => strength(other) - strength(one) || one - other).slice(0, count);
}

export class Rows {
  /** @type {HTMLElement[]} */ #rows = [];
  #areAll = false;
  #note = el("p", { class: "field-note" });
  #all = el("button", { type: "button", class: "button" });
  #more = el("div", { class: "parts-more" }, this.#note, this.#all);

  /** @param {() => void} changed other rows are shown */
  constructor(changed) {
    this.#all.addEventListener("click", () => {
      this.#areAll = true;
      changed();
    });
    ONE_COLUMN.addEventListener("change", changed);
  }

  /** The list of new rows, and what stands below it. @param {HTMLElement[]} rows */
  nodes(rows) {
    [this.#rows, this.#areAll] = [rows, false];
    return [el("ol", { class: "parts-rows" }, ...rows), this.#more];
  }

  /** Show those with the largest products, where not all are. The rows stay while one types into one of them. @param {number[]} strengths of each row */
  fold(strengths) {
    const count = this.#rows.length;
    const isFolded = ONE_COLUMN.matches && !this.#areAll && count > FEW;
    this.#more.hidden = !isFolded;
    this.#note.textContent = say("explorer.few_rows", { few: FEW, count });
    this.#all.textContent = say("explorer.all_rows", { count });
    if (isFolded && this.#rows.some((row) => row.contains(document.activeElement))) return;
    const shown = largestOf(strengths.slice(0, count), FEW);
    this.#rows.forEach((row, index) => (row.hidden = isFolded && !shown.includes(index)));
  }

  /** @param {number} index */
  isShown(index) {
    return this.#rows[index]?.hidden === false;
  }
}
