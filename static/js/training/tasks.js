// Tasks of the training page: they look at what is live, whenever something about it is new.

/** @import { Deeds } from "../lesson/task-list.js" */
/** @import { SideBySide } from "./side.js" */
/** @import { Watch } from "./watch.js" */

import { tasks } from "../lesson/tasks/training.js";
import { TaskList } from "../lesson/task-list.js";

/**
 * @typedef {object} Learning what the tasks look at
 * @property {object} trace the run that is watched, or the first of those side by side
 * @property {{ index: number }} step another one each time
 * @property {boolean} learns whether the network has learned something by now
 * @property {string} followed the phase whose numbers of a chosen weight are shown
 * @property {boolean} own whether each map has a colour scale of its own
 * @property {string} compared what was compared to its end
 */

const NOTHING = {}; // runs

/** @param {Watch} watch @param {SideBySide} side @param {Deeds} store @returns {() => void} looks whether something is met */
export function startTasks(watch, side, store) {
  /** @type {TaskList<Learning>} */
  const list = new TaskList("training", tasks, store);
  let looks = 0;
  return () =>
    list.look({
      trace: watch.run ?? side.lanes[0]?.run ?? NOTHING,
      step: { index: (looks += 1) },
      learns: (watch.run?.history.last ?? 0) > 0,
      followed: watch.followed,
      own: watch.strip.own,
      compared: side.lanes.length && side.over ? side.compared : "",
    });
}
