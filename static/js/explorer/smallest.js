// "7 becomes 1": the smallest change of one bias and of one weight that makes another class the answer, to be made.

/** @import { Answer, Answers, Model } from "./model.js" */
/** @import { Change } from "./bending.js" */

import { buttonTo, byRole, el, find } from "../draw/dom.js";
import { newest } from "../input/latest.js";
import { number } from "../format.js";
import { say } from "../words.js";
import { ask } from "./model.js";
import { changeText } from "./took.js";

/** @typedef {Answers["smallest-change"]} Found */
/** @typedef {NonNullable<Found["bias"]>} OneChange */

export class Smallest {
  #box = find('[data-role="smallest"]', HTMLDetailsElement);
  #found = byRole("smallest-found");
  #wanted = find('[data-role="smallest-class"]', HTMLSelectElement);
  /** @type {Answer | null} */ #answer = null;
  #find = newest((/** @type {Answer} */ answer) => ask(answer.model, "smallest-change", answer.chosen, this.#wanted.value ? { class: Number(this.#wanted.value) } : {}));

  /** @param {(change: Change) => void} change @param {(act: () => unknown) => Promise<void>} attempt says why something could not be done */
  constructor(change, attempt) {
    this.change = change;
    byRole("find-smallest").addEventListener("click", () => attempt(() => this.#look()));
    this.#wanted.addEventListener("change", () => this.#found.replaceChildren());
  }

  /** What was found before was of another answer. @param {Answer} answer */
  show(answer) {
    this.#answer = answer;
    this.#found.replaceChildren();
    const { model, best, drawn } = answer;
    this.#box.hidden = !drawn || best === null || model.classes.length < 2;
    const others = model.classes.flatMap((name, index) => (index === best ? [] : [{ name, index }]));
    const before = this.#wanted.value;
    this.#wanted.replaceChildren(
      el("option", { value: "" }, say("smallest.next")),
      ...others.map(({ name, index }) => el("option", { value: index }, name)),
    );
    if (others.some(({ index }) => String(index) === before)) this.#wanted.value = before;
  }

  async #look() {
    const answer = this.#answer;
    if (!answer) return;
    const found = await this.#find(answer);
    if (found && answer === this.#answer) this.#found.replaceChildren(...this.#lines(answer, found));
  }

  /** @param {Answer} answer @param {Found} found */
  #lines({ model, best }, found) {
    const names = { before: model.classes[best ?? -1] ?? "", after: model.classes[found.class] ?? "" };
    return [
      el("p", {}, say("smallest.turns", names)),
      this.#row(model, found.bias, say("smallest.bias"), say("smallest.no_bias", { bound: number(found.bound) })),
      this.#row(model, found.weight, say("smallest.weight"), say("smallest.no_weight", { bound: number(found.bound) })),
    ];
  }

  /** @param {Model} model @param {OneChange | null} one @param {string} kind @param {string} none */
  #row(model, one, kind, none) {
    if (!one) return el("p", { class: "field-note" }, none);
    const change = { parameter: one.parameter, index: one.index, value: one.after };
    const button = buttonTo(() => this.change(change), {}, say("smallest.make"));
    return el(
      "div",
      { class: "smallest-one" },
      el("p", {}, el("b", {}, kind), " ", changeText(model, change, one.before)),
      el("p", { class: "field-note" }, one.exact ? say("smallest.exact") : say("smallest.tried")),
      button,
    );
  }
}
