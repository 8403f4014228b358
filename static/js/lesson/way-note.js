// What Show one way has set: said at the top of the page, marked in the settings, and taken back by Undo.

/** @import { Field } from "../types" */

import { byRole, onAction } from "../draw/dom.js";
import { say } from "../words.js";

/** What of the settings shows a field: none where they are not built, or it does not apply now. @param {Field} field */
function controlOf({ name }) {
  const nodes = [...document.querySelectorAll(`[data-field="${name}"]`)];
  return nodes.find((node) => !node.closest("[hidden]"));
}

/** Bring a control into sight: out of what is folded, and on a phone in the sheet of the settings. @param {Element} control */
function bring(control) {
  control.closest("details")?.setAttribute("open", "");
  const sheet = [...document.querySelectorAll('[data-action="settings"][aria-expanded="false"]')].find((button) => button.getClientRects().length > 0);
  if (sheet instanceof HTMLElement) sheet.click();
  control.scrollIntoView({ block: "nearest" });
}

/** The note of one page. */
export class WayNote {
  #box = byRole("way-note");

  constructor() {
    onAction("close-way", () => this.hide());
    onAction("undo", () => this.hide(), this.#box);
  }

  /** @param {Field[]} changed @param {string[]} more what it did besides @param {string} then what is left to do */
  show(changed, more, then) {
    const names = [...changed.map(({ label }) => label), ...more].join(", ");
    byRole("way-set").textContent = names ? say("lesson.way_set", { names }) : say("lesson.way_same");
    byRole("way-then").textContent = then;
    this.#box.hidden = false;
    const controls = changed.flatMap((field) => controlOf(field) ?? []);
    for (const control of controls) control.classList.add("moved");
    const last = controls.at(-1); // the one that is about the task: fields begin with the input
    if (last) bring(last);
  }

  hide() {
    this.#box.hidden = true;
    for (const control of document.querySelectorAll(".moved")) control.classList.remove("moved");
  }
}
