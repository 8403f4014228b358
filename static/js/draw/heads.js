// The titles and notes over the panels of a stage. Grids of one height on one line begin at one height, whatever stands over them.

/** @import { Panel } from "../types" */

import { unbroken } from "../format.js";
import { say } from "../words.js";
import { el } from "./dom.js";
import { BRIEF, isSlim } from "./extent.js";

/** @param {Panel} panel */
const roundingOf = (panel) => (isSlim(panel) || panel.note.length > BRIEF ? "\u00a0≈" : `\u00a0· ${say("stage.rounded").replace(" ", "\u00a0")}`);

export class Heads {
  /** @type {Map<string, { head: HTMLElement, title: HTMLElement, note: HTMLElement, rounding: HTMLElement }>} */ #heads = new Map();
  /** @type {object | undefined} */ #level; // the layout for which they are as high as they have to be

  clear() {
    this.#heads.clear();
    this.#level = undefined;
  }

  /** Make that of a panel. @param {string} id @param {string} lead a sign that has no panel to its left */
  make(id, lead) {
    const [title, note, rounding] = [el("b"), el("span"), el("bdi")];
    const head = el("div", { class: "panel-head" }, lead ? el("i", { class: "lead-sign", "aria-hidden": "true" }, lead) : null, title, note);
    this.#heads.set(id, { head, title, note, rounding });
    return head;
  }

  /** A panel's title and note are those of the frame: settings and steps change them while the grids stay. @param {Panel} panel @param {boolean} isRounded whether any of its numbers is @param {boolean} [isEver] whether one is at one step or another: then that has room from the beginning */
  show(panel, isRounded, isEver = isRounded) {
    const shown = this.#heads.get(panel.id);
    if (!shown) return;
    const rounding = isEver ? roundingOf(panel) : "";
    shown.rounding.classList.toggle("unseen", !isRounded);
    const own = unbroken(panel.note); // a size stays on one line
    const note = own + rounding;
    if (shown.title.textContent === panel.title && shown.note.textContent === note) return;
    this.#level = undefined;
    shown.head.classList.toggle("alone", !panel.note);
    shown.title.textContent = panel.title;
    shown.rounding.textContent = rounding;
    shown.note.replaceChildren(own, shown.rounding);
  }

  /** Make those of a line equally high where their grids are: done once for a layout and its texts, since it lays out. @param {string[][]} lines the panels of each, by their ids @param {object | undefined} layout */
  level(lines, layout) {
    if (this.#level === layout) return;
    this.#level = layout;
    const heads = lines.map((line) => line.flatMap((id) => this.#heads.get(id)?.head ?? []));
    for (const head of heads.flat()) head.style.minHeight = "";
    const heights = heads.map((line) =>
      line.map((head) => ({ head, own: head.getBoundingClientRect().height, grids: head.nextElementSibling?.clientHeight ?? 0 })),
    );
    for (const line of heights)
      for (const { head, own, grids } of line) {
        const most = Math.max(...line.filter((other) => other.grids === grids).map((other) => other.own));
        if (most > own) head.style.minHeight = `${most}px`;
      }
  }
}
