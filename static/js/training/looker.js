// Asks what the network is doing now: as often as there is something new, one question at a time, and only while seen.

/** @import { Snapshot } from "./planes.js" */
/** @import { Run } from "./run.js" */

import { ApiError } from "../api.js";
import { askRun } from "./run.js";

const EVERY_MS = 200;

export class Looker {
  /** @type {Run | null} */ #run = null;
  #busy = false;
  #due = 0;
  #timer = 0;
  sample = 0;
  /** @type {Snapshot | null} */ snapshot = null;

  /** @param {(snapshot: Snapshot) => void} seen */
  constructor(seen) {
    this.seen = seen;
    document.addEventListener("visibilitychange", () => this.look());
  }

  /** @param {Run | null} run */
  follow(run) {
    this.#run = run;
    this.snapshot = null;
    this.look();
  }

  /** Soon, once. */
  look() {
    if (!this.#run || this.#timer || document.hidden) return;
    this.#timer = window.setTimeout(() => this.#ask(), Math.max(0, this.#due - performance.now()));
  }

  async #ask() {
    this.#timer = 0;
    const run = this.#run;
    if (!run || document.hidden) return;
    if (this.#busy) {
      this.#due = performance.now() + EVERY_MS / 4;
      return this.look();
    }
    this.#busy = true;
    const { sample } = this;
    try {
      const snapshot = await askRun(run.info.id, "snapshot", { sample });
      if (run !== this.#run) return;
      this.snapshot = snapshot;
      this.seen(snapshot);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the stream says when the server is gone
    } finally {
      this.#busy = false;
      this.#due = performance.now() + EVERY_MS;
      if (sample !== this.sample || run !== this.#run) this.look();
    }
  }
}
