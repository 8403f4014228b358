// What an update promised and what came of it, and more of them from here: on the page of backpropagation.

/** @import { Bench, Control, NetworkAnswer, State, Updates } from "./types" */
/** @import { Store } from "./state.js" */

import { post } from "./api.js";
import { buttonTo, el } from "./draw/dom.js";
import { slider } from "./draw/slider.js";
import { number } from "./format.js";
import { latest } from "./input/latest.js";
import { NetworkTimeline } from "./network-timeline.js";
import { messageOf, say } from "./words.js";

const GESTURE = "among";
const COUNTS = [1, 10, 100]; // updates at once
/** What a request adds that needs no step. */
export const NO_STEPS = { tensors: [], steps: { start: 0, count: 1 } };

/** The loss before, what the gradient predicted of it, and the loss after. @param {NetworkTimeline} timeline */
export const promiseOf = ({ loss, predictedChange, lossAfter }) => [
  { label: say("backpropagation.loss_before"), value: shown(loss) },
  { label: say("backpropagation.predicted"), value: shown(predictedChange) },
  { label: say("backpropagation.loss_after"), value: shown(lossAfter) },
];

/** @param {number | null} value */
const shown = (value) => (value === null ? say("backpropagation.no_number") : number(value));

/** @typedef {{ body(state: State): Record<string, unknown>, taken(answer: NetworkAnswer): State | null, count(state: State): number }} Learning the request of settings; the settings after updates, null where a number of them is none; how many there were */

class Learner {
  #list = el("dl", { class: "promise" });
  #outcome = el("p", { class: "field-note" });
  #soFar = el("p", { class: "field-note" });
  #grown = el("div", { class: "spread", role: "status", hidden: true }); // that the numbers grow beyond all bounds, and the way back
  /** @type {{ state: State, count: number, key: string } | null} */ #from = null; // before the updates that were made at once
  #look = latest((/** @type {number} */ wanted) => this.#among(wanted));

  /** @param {string} label @param {Store} store @param {Bench} page @param {Learning} learning */
  constructor(label, store, page, learning) {
    this.store = store;
    this.page = page;
    this.learning = learning;
    this.which = slider(say("backpropagation.look_at"), { move: this.#look, rest: () => store.endGesture() });
    const buttons = COUNTS.map((count) => buttonTo(() => this.#learn(count), {}, say("backpropagation.learn", { count })));
    this.node = el("div", { "data-role": "promise" }, this.#list, this.#outcome, el("div", { class: "chips", role: "group", "aria-label": label }, ...buttons), this.#grown, this.#soFar, this.which.node);
  }

  /**
   * The settings after so many updates of others, or after the last one that leaves finite numbers; null where something else was set meanwhile.
   * @param {State} state @param {number} wanted @returns {Promise<{ patch: State, made: number } | null>}
   */
  async #after(state, wanted) {
    const before = this.store.state;
    const ask = async (/** @type {number} */ updates) => {
      const response = await post("/api/trace/network", { ...this.learning.body(state), ...NO_STEPS, updates });
      return response.json();
    };
    try {
      const whole = await ask(wanted);
      const made = whole.finite_updates;
      const patch = this.learning.taken(made < wanted ? await ask(made) : whole);
      return patch && before === this.store.state ? { patch, made } : null;
    } catch (error) {
      this.page.message.show(messageOf(error));
      return null;
    }
  }

  /** @param {number} count */
  async #learn(count) {
    const { state } = this.store;
    const found = await this.#after(state, count);
    if (!found) return;
    const { patch, made } = found;
    this.#from = { state, count: made, key: this.#keyOf({ ...state, ...patch }) };
    if (made) this.store.set(patch);
    this.#showGrown(made < count ? { patch, made, state } : null);
  }

  /** Say that the update after those that were made has numbers that are too large, which is the one that is seen; and the way back. @param {{ patch: State, made: number, state: State } | null} found */
  #showGrown(found) {
    this.#grown.hidden = !found;
    if (!found) return this.#grown.replaceChildren();
    const { patch, made, state } = found;
    const back = buttonTo(() => {
      this.node.querySelector("button")?.focus(); // the one that was pressed goes
      this.store.set(Object.fromEntries(Object.keys(patch).map((field) => [field, state[field]])));
    }, {}, say("backpropagation.weights_before"));
    this.#grown.replaceChildren(el("p", { class: "field-note" }, made ? say("backpropagation.diverged", { count: made }) : say("backpropagation.diverged_at_once")), ...(made ? [back] : []));
  }

  /** Look at one of the updates that were made at once. @param {number} wanted how many come before it */
  async #among(wanted) {
    if (!this.#from) return;
    const { patch } = (await this.#after(this.#from.state, wanted)) ?? {};
    if (!patch || !this.#from) return;
    this.#showGrown(null);
    this.#from.key = this.#keyOf({ ...this.store.state, ...patch });
    await this.page.change(patch, GESTURE);
  }

  /** @param {State} state */
  #keyOf = (state) => JSON.stringify(this.learning.body(state));

  /** @param {State} state */
  update(state) {
    const { trace: timeline } = this.page;
    if (!(timeline instanceof NetworkTimeline)) return;
    this.#list.replaceChildren(...promiseOf(timeline).flatMap(({ label, value }) => [el("dt", {}, label), el("dd", {}, value)]));
    this.#outcome.textContent = timeline.outcome;
    this.#soFar.textContent = say("backpropagation.learned", { count: this.learning.count(state) });
    if (this.#from && this.#from.key !== this.#keyOf(state)) this.#from = null; // other settings: they are others' updates
    if (!this.#from) this.#showGrown(null);
    this.#showWhich(state);
  }

  /** @param {State} state */
  #showWhich(state) {
    const from = this.#from;
    this.which.node.hidden = !from || from.count < 2;
    if (!from) return;
    this.which.input.max = String(from.count);
    const at = this.learning.count(state) - this.learning.count(from.state);
    this.which.show(at, say("backpropagation.look_at_one", { at, count: from.count }));
  }
}

/** The promise of the update, buttons that make some and take the weights after them, and which of them is looked at. @param {Learning} learning */
export const learnControl = (learning) => (/** @type {Control} */ { label }, /** @type {Store} */ store, /** @type {Updates} */ updates, /** @type {Bench | undefined} */ page) => {
  if (!page) return el("div", {});
  const learner = new Learner(label, store, page, learning);
  updates.push((state) => learner.update(state));
  return learner.node;
};
