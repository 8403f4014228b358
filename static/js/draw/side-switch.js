// Which part of a frame is on the stage, where there is room for one at a time: one of two settings, one topic of both, or one of
// several channels.
// All of it goes on being stepped.

/** @import { Frame } from "../types" */
/** @import { Apart, Chosen } from "./layout.js" */

import { sideName } from "../sides.js";
import { say } from "../words.js";
import { chip, el } from "./dom.js";
import { chosenOf } from "./layout.js";

export class SideSwitch {
  /** @type {Chosen} */
  chosen = { sides: 0, topics: 0, channels: 0 };
  node = el("div", { class: "sides chips", role: "radiogroup", "aria-label": say("stage.setting"), hidden: true });
  #names = "";
  /** @type {Apart} */ #apart = null;
  /** @type {string[]} */ #before = [];

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
  }

  /** Turn to the setting that was changed, as its name tells: what one sets is what one sees. @param {Frame["sides"]} sides */
  follow(sides) {
    const names = (sides ?? []).map(({ name }) => name);
    const changed = names.flatMap((name, index) => (name === this.#before[index] ? [] : [index]));
    if (this.#before.length === names.length && changed.length === 1) [this.chosen.sides = 0] = changed;
    this.#before = names;
  }

  /** Offer the parts of a frame of which one is shown; nothing where all are. @param {Frame} frame @param {Apart} apart */
  show(frame, apart) {
    this.#apart = apart;
    const isPlaced = apart === "sides" && frame.bySide === true;
    const names = ((apart && frame[apart]) ?? []).map(({ name }, index) => (isPlaced ? say("places.called", { place: sideName(index ? 1 : 0), name }) : name));
    this.node.hidden = names.length === 0;
    if (JSON.stringify(names) === this.#names) return;
    this.#names = JSON.stringify(names);
    const shown = chosenOf(frame, apart, this.chosen);
    this.node.replaceChildren(...names.map((name, index) => chip(() => this.#choose(index), { name: "side-shown", value: index, checked: index === shown }, name).node));
  }

  /** Turn to the part that holds a grid, where another is shown. @param {Frame} frame @param {string} grid its id */
  showGrid(frame, grid) {
    const parts = (this.#apart && frame[this.#apart]) ?? [];
    const panel = frame.panels.find(({ grids }) => grids.some(({ id }) => id === grid));
    if (!panel) return;
    const isShown = (/** @type {number | undefined} */ index) => index === undefined || panel.grids[index]?.id === grid; // a part may have one of its grids alone
    const holding = parts.findIndex(({ panels, grids }) => panels.includes(panel.id) && isShown(grids?.[panel.id]?.index));
    if (holding >= 0) this.#choose(holding);
  }

  /** @param {number} index */
  #choose(index) {
    if (!this.#apart) return;
    this.chosen[this.#apart] = index;
    this.node.querySelectorAll("input").forEach((input, at) => void (input.checked = at === index));
    this.changed();
  }
}
