// One's own runs beside the one that is watched: named, opened in its place, laid under it, deleted.

/** @import { Drawn } from "./curves.js" */
/** @import { RunInfo } from "./run.js" */
/** @import { Watch } from "./watch.js" */

import { amend, post, send } from "../api.js";
import { askFirst } from "../ask-first.js";
import { buttonTo, byRole, el, onAction } from "../draw/dom.js";
import { newest } from "../input/latest.js";
import { STATES } from "../states.js";
import { percent } from "../format.js";
import { messageOf, say } from "../words.js";
import { curveTitle } from "./curves.js";
import { findRuns } from "./link.js";
import { ownRuns, runPath } from "./run.js";

const MOST_OVER = 3;

/**
 * @typedef {object} OwnRunsEvents
 * @property {(run: Drawn) => void} open one takes the place of the one that is watched, with its set-up
 * @property {() => void} laid others lie under the one that is watched
 * @property {() => void} gone the one that was watched is deleted
 * @property {(...sentences: string[]) => void} complain
 */

export class OwnRuns {
  /** @type {RunInfo[]} */ #runs = [];
  /** @type {string[]} */ #over = [];
  /** @type {Map<string, HTMLElement>} */ #notes = new Map();
  #find = newest(async (/** @type {string} */ id) => {
    /** @type {string[]} */
    const problems = [];
    const [run] = await findRuns([id], problems);
    return { run, problems };
  });

  #missing = newest((/** @type {string[]} */ list) => findRuns(list, []));

  /** @param {Watch} watch @param {OwnRunsEvents} events */
  constructor(watch, events) {
    this.watch = watch;
    this.events = events;
    onAction("explore", () => this.#explore(this.#now));
    this.mark();
    this.load();
  }

  /** The run that is watched. */
  get #now() {
    return this.watch.run?.info.id ?? "";
  }

  async load() {
    try {
      this.#runs = await ownRuns();
      this.#draw();
    } catch (error) {
      this.events.complain(messageOf(error));
    }
  }

  /** Which of them are shown. @param {string[]} over those under the one that is watched */
  mark(over = this.watch.earlier.map(({ info }) => info.id)) {
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
    const open = buttonTo(() => this.#open(info.id), { "aria-label": say("training.open_run", { title }) }, say("training.open"));
    open.disabled = info.id === this.#now;
    const explore = buttonTo(() => this.#explore(info.id), { "aria-label": say("training.explore_run", { title }) }, say("training.explore"));
    explore.disabled = !info.step;
    const under = el("input", { type: "checkbox", "aria-label": say("training.compare_with", { title }) });
    under.checked = this.#over.includes(info.id);
    under.disabled = info.id === this.#now || (!under.checked && this.#over.length >= MOST_OVER);
    under.addEventListener("change", () => {
      const others = this.#over.filter((id) => id !== info.id);
      this.#compare(under.checked ? [...others, info.id] : others);
    });
    const compare = el("label", { class: "chip" }, under, say("training.compare"));
    const asks = { "data-asks": say("common.delete_for_good"), "data-asks-label": say("training.delete_for_good", { title }) };
    const remove = el("button", { type: "button", class: "button quiet", "aria-label": say("training.delete_run", { title }), ...asks }, say("common.delete"));
    askFirst(remove, () => this.#delete(info.id));
    const note = el("span", { class: "field-note" }, progressOf(info));
    this.#notes.set(info.id, note);
    return el("li", { class: info.id === this.#now ? "current" : "" }, name, note, el("span", { class: "row-buttons" }, compare, open, explore, remove));
  }

  /** @param {string} id */
  async #open(id) {
    const found = await this.#find(id);
    if (!found) return;
    const { run, problems } = found;
    if (!run) return this.events.complain(...problems);
    this.watch.lay(this.watch.earlier.filter(({ info }) => info.id !== id));
    this.events.open(run);
  }

  /** @param {string[]} list */
  async #compare(list) {
    this.mark(list); // at once: what is chosen next is chosen beside these
    const known = new Map(this.watch.earlier.map((drawn) => [drawn.info.id, drawn]));
    const missing = await this.#missing(list.filter((id) => !known.has(id)));
    if (!missing) return; // others are chosen meanwhile
    for (const drawn of missing) known.set(drawn.info.id, drawn);
    this.watch.lay(list.flatMap((id) => known.get(id) ?? []));
    this.mark();
    this.events.laid();
  }

  /** @param {RunInfo} info @param {string} name */
  async #rename({ id }, name) {
    if (!(await this.#change(() => amend(runPath(id), { name })))) return;
    const { run, earlier } = this.watch;
    if (run?.info.id === id) run.info = { ...run.info, name };
    this.watch.lay(earlier.map((drawn) => (drawn.info.id === id ? { ...drawn, info: { ...drawn.info, name } } : drawn)));
  }

  /** @param {string} id */
  async #delete(id) {
    if (!(await this.#change(() => send(runPath(id), { method: "DELETE" })))) return;
    this.watch.lay(this.watch.earlier.filter(({ info }) => info.id !== id));
    if (this.#now === id) this.events.gone();
    this.events.laid();
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
