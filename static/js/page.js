// The life of a page, the same for all that have settings: a link is read, an answer is asked for, shown or refused.

/** @import { Field, State } from "./types" */
/** @import { About } from "./share.js" */

import { AGAIN_MS, ApiError } from "./api.js";
import { showHistory, startHistory } from "./history.js";
import { fetchLater, MISSING } from "./later.js";
import { needed } from "./needed.js";
import { markFirstFrame, markReady, Message, startShell } from "./shell.js";
import { Address, Store } from "./state.js";
import { say } from "./words.js";

const DAMAGED = say("page.cannot_show");
const OPENS = say("page.as_it_opens");
const KEPT = say("page.kept");

/**
 * What a link says: settings, what is looked at besides them, what is wrong with it, in sentences, and one after those.
 * @template S, View
 * @typedef {{ state: S, view: View, problems: string[], rest?: string }} Link
 */

/**
 * What differs from page to page.
 * @template S, View, Answer
 * @typedef {object} Subject
 * @property {Field[]} fields
 * @property {() => string} fragment writes the link to what is shown
 * @property {(fragment: string) => Link<S, View> | Promise<Link<S, View>>} read
 * @property {(view?: View) => void} showSettings shows settings that are new or have a new answer, and what a link looks at beside them
 * @property {(state: S, signal: AbortSignal, view?: View) => Promise<Answer>} ask
 * @property {(answer: Answer, view?: View) => void} show
 * @property {(view: View, problems: string[]) => void} [opened] looks at what a link does, now that all is shown
 * @property {(error: ApiError) => void} [refuse] for a page that keeps settings that are refused
 * @property {(state: S, before: S, refused: ApiError) => Partial<S> | undefined} [givingWay] the settings in whose place others come where a change from those before is refused
 * @property {(error: ApiError) => void} [failed] hears of every error before it is said
 * @property {() => About} [about] what is said of a link to it
 */

/** @template {State} S @template View @template Answer */
export class Page {
  message = new Message();
  opening = Promise.resolve();
  /** What a link looks at that could not be shown: it is looked at as soon as something is. @type {View | undefined} */
  view = undefined;
  /** @type {Promise<ApiError | undefined>} */ #settled = Promise.resolve(undefined);
  #request = new AbortController();
  #turn = 0; // of links that were opened and of changes: one that is overtaken stops

