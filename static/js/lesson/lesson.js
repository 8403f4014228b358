// What surrounds the stage of an operation and is not needed for its first frame: tasks, code, the handout.

/** @import { Operation, Shown, Task } from "../types" */

import { isBackward } from "../frame.js";
import { CodeDialog } from "./code-dialog.js";
import { showCounted, showOneLayer } from "./dense.js";
import { startHandout } from "./handout.js";
import { TaskList } from "./task-list.js";

/** @typedef {{ operation: Operation, store: import("../state.js").Store, redraw(): void, onShown(listener: (shown: Shown) => void): void }} LessonPage */

/** The tasks of each page. @type {Record<string, () => Promise<{ tasks: Task[] }>>} */
const TASKS = {
  convolution: () => import("./tasks/convolution.js"),
  stride: () => import("./tasks/stride.js"),
  padding: () => import("./tasks/padding.js"),
  channels: () => import("./tasks/channels.js"),
  pooling: () => import("./tasks/pooling.js"),
  activation: () => import("./tasks/activation.js"),
  flatten: () => import("./tasks/flatten.js"),
  dense: () => import("./tasks/dense.js"),
  output: () => import("./tasks/output.js"),
  backpropagation: () => import("./tasks/backpropagation.js"),
  depth: () => import("./tasks/depth.js"),
  optimizers: () => import("./tasks/optimizers.js"),
};

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
