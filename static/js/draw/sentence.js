// The sentence of a step: a number in it that knows its cell lights that cell, by pointing, by touch and by focus.

/** @import { SentenceNumber, Target } from "../types" */

import { unbroken, withCellNumbers } from "../format.js";
import { el, patch } from "./dom.js";

/** A text with its numbers as marks. */
export class Sentence {
  /** @type {SentenceNumber[]} */ #numbers = [];
  #written = "";
  #isLit = false;

  /** @param {HTMLElement} node @param {(target: Target | null) => void} light */
  constructor(node, light) {
    this.node = node;
    this.light = light;
    node.setAttribute("aria-atomic", "true"); // one sentence, whatever of it has changed
    node.addEventListener("pointerover", ({ target }) => this.#show(this.#numberOf(target) ?? this.#focused));
    node.addEventListener("pointerleave", () => this.#show(this.#focused));
    node.addEventListener("click", ({ target }) => this.#markOf(target)?.focus()); // not every browser does it by itself
    node.addEventListener("focusin", ({ target }) => this.#show(this.#numberOf(target)));
    node.addEventListener("focusout", () => this.#show(undefined));
    node.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** @param {string} text @param {SentenceNumber[]} [numbers] */
  write(text, numbers = []) {
    const written = JSON.stringify([text, numbers]);
    if (written === this.#written) return;
    this.#written = written;
    this.#numbers = numbers;
    const bound = withCellNumbers(unbroken(text)); // each letter stays in its place
    const ends = [0, ...numbers.map(({ start, length }) => start + length)];
    const parts = numbers.flatMap(({ start, length }, index) => [
      bound.slice(ends[index], start),
      el("span", { class: "named", role: "mark", tabindex: 0, "data-number": index }, bound.slice(start, start + length)),
    ]);
    patch(this.node, [...parts, bound.slice(ends.at(-1))].filter(Boolean));
    if (this.#isLit) this.#show(this.#focused ?? this.#numberOf(this.node.querySelector(".named:hover")));
  }

  get #focused() {
    return this.#numberOf(document.activeElement);
  }

  /** @param {EventTarget | null} target */
  #markOf(target) {
    const mark = target instanceof Element ? target.closest(".named") : null;
    return mark instanceof HTMLElement && this.node.contains(mark) ? mark : null;
  }

  /** @param {EventTarget | null} target */
  #numberOf(target) {
    return this.#numbers[Number(this.#markOf(target)?.dataset["number"])];
  }

  /** @param {SentenceNumber | undefined} number */
  #show(number) {
    if (!number && !this.#isLit) return;
    this.#isLit = number !== undefined;
    this.light(number?.at ?? null);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const mark = event.key === "Escape" ? this.#markOf(event.target) : null;
    if (!mark) return;
    event.preventDefault();
    mark.blur();
  }
}
