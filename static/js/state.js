// What a person chose: one declared table of fields, its history, and the link that holds it.

/** @import { Field, Settings, State, Target } from "./types" */

import { PIN, STEP } from "./fields.js";
import { numberIn, targetIn } from "./values.js";
import { messageOf, say } from "./words.js";

const URL_DELAY_MS = 150;
const HISTORY_LENGTH = 200;

/** Settings by their names as those that the fields declare. @template {State} S @param {State} named @returns {S} */
const declared = (named) => /** @type {S} */ (named);

/** @template {Field[]} F @param {F} fields @returns {Settings<F>} */
export const initialState = (fields) => declared(Object.fromEntries(fields.map((field) => [field.name, field.initial])));

/** The fields that differ between two settings, where they have an effect in one of them. @param {Field[]} fields @param {State} before @param {State} after */
export const changedFields = (fields, before, after) =>
  fields.filter(({ name, format, when }) => (!when || when(before) || when(after)) && format(before[name]) !== format(after[name]));

/**
 * The fragment of a link: every field that has an effect and is not as the page opens with it, and the step.
 * @param {Field[]} fields @param {State} state @param {number} step @param {Target | null} [pin] the cell that is pinned
 */
export function formatState(fields, state, step, pin = null) {
  const changed = fields.filter(
    ({ name, format, initial, when }) => (!when || when(state)) && format(state[name]) !== format(initial),
  );
  const parts = changed.map((field) => `${field.name}=${field.format(state[field.name])}`);
  if (step) parts.push(`step=${step}`);
  if (pin) parts.push(`pin=${PIN.format(pin)}`);
  return parts.join("&");
}

/**
 * @template {Field[]} F
 * @param {F} fields @param {string} fragment with or without the leading #
 * @returns {{ state: Settings<F>, step: number, pin: Target | null, problems: string[] }}
 */
export function parseState(fields, fragment) {
  /** @type {State} */
  const state = { ...initialState(fields), step: STEP.initial, pin: PIN.initial };
  const table = new Map([...fields, STEP, PIN].map((field) => [field.name, field]));
  const problems = [];
  for (const part of fragment.replace(/^#/, "").split("&")) {
    if (!part.includes("=")) {
      if (part && fragment.includes("=")) problems.push(say("link.no_value", { part }));
      continue; // alone it is a place on the page
    }
    const [name = "", ...rest] = part.split("=");
    const field = table.get(name);
    if (!field) {
      problems.push(say("link.no_setting", { name }));
      continue;
    }
    try {
      state[name] = field.parse(decoded(rest.join("=")));
    } catch (error) {
      problems.push(`${field.label}: ${messageOf(error)}.`);
    }
  }
  const { step: _, pin: __, ...chosen } = state;
  for (const { name, label, initial, format, when } of fields) {
    if (!when || when(chosen) || format(chosen[name]) === format(initial)) continue;
    problems.push(say("link.no_effect", { label, chosen: format(chosen[name]) }));
    chosen[name] = initial;
  }
  return { state: declared(chosen), step: numberIn(state, "step"), pin: targetIn(state, "pin"), problems };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error(say("link.damaged", { text }));
  }
}

/** The name of an array that has one. @param {unknown} value */
const presetOf = (value) => (typeof value === "object" && value !== null && "preset" in value ? value.preset : undefined);

/** Whether a change only chooses arrays by other names than before. @param {State} before @param {State} patch */
function isByName(before, patch) {
  const changed = Object.keys(patch).filter((name) => JSON.stringify(patch[name]) !== JSON.stringify(before[name]));
  return changed.every((name) => presetOf(patch[name]) && presetOf(patch[name]) !== presetOf(before[name]));
}

/** The present settings with their past and future. Whoever listens is told of every change. @template {State} [S=State] */
export class Store {
  /** @type {S[]} */ #past = [];
  /** @type {S[]} */ #future = [];
  #gesture = "";
  /** @type {(() => void)[]} */ #listeners = [];
  /** How many times settings came as a whole: by a link, by a name, by Reset. */
  given = 0;
  /** How many changes a person made since then that are more than choosing an array by its name. */
  own = 0;

