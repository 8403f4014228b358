// Try this: tasks that notice when a person meets them, which the browser keeps.

/** @import { Task } from "../types" */

import { byRole, el, onAction } from "../draw/dom.js";
import { ONE_COLUMN } from "../draw/room.js";
import { needed } from "../needed.js";
import { MET, remember, remembered } from "../remembered.js";
import { changedFields } from "../state.js";
import { say } from "../words.js";
import { ShownTasks } from "./shown-tasks.js";
import { WayNote } from "./way-note.js";

/** @typedef {Pick<import("../state.js").Store, "given" | "own" | "state" | "fields" | "written">} Deeds the settings, how often they came as a whole, and what a person changed since then */

const CONTROLS = ["button", "a", "input", "select", "summary", "label", "canvas", "[role=gridcell]"];
const AROUND = 24; // pixels from which a message comes in

/** The tasks of one page, below its stage. @template {{ trace: object, step: { index: number } }} S */
export class TaskList {
  #nodes;
  /** @type {Task<S>[]} */ #open = [];
  #spoken = byRole("task-status");
  /** @type {object | null} */ #trace = null;
  #given = -1;
  #index = -1;
  /** @type {Element | null | undefined} */ #used = null; // the control that was pressed last
  #awaits = false; // whether what a link changed may still be computed
  #walked = false; // whether a person stepped through what is shown now
  /** Those that a link or their own way met. @type {ShownTasks<S>} */ #shown = new ShownTasks();
  /** Whose way a person asked for, and from where. @type {{ task: Task<S>, given: number, state: import("../types").State, index: number } | null} */ #way = null;
  #note = new WayNote();

