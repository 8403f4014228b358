// The parts of a timeline by name: a list to jump in, and Shift with an arrow key.

/** @import { Mark } from "./types" */
/** @import { Player } from "./player.js" */

import { byRole, el } from "./draw/dom.js";
import { isTyping } from "./shell.js";

export class Marks {
  #list = /** @type {HTMLSelectElement} */ (byRole("marks"));
  #marks = /** @type {Mark[]} */ ([]);

  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.#list.addEventListener("change", () => player.goTo(this.#marks[this.#list.selectedIndex]?.index ?? 0));
    player.addEventListener("change", () => this.#follow());
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Offer the parts of a timeline; nothing where it has none. @param {Mark[]} marks */
  show(marks) {
    this.#marks = marks;
    this.#list.hidden = marks.length === 0;
    this.#list.replaceChildren(...marks.map(({ label }) => el("option", {}, label)));
    this.#follow();
  }

  get #present() {
    return this.#marks.findLastIndex(({ index }) => index <= this.player.index);
  }

  #follow() {
    if (this.#list.selectedIndex !== this.#present) this.#list.selectedIndex = this.#present;
  }

  /** Shift and an arrow: to the beginning of the part before, or of the next one. @param {KeyboardEvent} event */
  #onKey(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way || !event.shiftKey || event.defaultPrevented || isTyping(event.target) || !this.#marks.length) return;
    const here = this.#marks[this.#present];
    const inside = way < 0 && here && this.player.index > here.index;
    const target = inside ? here : this.#marks[this.#present + way];
    event.preventDefault();
    if (target) this.player.goTo(target.index);
  }
}
