// Which of two settings is on the stage, where there is room for one at a time. Both go on being stepped.

/** @import { Frame } from "../types" */

import { say } from "../words.js";
import { el } from "./dom.js";

export class SideSwitch {
  side = 0;
  node = el("div", { class: "sides chips", role: "radiogroup", "aria-label": say("stage.setting"), hidden: true });
  #names = "";
  /** @type {string[]} */ #before = [];

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
  }

  /** Turn to the setting that was changed, as its name tells: what one sets is what one sees. @param {Frame["sides"]} sides */
  follow(sides) {
    const names = (sides ?? []).map(({ name }) => name);
    const changed = names.flatMap((name, index) => (name === this.#before[index] ? [] : [index]));
    if (this.#before.length === names.length && changed.length === 1) [this.side = 0] = changed;
    this.#before = names;
  }

  /** Offer these; nothing where all of them are shown. @param {Frame["sides"]} sides */
  show(sides) {
    this.node.hidden = !sides;
    const names = (sides ?? []).map(({ name }) => name);
    if (JSON.stringify(names) === this.#names) return;
    this.#names = JSON.stringify(names);
    this.node.replaceChildren(...names.map((name, index) => this.#chip(name, index)));
  }

  /** @param {number} side */
  choose(side) {
    this.side = side;
    this.node.querySelectorAll("input").forEach((input, index) => void (input.checked = index === side));
    this.changed();
  }

  /** @param {string} name @param {number} index */
  #chip(name, index) {
    const input = el("input", { type: "radio", name: "side-shown", value: index });
    input.checked = index === this.side;
    input.addEventListener("change", () => this.choose(index));
    return el("label", { class: "chip" }, input, name);
  }
}
