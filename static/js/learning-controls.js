// What an update promised and what came of it, and more of them from here: on the page of backpropagation.

/** @import { Bench, Control, NetworkAnswer, State } from "./types" */
/** @import { NetworkTimeline } from "./network-timeline.js" */
/** @import { Store } from "./state.js" */
/** @import { Updates } from "./race-controls.js" */

import { post } from "./api.js";
import { el } from "./draw/dom.js";
import { number } from "./format.js";
import { say } from "./words.js";

const COUNTS = [1, 10, 100]; // updates at once
const NO_STEPS = { tensors: [], steps: { start: 0, count: 1 } };

/** The loss before, what the gradient predicted of it, and the loss after. @param {NetworkTimeline} timeline */
export const promiseOf = ({ loss, predictedChange, lossAfter }) => [
  { label: say("backpropagation.loss_before"), value: shown(loss) },
  { label: say("backpropagation.predicted"), value: shown(predictedChange) },
  { label: say("backpropagation.loss_after"), value: shown(lossAfter) },
];

/** @param {number | null} value */
const shown = (value) => (value === null ? say("backpropagation.no_number") : number(value));

/**
 * The promise of the update, and buttons that make some and take the weights after them.
 * @param {(state: State) => Record<string, unknown>} body of the request of these settings
 * @param {(answer: NetworkAnswer) => State | null} taken the settings after the updates; null where the numbers have become too large to go on with
 * @param {(state: State) => number} count of the updates so far
 */
export const learnControl = (body, taken, count) => (/** @type {Control} */ { label }, /** @type {Store} */ store, /** @type {Updates} */ updates, /** @type {Bench | undefined} */ page) => {
  const [list, outcome, soFar] = [el("dl", { class: "promise" }), el("p", { class: "field-note" }), el("p", { class: "field-note" })];
  const learn = async (/** @type {number} */ wanted) => {
    const { state } = store;
    try {
      const response = await post("/api/trace/network", { ...body(state), ...NO_STEPS, updates: wanted });
      const patch = taken(await response.json());
      if (store.state !== state) return; // something else was set meanwhile
      if (patch) store.set(patch);
      else page?.message.show(say("backpropagation.diverged", { count: wanted }));
    } catch (error) {
      page?.message.show(/** @type {Error} */ (error).message);
    }
  };
  const buttons = COUNTS.map((count) => {
    const button = el("button", { type: "button", class: "button" }, say("backpropagation.learn", { count }));
    button.addEventListener("click", () => learn(count));
    return button;
  });
  updates.push((state) => {
    const timeline = /** @type {NetworkTimeline | null | undefined} */ (page?.trace);
    if (!timeline) return;
    list.replaceChildren(...promiseOf(timeline).flatMap(({ label, value }) => [el("dt", {}, label), el("dd", {}, value)]));
    outcome.textContent = timeline.outcome;
    soFar.textContent = say("backpropagation.learned", { count: count(state) });
  });
  return el("div", { "data-role": "promise" }, list, outcome, el("div", { class: "chips", role: "group", "aria-label": label }, ...buttons), soFar);
};
