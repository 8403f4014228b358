// Tasks of the training page: they look at what is live, whenever something about it is new.

/** @import { Deeds } from "../lesson/task-list.js" */
/** @import { RunInfo } from "./run.js" */
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
 * @property {boolean} finds whether a map that would look empty among the others is seen on a scale of its own
 * @property {RunInfo[]} finished those of the runs on the page that have learned to their end
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
      finds: watch.strip.finds,
      finished: [watch.run, ...watch.earlier, ...side.lanes.map(({ run }) => run)].flatMap((drawn) => (drawn?.info.state === "finished" ? [drawn.info] : [])),
    });
}