  /** @param {Field[]} fields */
  constructor(fields) {
    this.fields = fields;
    /** @type {S} */
    this.initial = declared(initialState(fields));
    this.state = this.initial;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  get isInitial() {
    return this.written === "";
  }

  /** The settings as a link has them. */
  get written() {
    return formatState(this.fields, this.state, 0);
  }

  /** @param {() => void} listener */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  /**
   * @param {Partial<S>} patch
   * @param {string} [gesture] changes of one gesture, such as dragging a slider, are undone as one
   */
  set(patch, gesture = "") {
    if (!gesture || gesture !== this.#gesture) {
      this.#past.push(this.state);
      this.#past.splice(0, this.#past.length - HISTORY_LENGTH);
    }
    this.#gesture = gesture;
    this.#future = [];
    if (!isByName(this.state, patch)) this.own += 1;
    this.#move({ ...this.state, ...patch });
  }

  /** Set all of them to what has a name, which can be undone. @param {S} state */
  give(state) {
    this.set(state);
    this.#countAnew();
  }

  endGesture() {
    this.#gesture = "";
  }

  undo() {
    const state = this.#past.pop();
    if (!state) return;
    this.#future.push(this.state);
    this.#move(state);
  }

  redo() {
    const state = this.#future.pop();
    if (!state) return;
    this.#past.push(this.state);
    this.#move(state);
  }

  reset() {
    if (!this.isInitial) this.give(this.initial);
  }

  /** Change settings as a part of the change before: what it does is undone as one. @param {Partial<S>} patch */
  amend(patch) {
    this.state = { ...this.state, ...patch };
  }

  /** Take back whatever was changed since these settings, as if it had not been: it could not be computed. @param {S} shown */
  reject(shown = this.#past.at(-1) ?? this.initial) {
    const since = this.#past.lastIndexOf(shown);
    if (since >= 0) this.#past.splice(since);
    this.state = shown;
    this.endGesture();
  }

  /** Put a whole state in place, and tell nobody. @param {S} state @param {boolean} [keeps] whether Undo brings back what was there; else it has no history */
  replace(state, keeps = false) {
    this.#past = keeps ? [...this.#past, this.state].slice(-HISTORY_LENGTH) : [];
    this.#future = [];
    this.state = state;
    this.endGesture();
    this.#countAnew();
  }

  #countAnew() {
    this.given += 1;
    this.own = 0;
  }

  /** @param {S} state */
  #move(state) {
    this.state = state;
    for (const listener of this.#listeners) listener();
  }
}

/**
 * Keeps the address in step with the page: written once things settle, read when it changes.
 * Until it is written, the root element's data-address is "behind".
 */
export class Address {
  #timer = 0;
  /** @type {string | null} */ #opened = null; // what is shown just as it was opened; an address without a fragment is one like any other
  #known = location.hash; // where there is another, it is yet to be opened: nothing is written over it

  /** @param {() => string} current @param {(fragment: string) => void} opened */
  constructor(current, opened) {
    this.current = current;
    const reopen = () => {
      this.#known = location.hash;
      this.cancel(); // what was about to be written belongs to the place that was left
      if (location.hash === this.#opened || location.hash.replace(/^#/, "") === this.current()) return;
      this.#opened = location.hash; // going back fires both events
      opened(location.hash);
    };
    addEventListener("hashchange", reopen);
    addEventListener("popstate", reopen);
    addEventListener("pagehide", () => this.write());
    const isLink = (/** @type {EventTarget | null} */ target) => target instanceof Element && target.closest('a[href^="#"]') !== null;
    addEventListener("click", ({ target }) => isLink(target) && this.write(), { capture: true }); // a link to what the address still says leads back there
  }

  /** Write once things settle: a page that plays fast does not write at every step. */
  schedule() {
    this.#opened = null; // who follows that link again comes back by it
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.write(), URL_DELAY_MS);
    document.documentElement.dataset.address = "behind";
  }

  cancel() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    document.documentElement.dataset.address = "current";
  }

  write() {
    if (!this.#timer || location.hash !== this.#known) return;
    const fragment = this.current();
    history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
    this.#known = location.hash;
    this.cancel();
  }
}
