// The runs of one's own beside the one that is watched: opened in its place, laid under it, named, deleted.

/** @import { Drawn } from "./curves.js" */
/** @import { OwnRuns } from "./own-runs.js" */
/** @import { RunInfo } from "./run.js" */
/** @import { Watch } from "./watch.js" */

import { newest } from "../input/latest.js";
import { findRuns } from "./link.js";

/**
 * @typedef {object} EarlierEvents
 * @property {(run: Drawn) => void} open one takes the place of the one that is watched, with its set-up
 * @property {() => void} laid others lie under the one that is watched
 * @property {() => void} gone the one that was watched is deleted
 * @property {(...sentences: string[]) => void} complain
 */

export class Earlier {
  /** @type {OwnRuns | null} */ #list = null;
  #find = newest(async (/** @type {string} */ id) => {
    /** @type {string[]} */
    const problems = [];
    const [run] = await findRuns([id], problems);
    return { run, problems };
  });

  #missing = newest((/** @type {string[]} */ list) => findRuns(list, []));

  /** @param {Watch} watch @param {EarlierEvents} events */
  constructor(watch, events) {
    this.watch = watch;
    this.events = events;
  }

  async start() {
    const { OwnRuns } = await import("./own-runs.js");
    this.#list = new OwnRuns({
      open: (id) => this.#open(id),
      compare: (list) => this.#compare(list),
      named: (id, name) => this.#named(id, name),
      deleted: (id) => this.#deleted(id),
      complain: this.events.complain,
    });
    this.mark();
    this.load();
  }

  load() {
    this.#list?.load();
  }

  /** How far the run has come that is watched. @param {RunInfo} info */
  tell(info) {
    this.#list?.tell(info);
  }

  /** Which of them are shown. @param {string[]} over those under the one that is watched */
  mark(over = this.watch.earlier.map(({ info }) => info.id)) {
    this.#list?.mark(this.watch.run?.info.id ?? "", over);
  }

  /** @param {string} id */
  async #open(id) {
    const found = await this.#find(id);
    if (!found) return;
    const { run, problems } = found;
    if (!run) return this.events.complain(...problems);
    this.watch.lay(this.watch.earlier.filter(({ info }) => info.id !== id));
    return this.events.open(run);
  }

  /** @param {string[]} list */
  async #compare(list) {
    this.mark(list); // at once: what is chosen next is chosen beside these
    const known = new Map(this.watch.earlier.map((drawn) => [drawn.info.id, drawn]));
    const missing = await this.#missing(list.filter((id) => !known.has(id)));
    if (!missing) return; // others are chosen meanwhile
    for (const drawn of missing) known.set(drawn.info.id, drawn);
    this.watch.lay(list.flatMap((id) => known.get(id) ?? []));
    this.mark();
    this.events.laid();
  }

  /** @param {string} id @param {string} name */
  #named(id, name) {
    const { run, earlier } = this.watch;
    if (run?.info.id === id) run.info = { ...run.info, name };
    this.watch.lay(earlier.map((drawn) => (drawn.info.id === id ? { ...drawn, info: { ...drawn.info, name } } : drawn)));
  }

  /** @param {string} id */
  #deleted(id) {
    this.watch.lay(this.watch.earlier.filter(({ info }) => info.id !== id));
    if (this.watch.run?.info.id === id) this.events.gone();
    this.events.laid();
  }
}
