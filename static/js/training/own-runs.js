// The runs that a person has started: name them, open them, lay their curves under the present ones, delete them.

/** @import { RunInfo } from "./run.js" */

import { amend, post, send } from "../api.js";
import { buttonTo, byRole, el, onAction } from "../draw/dom.js";
import { STATES } from "../states.js";
import { percent } from "../format.js";
import { messageOf, say } from "../words.js";
import { curveTitle } from "./curves.js";
import { ownRuns, runPath } from "./run.js";

const MOST_OVER = 3;

/**
 * @typedef {object} OwnRunsEvents
 * @property {(id: string) => void} open
 * @property {(ids: string[]) => void} compare
 * @property {(id: string, name: string) => void} named
 * @property {(id: string) => void} deleted
 * @property {(message: string) => void} complain
 */

export class OwnRuns {
  /** @type {RunInfo[]} */ #runs = [];
  /** @type {string[]} */ #over = [];
  #now = "";
  /** @type {Map<string, HTMLElement>} */ #notes = new Map();

  /** @param {OwnRunsEvents} events */
  constructor(events) {
    this.events = events;
    onAction("explore", () => this.#explore(this.#now));
  }

  async load() {
    try {
      this.#runs = await ownRuns();
      this.#draw();
    } catch (error) {
      this.events.complain(messageOf(error));
    }
  }

  /** @param {string} now the run that is shown @param {string[]} over those under it */
  mark(now, over) {
    this.#now = now;
    this.#over = over;
    this.#draw();
  }

  /** How far the run has come that is watched. @param {RunInfo} info */
  tell(info) {
    this.#runs = this.#runs.map((known) => (known.id === info.id ? { ...known, ...info } : known));
    const note = this.#notes.get(info.id);
    const progress = progressOf(info);
    if (note && note.textContent !== progress) note.textContent = progress;
  }

  #draw() {
    const list = byRole("own-runs");
    byRole("own-runs-box").hidden = !this.#runs.length;
    if (list.contains(document.activeElement) && isAtWork(document.activeElement)) return;
    list.replaceChildren(...this.#runs.map((info) => this.#row(info)));
  }

  /** @param {RunInfo} info */
  #row(info) {
    const title = curveTitle(info);
    const name = el("input", { type: "text", value: info.name, placeholder: title, "aria-label": say("training.name_of", { title }), maxlength: 80 });
    name.addEventListener("change", () => this.#rename(info, name.value));
    const open = buttonTo(() => this.events.open(info.id), { "aria-label": say("training.open_run", { title }) }, say("training.open"));
    open.disabled = info.id === this.#now;
    const explore = buttonTo(() => this.#explore(info.id), { "aria-label": say("training.explore_run", { title }) }, say("training.explore"));
    explore.disabled = !info.step;
    const under = el("input", { type: "checkbox", "aria-label": say("training.compare_with", { title }) });
    under.checked = this.#over.includes(info.id);
    under.disabled = info.id === this.#now || (!under.checked && this.#over.length >= MOST_OVER);
    under.addEventListener("change", () => {
      const others = this.#over.filter((id) => id !== info.id);
      this.events.compare(under.checked ? [...others, info.id] : others);
    });
    const compare = el("label", { class: "chip" }, under, say("training.compare"));
    const remove = buttonTo(() => this.#confirm(info, remove), { class: "button quiet", "aria-label": say("training.delete_run", { title }) }, say("common.delete"));
    const note = el("span", { class: "field-note" }, progressOf(info));
    this.#notes.set(info.id, note);
    return el("li", { class: info.id === this.#now ? "current" : "" }, name, note, el("span", { class: "row-buttons" }, compare, open, explore, remove));
  }

  /** @param {RunInfo} info @param {string} name */
  async #rename(info, name) {
    const done = await this.#change(() => amend(runPath(info.id), { name }));
    if (done) this.events.named(info.id, name);
  }

  /** The network of a run, as it was stored last, becomes one of the explorer's. @param {string} run */
  async #explore(run) {
    try {
      const model = await (await post("/api/models", { run })).json();
      location.assign(`/explorer#model=${encodeURIComponent(model.id)}`);
    } catch (error) {
      this.events.complain(messageOf(error));
    }
  }

  /** The first click asks. @param {RunInfo} info @param {HTMLButtonElement} button */
  async #confirm(info, button) {
    if (button.dataset["sure"]) {
      delete button.dataset["sure"];
      const done = await this.#change(() => send(runPath(info.id), { method: "DELETE" }));
      if (done) this.events.deleted(info.id);
      return;
    }
    button.dataset["sure"] = "yes";
    button.textContent = say("common.delete_for_good");
    button.setAttribute("aria-label", say("training.delete_for_good", { title: curveTitle(info) }));
    button.addEventListener("blur", () => this.#draw(), { once: true });
  }

  /** Whether it could be changed. @param {() => Promise<unknown>} change */
  async #change(change) {
    const done = await change().then(
      () => true,
      (/** @type {Error} */ error) => this.events.complain(error.message),
    );
    await this.load();
    return Boolean(done);
  }
}

/** Whether somebody is typing a name, or is asked whether to delete for good. @param {Element | null} node */
const isAtWork = (node) => node instanceof HTMLInputElement || (node instanceof HTMLElement && Boolean(node.dataset["sure"]));

/** @param {RunInfo} info */
function progressOf({ state, settings, step, metrics }) {
  const score = metrics?.["validation_accuracy"];
  const parts = [STATES[state] ?? state, settings.dataset, say("training.steps", { count: step })];
  return [...parts, ...(score === null || score === undefined ? [] : [percent(score)])].join(" · ");
}
