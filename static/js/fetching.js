// Steps that are needed now. Those that do not come are asked for again a while later, as long as they are needed.

/** @import { OperationTimeline } from "./types" */

import { AGAIN_MS, ApiError } from "./api.js";
import { say } from "./words.js";

export class Fetching {
  #again = 0; // when the player may ask again
  #timer = 0;
  #silent = false; // the page says that nothing came

  /** @param {{ trace: () => OperationTimeline | null, arrived: () => void, complain: (sentence: string) => void, answered: () => void }} page whose trace is the one that is shown */
  constructor(page) {
    this.page = page;
  }

  /** Fetch a step; what becomes of a trace that is gone meanwhile is nothing to the page. @param {number} index */
  async fetch(index) {
    const trace = this.page.trace();
    clearTimeout(this.#timer);
    try {
      await trace?.load(index);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (trace === this.page.trace()) this.#report(error);
      return;
    }
    if (!trace || trace !== this.page.trace()) return;
    if (this.#silent) this.page.answered();
    this.#silent = false;
    this.page.arrived();
  }

  /** Say why a step does not come; a server that did not answer is asked in a while for the one that is needed then. @param {ApiError} error */
  #report(error) {
    if (!error.isSilence) return this.page.complain(error.message);
    if (!this.#silent) this.page.complain(say("page.silent"));
    this.#silent = true;
    this.#timer = setTimeout(() => this.page.arrived(), AGAIN_MS);
  }

  /** Whether a player can go on to a step: it asks at every frame. @param {number} index */
  ready(index) {
    const trace = this.page.trace();
    if (!trace || trace.has(index)) return Boolean(trace);
    if (performance.now() < this.#again) return false;
    this.#again = performance.now() + AGAIN_MS;
    this.fetch(index);
    return false;
  }
}
