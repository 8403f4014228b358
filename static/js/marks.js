// The parts of a timeline by name: a list to jump in, and Shift with an arrow key; up and down by the groups of parts.

/** @import { Mark } from "./types" */
/** @import { Player } from "./player.js" */

import { el, find } from "./draw/dom.js";
import { isTyping } from "./shell.js";

export class Marks {
  #list = find('[data-role="marks"]', HTMLSelectElement);
  /** @type {Mark[]} */ #marks = [];

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
    const options = marks.map(({ label }) => el("option", {}, label));
    const groups = [...new Set(marks.map(({ group }) => group))];
    const within = (/** @type {string | undefined} */ name) => options.filter((_, index) => marks[index]?.group === name);
    this.#list.replaceChildren(...groups.flatMap((name) => (name ? [el("optgroup", { label: name }, ...within(name))] : within(name))));
    this.#follow();
  }

  get #present() {
    return this.#marks.findLastIndex(({ index }) => index <= this.player.index);
  }

  #follow() {
    if (this.#list.selectedIndex !== this.#present) this.#list.selectedIndex = this.#present;
  }

  /** Shift and an arrow: to the beginning of the part before, or of the next one; up and down the same of whole groups. @param {KeyboardEvent} event */
  #onKey(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!way || !event.shiftKey || event.defaultPrevented || isTyping(event.target) || !this.#marks.length) return;
    const isFirst = ({ group = "" }, /** @type {number} */ index) => !index || group !== this.#marks[index - 1]?.group;
    const marks = ["ArrowUp", "ArrowDown"].includes(event.key) ? this.#marks.filter(isFirst) : this.#marks;
    const at = marks.findLastIndex(({ index }) => index <= this.player.index);
    const here = marks[at];
    const inside = way < 0 && here && this.player.index > here.index;
    const target = inside ? here : marks[at + way];
    event.preventDefault();
    if (target) this.player.goTo(target.index);
  }
}
