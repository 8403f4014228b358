// Tasks whose answer was shown, by their own way or by a link: what counts as getting there oneself.

/** @import { Task } from "../types" */

/** @typedef {{ written: string, byWay: boolean, isLeft: boolean }} ShownTask the settings that showed it, and whether a person has left it since */

/** @template S */
export class ShownTasks {
  /** @type {Map<Task<S>, ShownTask>} */ #entries = new Map();

  /** @param {Task<S>} task @param {string} written the settings @param {boolean} byWay whether *Show one way* brought them */
  give(task, written, byWay) {
    this.#entries.set(task, { written, byWay, isLeft: false });
  }

  clear() {
    this.#entries.clear();
  }

  /** @param {Task<S>} task */
  entryOf(task) {
    return this.#entries.get(task);
  }

  /**
   * Whether a task counts as met: a person has to leave what was shown and come back. After *Show one way* they come
   * back by other settings, or to a step by going there: the settings that were shown, off and on again, are not theirs.
   * @param {Task<S>} task @param {boolean} isMet @param {string} written the settings now
   */
  counts(task, isMet, written) {
    const entry = this.#entries.get(task);
    if (!entry) return isMet;
    entry.isLeft ||= !isMet;
    const isSame = entry.byWay && !task.step && written === entry.written;
    if (!isMet || !entry.isLeft || isSame) return false;
    this.#entries.delete(task);
    return true;
  }
}