  /** @param {string} page @param {Task<S>[]} tasks @param {Deeds} deeds */
  constructor(page, tasks, deeds) {
    this.page = page;
    this.deeds = deeds;
    this.#nodes = new Map(tasks.map((task) => [task, item(task, () => this.#ask(task))]));
    const met = new Set(remembered(MET));
    this.#open = tasks.filter((task) => !met.has(this.#nameOf(task)));
    for (const [task, node] of this.#nodes) if (!this.#open.includes(task)) tick(task, node);
    byRole("task-list").replaceChildren(...this.#nodes.values());
    byRole("tasks").hidden = tasks.length === 0;
    onAction("close-met", () => this.#hide());
    onAction("more-met", () => byRole("met").toggleAttribute("data-open", true));
    addEventListener("pointerdown", ({ target }) => {
      if (!(target instanceof Element) || byRole("met").contains(target)) return;
      this.#used = target.closest(CONTROLS.join());
      if (!ONE_COLUMN.matches) this.#hide(); // there it stands over settings
    });
  }

  /** @param {Task<S>} task */
  #nameOf = ({ name }) => `${this.page}/${name}`;

  /** Remember where a person was who asks for a way: what it sets is said, and Undo leads back. @param {Task<S>} task */
  #ask(task) {
    this.#way = { task, given: this.deeds.given + 1, state: this.deeds.state, index: this.#index };
    if (location.hash === `#${task.way}`) this.#showIt(task, true); // it is shown already: the link leads nowhere else
    scrollTo({ top: 0 }); // what it shows stands above the tasks, and may be out of sight
  }

  /** Say that what is shown now was not a person's own way. @param {Task<S>} task @param {boolean} byWay whether it was that of the task */
  #showIt(task, byWay) {
    const node = this.#nodes.get(task);
    this.#shown.give(task, this.deeds.written, byWay);
    node?.classList.add("shown");
    node?.querySelector(".task-shown")?.replaceChildren(byWay ? thenOf(task) : say("lesson.link_shown"));
  }

  /** Say what the way of a task has set. @param {S} shown */
  #tell(shown) {
    const { trace, step } = shown;
    const { task, state, index } = needed(this.#way);
    const more = "total" in trace && step.index !== index ? [say("lesson.way_step", { step: step.index + 1 })] : [];
    this.#note.show(changedFields(this.deeds.fields, state, this.deeds.state), more, task.met(shown) ? thenOf(task) : say("lesson.way_rest"));
  }

  /** Look whether what is shown now meets any that are still open. @param {S} shown */
  look(shown) {
    const isNew = shown.trace !== this.#trace;
    const isElsewhere = isNew || shown.step.index !== this.#index;
    // A link may lead to another step of the same trace; what it changes besides is computed later than that step is shown.
    const isGiven = isElsewhere && (this.deeds.given !== this.#given || (isNew && this.#awaits && this.deeds.own === 0));
    if (isGiven) this.#awaits = !isNew;
    const isStep = isElsewhere && !isNew && !isGiven;
    const isFirstStep = isStep && !this.#walked;
    this.#walked = isStep || (this.#walked && !isElsewhere);
    this.#trace = shown.trace;
    this.#index = shown.step.index;
    if (isGiven) {
      this.#given = this.deeds.given;
      this.#shown.clear();
    }
    if (isNew || isGiven) this.#hide();
    if (isNew && !isGiven) this.#note.hide();
    if (isGiven && this.#way?.given === this.deeds.given) this.#tell(shown);
    for (const task of this.#open) if (task.lacks) this.#nodes.get(task)?.querySelector(".task-lacks")?.replaceChildren(task.lacks(shown));
    const met = this.#open.filter((task) => (isNew || isGiven || isFirstStep || task.step) && this.#isMet(task, shown, isGiven));
    if (met.length) this.#meet(met);
  }

  /** @param {Task<S>} task @param {S} shown @param {boolean} isGiven whether it was not a person's change that led here */
  #isMet(task, shown, isGiven) {
    const met = task.met(shown);
    const { own, given, written } = this.deeds;
    if (met && isGiven) this.#showIt(task, this.#way?.task === task && this.#way.given === given);
    const counts = this.#shown.counts(task, met, written) && (own > 0 || this.#walked);
    this.#nodes.get(task)?.classList.toggle("shown", met && this.#shown.entryOf(task) !== undefined);
    return counts;
  }

  /** @param {Task<S>[]} met by one change or one step */
  #meet(met) {
    this.#open = this.#open.filter((task) => !met.includes(task));
    for (const [task, node] of this.#nodes) if (met.includes(task)) tick(task, node);
    remember(MET, [...new Set([...remembered(MET), ...met.map(this.#nameOf)])]);
    this.#spoken.textContent = met.map(({ ask, seen }) => say("lesson.task_met", { ask, seen })).join(" ");
    const [next] = this.#open;
    byRole("met-seen").replaceChildren(...met.map(({ seen }) => el("span", {}, seen)));
    byRole("met-next").replaceChildren(next ? say("lesson.next_task", { ask: next.ask }) : say("lesson.all_met"), ...(next ? [] : [" ", onwards()]));
    const message = byRole("met");
    message.hidden = false;
    message.removeAttribute("data-open");
    this.#moveAway(message);
  }

  /** At the other end of the screen where the control that was used would be under it. @param {HTMLElement} message */
  #moveAway(message) {
    message.removeAttribute("data-top");
    const [box, used] = [message.getBoundingClientRect(), this.#used?.getBoundingClientRect()];
    const isUnder = used && used.bottom > box.top - AROUND && used.top < box.bottom && used.right > box.left && used.left < box.right;
    message.toggleAttribute("data-top", Boolean(isUnder));
  }

  #hide() {
    byRole("met").hidden = true;
  }
}

/** What is left to do where a way was shown. @param {Pick<Task, "step">} task */
const thenOf = ({ step }) => (step ? say("lesson.way_step_shown") : say("lesson.way_shown"));

/** The way to the next page, where there is one. */
function onwards() {
  const next = document.querySelector('.sequence [rel="next"]');
  return next instanceof HTMLAnchorElement ? el("a", { href: next.href }, next.textContent) : "";
}

/** @param {Pick<Task, "name" | "ask" | "way">} task @param {() => void} follow a person follows its way */
function item(task, follow) {
  const way = el("a", { class: "way", href: `#${task.way}`, "aria-label": say("lesson.way_label", { ask: task.ask }) }, say("lesson.way"));
  way.addEventListener("click", follow);
  return el(
    "li",
    { class: "task", "data-task": task.name },
    el("span", { class: "task-mark", "aria-hidden": "true" }),
    el(
      "div",
      {},
      el("span", { class: "task-ask" }, task.ask),
      " ",
      way,
      el("span", { class: "task-shown" }),
      el("span", { class: "task-lacks", role: "status" }),
    ),
  );
}

/** @param {Pick<Task, "seen">} task @param {HTMLElement} node */
function tick(task, node) {
  node.classList.remove("shown");
  node.classList.add("met");
  for (const part of node.querySelectorAll(".way, .task-shown, .task-lacks")) part.remove();
  node.querySelector(".task-mark")?.replaceChildren("✓");
  node.lastElementChild?.append(
    el("span", { class: "visually-hidden" }, say("lesson.met")),
    el("span", { class: "task-sentence" }, task.seen),
  );
}
