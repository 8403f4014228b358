// What stands beside the stage of a network: all of it at a glance, and the chain rule of the number that a step is
// about. Whether the chain rule is shown is kept in the address, as a cell that is pinned.

/** @import { BesidePage, Cell, ChainPath, ChainRule, Step, Target, TraceLike } from "./types" */

import { drawChain } from "./chain.js";
import { byRole, find, onAction } from "./draw/dom.js";
import { newest } from "./input/latest.js";
import { NetworkTimeline } from "./network-timeline.js";
import { along, reachedBy, Strip } from "./strip.js";
import { messageOf } from "./words.js";

const CHAIN = { id: "paths", row: 0, col: 0 }; // as what is pinned
const FAST = 60; // steps a second, backward in one go

export class NetworkOverview {
  #page;
  #strip;
  #chain = byRole("chain");
  #readout = byRole("strip-readout");
  #button = find('[data-action="chain"]', HTMLElement);
  /** @type {NetworkTimeline | null} */ #timeline = null;
  /** @type {Step | null} */ #step = null;
  #isOpen = false;
  /** @type {ChainRule | null} */ #own = null;
  #ask = newest((/** @type {Cell | null} */ number) => this.#chainOf(number));
  #askPointed = newest((/** @type {Cell | null} */ number) => this.#chainOf(number));

  /** @param {BesidePage} page */
  constructor(page) {
    this.#page = page;
    this.#strip = new Strip(byRole("strip-groups"), {
      choose: (step) => page.player.goTo(step),
      point: (text, number) => this.#point(text, number),
    });
    onAction("chain", () => page.pin(this.#isOpen ? null : CHAIN));
    onAction("way-back", () => this.#goBack());
  }

  /** @param {TraceLike} trace a network's @param {Step} step @param {boolean} asks whether its number must not be seen yet */
  show(trace, step, asks) {
    if (!(trace instanceof NetworkTimeline)) return;
    this.#timeline = trace;
    this.#step = asks ? null : step;
    byRole("strip-groups").closest(".strip")?.toggleAttribute("hidden", !trace.isOwn);
    this.#strip.show(trace, asks ? { ...step, index: step.index - 1 } : step);
    this.#showChain();
  }

  /** Whether this is what a pin of the page means. @param {Target} pin */
  holds({ id }) {
    return id === CHAIN.id;
  }

  /** @param {Target | null} pin of the page, or nothing */
  setPinned(pin) {
    this.#isOpen = pin !== null && this.holds(pin);
    this.#button.setAttribute("aria-pressed", String(this.#isOpen));
    this.#showChain();
  }

  async #showChain() {
    this.#chain.hidden = !this.#isOpen;
    for (const role of ["stage", "arithmetic"]) byRole(role).toggleAttribute("inert", this.#isOpen);
    const number = this.#isOpen && this.#timeline && this.#step ? this.#timeline.numberOf(this.#step) : null;
    const chain = await this.#ask(number);
    if (number && !chain) return; // it did not come, or another step did
    this.#own = chain;
    if (this.#isOpen) drawChain(this.#chain, chain, (path) => this.#lightOwn(path));
    this.#lightOwn(null);
  }

  /** Light up the paths of the number that is written out, or one of them. @param {ChainPath | null} path */
  #lightOwn(path) {
    this.#strip.light(this.#own && along(this.#own, path ? [path] : undefined));
  }

  /** A cell of the stage is pointed at, or none. @param {Cell | null} cell */
  point(cell) {
    this.#point("", cell && this.#timeline && this.#step ? this.#timeline.shownOn(this.#step, cell) : null);
  }

  /** @param {string} text @param {(Cell & { isGradient: boolean }) | null} number */
  async #point(text, number) {
    this.#readout.textContent = text;
    const isOpen = number && this.#step; // while a gradient is to be predicted, no path gives it away
    const chain = await this.#askPointed(isOpen ? { tensor: number.tensor, index: number.index } : null);
    if (!number) this.#lightOwn(null);
    else if (chain) this.#strip.light(number.isGradient ? along(chain) : reachedBy(chain));
  }

  /** @param {Cell | null} number @returns {Promise<ChainRule | null>} */
  async #chainOf(number) {
    try {
      return number && this.#timeline ? await this.#timeline.chainOf(number) : null;
    } catch (error) {
      this.#page.complain(messageOf(error));
      return null;
    }
  }

  /** Play the way back from the loss, quickly, up to the first update. */
  #goBack() {
    const { entries = [] } = this.#timeline ?? {};
    const first = entries.find(({ pass }) => pass === "backward");
    const after = entries.find(({ pass }) => pass === "update");
    if (first) this.#page.player.playThrough(first.start, (after?.start ?? this.#page.player.length) - 1, FAST);
  }
}
