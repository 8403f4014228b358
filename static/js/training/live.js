// What is live: the run that is watched, or those side by side, as one thing to steer. It is no part of the set-up.

/** @import { Run, Turned } from "./run.js" */
/** @import { SideBySide } from "./side.js" */
/** @import { Watch } from "./watch.js" */

export class Live {
  /** @param {Watch} watch @param {SideBySide} side */
  constructor(watch, side) {
    this.watch = watch;
    this.side = side;
  }

  /** @returns {Run[]} */
  get #runs() {
    if (this.side.lanes.length) return this.side.lanes.map(({ run }) => run);
    return this.watch.run ? [this.watch.run] : [];
  }

  get any() {
    return this.#runs.length > 0;
  }

  /** The first of them, whether or not it goes on: another one where others are live. @returns {Run | null} */
  get first() {
    return this.#runs[0] ?? null;
  }

  /** One that goes on, or else the first. @returns {Run | null} */
  get run() {
    return this.#runs.find((run) => !run.over) ?? this.#runs[0] ?? null;
  }

  /** What the dials say of those that go on; null where none does. */
  get info() {
    return this.#runs.every((run) => run.over) ? null : (this.side.middle ?? this.watch.run)?.info;
  }

  /** Whether there is something that goes on and can be steered from here. */
  get steerable() {
    return this.#runs.some((run) => !run.over && run.commandable);
  }

  /** @param {string} command @param {Turned} [values] */
  command(command, values) {
    return this.side.lanes.length ? this.side.command(command, values) : this.watch.run?.command(command, values);
  }

  /** @param {boolean} shared whether everybody with the link may steer */
  share(shared) {
    return this.watch.run?.edit({ shared });
  }
}