  /** @param {Subject<S, View, Answer>} subject */
  constructor(subject) {
    this.subject = subject;
    /** @type {Store<S>} */
    this.store = new Store(subject.fields);
    this.kept = this.store.state; // to which a refusal goes back: what was answered, or set while no answer came
    /** @type {S | undefined} */
    this.shown = undefined;
    this.address = new Address(
      () => subject.fragment(),
      (fragment) => this.open(fragment),
    );
    this.store.onChange(() => void (this.#settled = this.#changed()));
    startHistory(this.store);
    startShell({ beforeLink: () => this.address.write(), aboutLink: () => subject.about?.() ?? {} });
  }

  /** Open what the address says, and start what the first frame does without. @param {(() => Promise<unknown>)[]} rest */
  async start(...rest) {
    await this.open(location.hash);
    markFirstFrame();
    fetchLater();
    const failed = (/** @type {unknown} */ error) => this.message.show(error instanceof ApiError ? error.message : MISSING);
    await Promise.all(rest.map((part) => part().catch(failed)));
    markReady();
  }

  /** Show what a link says; what cannot be shown is said, and the rest is kept. Meanwhile the page is busy. @param {string} fragment */
  open(fragment) {
    const main = needed(document.querySelector("main"));
    main.setAttribute("aria-busy", "true");
    const opening = this.attempt(() => this.#open(fragment)).finally(() => {
      if (this.opening === opening) main.removeAttribute("aria-busy");
    });
    this.opening = opening;
    return opening;
  }

  /** Do something, and say why where the server refuses it. @param {() => unknown} act */
  async attempt(act) {
    try {
      await act();
    } catch (error) {
      this.message.show(this.#failed(error).message);
    }
  }

  /** Change settings, and wait until they are shown. @param {Partial<S>} patch @param {string} [gesture] @returns {Promise<ApiError | undefined>} why they cannot be, where they cannot */
  change(patch, gesture) {
    this.store.set(patch, gesture);
    return this.#settled;
  }

  /** @param {string} fragment */
  async #open(fragment) {
    const turn = (this.#turn += 1);
    const link = await this.#read(fragment, turn);
    if (!link || turn !== this.#turn) return;
    const { state, view, problems, rest = OPENS } = link;
    this.message.clear();
    this.view = undefined;
    this.store.replace(state, this.shown !== undefined);
    if (location.hash.replace("#", "") !== fragment.replace("#", "")) this.address.schedule(); // written while the link was read
    this.#showSettings(view);
    let error = await this.#load(view);
    if (error?.isRefusal && !this.subject.refuse) error = await this.#mend(turn, error, problems);
    if (turn !== this.#turn) return;
    if (error?.isRefusal && this.subject.refuse) this.subject.refuse(error);
    else if (error) {
      this.view = view;
      return this.#report(error, ...problems);
    } else this.subject.opened?.(view, problems);
    if (problems.length) this.message.show(DAMAGED, ...problems, ...(rest ? [rest] : []));
  }

  /** What a link says; nothing where the server does not answer what has to be asked for that: then it is opened again in a while. @param {string} fragment @param {number} turn */
  async #read(fragment, turn) {
    try {
      return await this.subject.read(fragment);
    } catch (error) {
      if (!this.#failed(error).isSilence) throw error;
      if (turn === this.#turn) this.message.show(say("page.silent"));
      setTimeout(() => (turn === this.#turn ? this.open(fragment) : undefined), AGAIN_MS);
      return undefined;
    }
  }

  /** Find which of the settings are at fault: those give way. @param {number} turn of the link @param {ApiError} refused @param {string[]} problems */
  async #mend(turn, refused, problems) {
    const { state } = this.store;
    const { mend } = await import("./mending.js");
    const error = await mend(this.subject.fields, state, refused, problems, async (other) => {
      if (turn !== this.#turn) return undefined;
      this.store.replace(other);
      return this.#load();
    });
    if (turn !== this.#turn) return undefined;
    if (error) {
      this.store.replace(state);
      this.#showSettings();
    } else this.address.schedule();
    return error;
  }

  async #changed() {
    const turn = (this.#turn += 1);
    this.#showSettings(); // at once: what no longer applies cannot be reached meanwhile
    this.address.schedule();
    const { view } = this;
    let error = await this.#load(view);
    const patch = error?.isRefusal && this.subject.givingWay?.(this.store.state, this.kept, error);
    if (patch) {
      this.store.amend(patch);
      error = await this.#load(view);
    }
    if (error) await this.#refuse(error);
    else if (turn === this.#turn) this.#say(view);
    return error;
  }

  /** @param {ApiError} error */
  async #refuse(error) {
    if (!error.isRefusal) this.#report(error);
    else if (this.subject.refuse) this.subject.refuse(error);
    else await this.#goBack(error);
  }

  /** Take back what is refused; what was set before and is not shown yet is asked for again. @param {ApiError} refused */
  async #goBack(refused) {
    const { view } = this;
    const turn = this.#turn;
    this.store.reject(this.kept);
    this.#showSettings();
    this.address.schedule();
    this.message.show(refused.message, KEPT);
    if (this.kept === this.shown) return;
    const error = await this.#load(view);
    if (turn !== this.#turn) return;
    if (!error) this.#say(view, refused.message, KEPT);
    else if (error.isRefusal && this.shown) {
      this.kept = this.shown;
      await this.#goBack(refused);
    } else this.#report(error, refused.message);
  }

  /** Say why nothing can be shown, whatever the settings; a server that did not answer is asked again. @param {ApiError} error @param {string[]} before sentences */
  #report(error, ...before) {
    this.message.show(...before, error.isSilence ? say("page.silent") : error.message);
    if (error.isSilence) this.#askAgain(this.#turn, before);
  }

  /** Ask in a while for what the server did not answer, unless other settings were asked for meanwhile. @param {number} turn @param {string[]} before sentences that stay true */
  #askAgain(turn, before) {
    setTimeout(async () => {
      if (turn !== this.#turn) return;
      const { view } = this;
      const error = await this.#load(view);
      if (turn !== this.#turn) return;
      if (error?.isSilence) this.#askAgain(turn, before);
      else if (error) await this.#refuse(error);
      else this.#say(view, ...before);
    }, AGAIN_MS);
  }

  /** Say this, and what is wrong with what a link looks at that could not be shown before. @param {View | undefined} view @param {string[]} sentences */
  #say(view, ...sentences) {
    if (view) this.subject.opened?.(view, sentences);
    if (sentences.length) this.message.show(...sentences);
    else this.message.clear();
  }

  /** Show the answer to the present settings. @param {View} [view] @returns {Promise<ApiError | undefined>} why there is none; nothing either where others were asked for meanwhile */
  async #load(view) {
    this.#request.abort();
    const request = (this.#request = new AbortController());
    const { state } = this.store;
    try {
      const answer = await this.subject.ask(state, request.signal, view);
      if (request.signal.aborted) return undefined;
      this.kept = this.shown = state;
      this.view = undefined;
      this.subject.show(answer, view);
      this.#showSettings(); // what can be set depends on the answer
    } catch (error) {
      if (request.signal.aborted) return undefined;
      const failed = this.#failed(error);
      if (!failed.isRefusal) this.kept = state;
      return failed;
    }
    return undefined;
  }

  /** What is no refusal by the server is a fault of ours. @param {unknown} error */
  #failed(error) {
    if (!(error instanceof ApiError)) throw error;
    this.subject.failed?.(error);
    return error;
  }

  /** @param {View} [view] */
  #showSettings(view) {
    showHistory(this.store);
    this.subject.showSettings(view);
  }
}
