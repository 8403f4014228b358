// The step that made a cell, and how far the cell reaches: asked for together, and once.

/** @import { Answer } from "./model.js" */
/** @import { CellView } from "./cell.js" */
/** @import { Reach } from "./reach.js" */

import { numbers } from "./addresses.js";

export class CellStep {
  /** @type {CellView | null} */ #cell = null;
  /** @type {Reach | null} */ #reach = null;
  /** @type {{ answer: Answer, at: string, shows: Promise<() => void> } | null} */ #asked = null;

  /** What is asked of a cell; what is given back shows it. @param {Answer} answer @param {string} at @returns {Promise<() => void>} */
  ask(answer, at) {
    if (this.#asked?.answer === answer && this.#asked.at === at) return this.#asked.shows;
    const asked = (this.#asked = { answer, at, shows: this.#load(answer, at) });
    asked.shows.catch(() => this.#asked === asked && (this.#asked = null)); // another try asks again
    return asked.shows;
  }

  /** No cell is looked at: nothing on the maps is marked. */
  clear() {
    this.#reach?.clear();
  }

  /** @param {Answer} answer @param {string} at */
  async #load(answer, at) {
    const [{ CellView }, { Reach }] = await Promise.all([import("./cell.js"), import("./reach.js")]);
    this.#cell ??= new CellView();
    this.#reach ??= new Reach();
    const [layer = 0, ...index] = numbers(at);
    const shown = await Promise.all([this.#cell.ask(answer, layer, index), this.#reach.ask(answer, layer, index)]);
    return () => {
      for (const show of shown) show();
    };
  }
}
