// Try this: tasks that notice when a person meets them, which the browser keeps.

/** @import { Task } from "../types" */

import { byRole, el, onAction } from "../draw/dom.js";
import { ONE_COLUMN } from "../draw/room.js";
import { MET, remember, remembered } from "../remembered.js";
import { say } from "../words.js";

/** @typedef {{ given: number, own: number }} Deeds how often settings came as a whole, and what a person changed since then */

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
  /** Those that a link met: a person has to leave them and come back. @type {Set<Task<S>>} */
  #shown = new Set();

  /** @param {string} page @param {Task<S>[]} tasks @param {Deeds} deeds */
  constructor(page, tasks, deeds) {
    this.page = page;
    this.deeds = deeds;
    this.#nodes = new Map(tasks.map((task) => [task, item(task)]));
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
    for (const [task, node] of this.#nodes) node.querySelector(".task-lacks")?.replaceChildren(task.lacks?.(shown) ?? "");
    const met = this.#open.filter((task) => (isNew || isGiven || isFirstStep || task.step) && this.#isMet(task, shown, isGiven));
    if (met.length) this.#meet(met);
  }

  /** @param {Task<S>} task @param {S} shown @param {boolean} isGiven whether it was not a person's change that led here */
  #isMet(task, shown, isGiven) {
    const met = task.met(shown);
    if (!met) this.#shown.delete(task);
    else if (isGiven) this.#shown.add(task);
    const isShown = this.#shown.has(task);
    this.#nodes.get(task)?.classList.toggle("shown", isShown);
    return met && !isShown && (this.deeds.own > 0 || this.#walked);
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
    this.#place(message);
  }

  /** At the other end of the screen where the control that was used would be under it. @param {HTMLElement} message */
  #place(message) {
    message.removeAttribute("data-top");
    const [box, used] = [message.getBoundingClientRect(), this.#used?.getBoundingClientRect()];
    const isUnder = used && used.bottom > box.top - AROUND && used.top < box.bottom && used.right > box.left && used.left < box.right;
    message.toggleAttribute("data-top", Boolean(isUnder));
  }

  #hide() {
    byRole("met").hidden = true;
  }
}

/** The way to the next page, where there is one. */
function onwards() {
  const next = document.querySelector('.sequence [rel="next"]');
  return next instanceof HTMLAnchorElement ? el("a", { href: next.href }, next.textContent) : "";
}

/** @param {Pick<Task, "name" | "ask" | "way">} task */
function item(task) {
  const way = el("a", { class: "way", href: `#${task.way}`, "aria-label": say("lesson.way_label", { ask: task.ask }) }, say("lesson.way"));
  way.addEventListener("click", () => scrollTo({ top: 0 })); // what it shows stands above the tasks, and may be out of sight
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
      el("span", { class: "task-shown" }, say("lesson.way_shown")),
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
