// Try this: tasks that notice when they are met, and stay met while the page is open.

/** @import { Shown, Task } from "../types" */

import { byRole, el } from "../draw/dom.js";
import { say } from "../words.js";

/** The tasks of one page, below its stage. */
export class TaskList {
  #open;
  #spoken = byRole("task-said");
  #trace = /** @type {Shown["trace"] | null} */ (null);

  /** @param {Task[]} tasks */
  constructor(tasks) {
    this.#open = new Map(tasks.map((task) => [task, item(task)]));
    byRole("task-list").replaceChildren(...this.#open.values());
    byRole("tasks").hidden = tasks.length === 0;
  }

  /** Look whether what is shown now meets any that are still open. @param {Shown} shown */
  look(shown) {
    const isNew = shown.trace !== this.#trace;
    this.#trace = shown.trace;
    for (const [task, node] of [...this.#open]) {
      if (!(isNew || task.step) || !task.met(shown)) continue;
      this.#open.delete(task);
      tick(task, node);
      this.#spoken.textContent = say("lesson.task_met", { ask: task.ask, seen: task.seen });
    }
  }
}

/** @param {Task} task */
function item(task) {
  const way = el("a", { class: "way", href: `#${task.way}`, "aria-label": say("lesson.way_label", { ask: task.ask }) }, say("lesson.way"));
  return el(
    "li",
    { class: "task", "data-task": task.name },
    el("span", { class: "task-mark", "aria-hidden": "true" }),
    el("div", {}, el("span", { class: "task-ask" }, task.ask), " ", way),
  );
}

/** @param {Task} task @param {HTMLElement} node */
function tick(task, node) {
  node.classList.add("met");
  node.querySelector(".way")?.remove();
  node.querySelector(".task-mark")?.replaceChildren("✓");
  node.lastElementChild?.append(
    el("span", { class: "visually-hidden" }, say("lesson.met")),
    el("span", { class: "task-said" }, task.seen),
  );
}
