// The step that made a cell, and how far the cell reaches: asked for together, and once.

/** @import { Answer } from "./model.js" */
/** @import { CellView } from "./cell.js" */
/** @import { Reach } from "./reach.js" */

import { numbers } from "./addresses.js";

export class CellStep {
  /** @type {CellView | null} */ #cell = null;
  /** @type {Reach | null} */ #reach = null;
  /** @type {{ answer: Answer, at: string, shows: Promise<() => void> } | null} */ #latest = null;

  /** @param {() => string} channel the one that was chosen of those that a step adds up, or none @param {(channel: number) => void} choose @param {(channel: string) => void} missing there is no such one */
  constructor(channel, choose, missing) {
    this.channel = channel;
    this.choose = choose;
    this.missing = missing;
  }

  /** What is asked of a cell; what is given back shows it. @param {Answer} answer @param {string} at @returns {Promise<() => void>} */
  ask(answer, at) {
    if (this.#latest?.answer === answer && this.#latest.at === at) return this.#latest.shows;
    const request = (this.#latest = { answer, at, shows: this.#load(answer, at) });
    request.shows.catch(() => this.#latest === request && (this.#latest = null)); // another try asks again
    return request.shows;
  }

  /** No cell is looked at: nothing on the maps is marked. */
  clear() {
    this.#reach?.clear();
  }

  /** @param {Answer} answer @param {string} at */
  async #load(answer, at) {
    const [{ CellView }, { Reach }] = await Promise.all([import("./cell.js"), import("./reach.js")]);
    this.#cell ??= new CellView(this.choose);
    this.#reach ??= new Reach();
    const [layer = 0, ...index] = numbers(at);
    const [showStep, showReach] = await Promise.all([this.#cell.ask(answer, layer, index), this.#reach.ask(answer, layer, index)]);
    return () => {
      const channel = this.channel();
      if (!showStep(channel === "" ? null : Number(channel))) this.missing(channel);
      showReach();
    };
  }
}
