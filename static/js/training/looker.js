// Asks what the network is doing now: as often as there is something new, one question at a time, and only while seen.

/** @import { Snapshot } from "./planes.js" */
/** @import { Run } from "./run.js" */

import { ApiError } from "../api.js";
import { latest } from "../input/latest.js";
import { askRun } from "./run.js";

const EVERY_MS = 200;

export class Looker {
  /** @type {Run | null} */ #run = null;
  sample = 0;
  /** @type {Snapshot | null} */ snapshot = null;
  #next = latest(() => this.#ask());

  /** @param {() => void} seen there is a new one */
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
    this.#next("");
  }

  async #ask() {
    const run = this.#run;
    if (!run || document.hidden) return;
    try {
      const snapshot = await askRun(run.info.id, "snapshot", { sample: this.sample });
      if (run !== this.#run) return;
      this.snapshot = snapshot;
      this.seen();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the stream says when the server is gone
    }
    await new Promise((go) => setTimeout(go, EVERY_MS));
  }
}
