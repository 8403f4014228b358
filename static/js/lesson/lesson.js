// What surrounds the stage of an operation and is not needed for its first frame: tasks, code, the handout.

/** @import { Operation, Shown } from "../types" */

import { isBackward } from "../frame.js";
import { CodeDialog } from "./code-dialog.js";
import { showCounted } from "./counted.js";
import { startHandout } from "./handout.js";
import { showOneLayer } from "./one-layer.js";
import { TaskList } from "./task-list.js";
import { TASKS } from "./tasks.js";

/** @typedef {{ operation: Operation, store: import("../state.js").Store, redraw(): void, onShown(listener: (shown: Shown) => void): void }} LessonPage */

/** @param {string} name of the page @param {LessonPage} page */
export async function startLesson(name, page) {
  const { operation, store } = page;
  new CodeDialog(() => {
    const second = operation.second?.(store.state);
    return [operation.request(store.state), ...(second ? [second] : [])];
  });
  const handout = startHandout(page);
  const { tasks } = (await TASKS[name]?.()) ?? { tasks: [] };
  /** @type {TaskList<Shown>} */
  const list = new TaskList(name, tasks, store);
  page.onShown((shown) => {
    const { given } = store; // by a link that is opened before the step is painted it is not shown any more
    if (!isBackward(shown.trace)) setTimeout(() => given === store.given && list.look(shown)); // the step is painted first
    showCounted(shown.trace);
    showOneLayer(shown.trace);
  });
  await handout;
}
