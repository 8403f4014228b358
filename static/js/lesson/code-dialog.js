// Copy code: the operation on screen in PyTorch, in Keras and in NumPy, as the server writes it.

/** @import { TraceRequest } from "../types" */

import { ApiError, post } from "../api.js";
import { byRole, chip, find, findAll, onAction } from "../draw/dom.js";
import { copied } from "../share.js";
import { say } from "../words.js";

/** @typedef {Record<string, string>} Programs */

/** The dialog, and the button that opens it. */
export class CodeDialog {
  #box = find("#code-dialog", HTMLDialogElement);
  #text = find('[data-role="code-text"]', HTMLTextAreaElement);
  #note = byRole("code-status");
  #sides = byRole("code-sides");
  #tabs = findAll("[role=tab]", HTMLButtonElement, this.#box);
  /** @type {Programs[]} */ #programs = [];
  #side = 0;
  #framework = "torch";

  /** @param {() => TraceRequest[]} requests what is on screen: one operation, or the two that are compared */
  constructor(requests) {
    this.requests = requests;
    onAction("code", () => this.#open());
    onAction("copy-code", () => this.#copy(), this.#box);
    for (const tab of this.#tabs) tab.addEventListener("click", () => this.#choose(tab));
    this.#box.addEventListener("keydown", (event) => this.#onKey(event));
    for (const button of document.querySelectorAll('[data-action="code"]')) button.removeAttribute("disabled");
  }

  async #open() {
    const requests = this.requests();
    this.#programs = [];
    this.#side = 0;
    this.#showSides(requests);
    this.#show("");
    this.#box.showModal();
    try {
      const answers = await Promise.all(requests.map(({ operation, body }) => post(`/api/code/${operation}`, body)));
      this.#programs = (await Promise.all(answers.map((answer) => answer.json()))).map(({ programs }) => programs);
      this.#show("");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#show(error.message);
    }
  }

  /** Which of two settings, where the page compares two. @param {TraceRequest[]} requests */
  #showSides(requests) {
    this.#sides.hidden = requests.length < 2;
    const choose = (/** @type {number} */ index) => {
      this.#side = index;
      this.#show("");
    };
    this.#sides.replaceChildren(...requests.map(({ name = "" }, index) => chip(() => choose(index), { name: "code-side", checked: index === 0 }, name).node));
  }

  /** @param {HTMLButtonElement} tab */
  #choose(tab) {
    this.#framework = tab.dataset["framework"] ?? "torch";
    this.#show("");
  }

  /** @param {string} note */
  #show(note) {
    for (const tab of this.#tabs) {
      const chosen = tab.dataset["framework"] === this.#framework;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      if (chosen) document.getElementById("code-panel")?.setAttribute("aria-labelledby", tab.id);
    }
    this.#text.value = this.#programs[this.#side]?.[this.#framework] ?? "";
    this.#text.scrollTop = 0;
    this.#note.textContent = note;
  }

  /** Arrows move between tabs. @param {KeyboardEvent} event */
  #onKey(event) {
    const at = this.#tabs.findIndex((tab) => tab === event.target);
    /** @type {Record<string, number>} */
    const moves = { ArrowLeft: -1, ArrowRight: 1 };
    const move = moves[event.key];
    if (at < 0 || !move) return;
    const next = this.#tabs.at((at + move) % this.#tabs.length);
    if (next) this.#choose(next);
    next?.focus();
    event.preventDefault();
  }

  /** Where there is no clipboard the browser's older command is tried, and then it is selected. */
  async #copy() {
    const isThere = (await copied(this.#text.value)) || this.#copySelected();
    this.#note.textContent = isThere ? say("lesson.code_copied") : say("lesson.code_selected");
  }

  #copySelected() {
    this.#text.focus();
    this.#text.select();
    return document.execCommand("copy");
  }
}
