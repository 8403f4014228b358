// Check it yourself: one number of a network on a dial, the loss as a curve over it, and what its gradient foretold.

/** @import { Bench, CheckAnswer, State, Step } from "./types" */
/** @import { Store } from "./state.js" */

import { ApiError, post } from "./api.js";
import { LineChart } from "./draw/chart.js";
import { buttonTo, chip, el } from "./draw/dom.js";
import { slider } from "./draw/slider.js";
import { number } from "./format.js";
import { NO_STEPS } from "./learning-controls.js";
import { indicesIn } from "./nested.js";
import { NOTCHES, numberAt, REACHES } from "./network-numbers.js";
import { NetworkTimeline } from "./network-timeline.js";
import { isAsking } from "./predict-first.js";
import { numberIn, textIn } from "./values.js";
import { say } from "./words.js";

/** @typedef {{ name: string, title: string, values: unknown }} ParameterGroup the numbers of one parameter, and what they are called together */
/** @typedef {{ body(state: State): Record<string, unknown>, groups: (timeline: NetworkTimeline) => ParameterGroup[], nameOf: (group: string, index: number[]) => string }} CheckedNetwork the request of these settings, and what its numbers are called */

/** Every index of nested lists. @param {unknown} values @param {number[]} [before] @returns {number[][]} */
const indicesOf = (values, before = []) =>
  Array.isArray(values) ? values.flatMap((part, index) => indicesOf(part, [...before, index])) : [before];

/** @param {string} text @param {string} reach */
const checkOf = (text, reach) => {
  const [parameter, index = ""] = text.split(":");
  return { parameter, index: index.split(",").map(Number), reach: Number(reach) };
};

/** The card: which number, the dial, the curve with its tangent, and what the engine finds. */
export class GradientCheck {
  /** @type {CheckAnswer | null} */ #answer = null;
  #key = ""; // for what: asked once, whether it is answered or refused
  #fault = ""; // why there is no answer
  #request = new AbortController();
  #error = el("p", { class: "field-error", role: "alert" });
  #finding = el("p", { class: "field-note", role: "status" });
  #crossed = el("p", { class: "field-note", "data-role": "crossed", role: "status" });
  #list = el("dl", { class: "promise" });
  #plot = el("div");
  #reaches = el("div", { class: "chips", role: "radiogroup", "aria-label": say("check.reach") });
  #here = buttonTo(() => this.store.set({ check: this.#present, nudge: 0 }), {}, say("check.of_this_step"));
  #given = { times: -1, check: "" }; // what the last link or Reset chose
  #due = false; // whether it is still to be brought into sight, for the link that chose its number
  #asking = false; // whether the present step hides its number: then it is not told here either
  #present = ""; // the number whose gradient, or update, the present step computes

  /** @param {Store} store @param {Bench} page @param {CheckedNetwork} network */
  constructor(store, page, network) {
    this.store = store;
    this.page = page;
    this.network = network;
    this.select = el("select", { "aria-label": say("check.number") });
    this.select.addEventListener("change", () => store.set({ check: this.select.value, nudge: 0 }));
    this.dial = slider(say("check.nudge"), {
      low: -NOTCHES,
      high: NOTCHES,
      move: (nudge) => store.set({ nudge }, "nudge"),
      rest: () => store.endGesture(),
    });
    this.#reaches.append(...REACHES.map((reach) => chip(() => store.set({ reach, nudge: 0 }), { name: "reach", value: reach }, `± ${reach}`).node));
    this.chart = new LineChart(this.#plot, {
      label: say("common.loss"),
      x: say("check.value"),
      formatX: (x) => say("check.at", { value: number(x) }),
      choose: (value) => {
        const point = this.#answer?.values.indexOf(value) ?? -1;
        if (point >= 0) store.set({ nudge: point - NOTCHES });
      },
    });
    this.open = el("div", { class: "check-open" }, this.dial.node, this.#reaches, this.#plot, this.#list, this.#crossed, this.#finding);
    this.node = el("div", { class: "check", "data-role": "check" }, el("p", { class: "field-note" }, say("check.what")), this.select, this.#here, this.#error, this.open);
    this.#list.hidden = this.#plot.hidden = true;
    page.onShown(({ trace, step }) => trace instanceof NetworkTimeline && this.#step(trace, step));
  }

  get #timeline() {
    const { trace } = this.page;
    return trace instanceof NetworkTimeline ? trace : null;
  }

  /** Offer the numbers of the network, once it is there. */
  #offer() {
    const timeline = this.#timeline;
    if (!timeline?.isOwn || this.select.length) return;
    const { groups, nameOf } = this.network;
    this.select.append(el("option", { value: "" }, say("check.choose")));
    for (const { name, title, values } of groups(timeline))
      this.select.append(el("optgroup", { label: title }, ...indicesOf(values).map((index) => el("option", { value: `${name}:${index}` }, nameOf(name, index)))));
  }

  /** @param {NetworkTimeline} timeline @param {Step} step */
  #step(timeline, step) {
    const [entry, { state }] = [timeline.entryOf(step), this.store];
    const index = indicesIn(step["output_cell"]);
    this.#present = entry.pass === "backward" || entry.pass === "update" ? numberAt(entry, { tensor: "output", index }) : "";
    this.#asking = isAsking(timeline, step, state);
    this.update(state);
  }

  /** @param {State} state */
  update(state) {
    const [check, reach, nudge] = [textIn(state, "check"), textIn(state, "reach"), numberIn(state, "nudge")];
    if (this.store.given !== this.#given.times) [this.#given, this.#due] = [{ times: this.store.given, check }, check !== ""];
    this.#offer();
    this.select.value = check;
    const known = this.select.value === check;
    this.open.hidden = !check || !known || this.#asking;
    this.#here.hidden = !this.#present || this.#present === check || this.#asking;
    this.#error.textContent = known ? "" : say("check.no_number", { text: check });
    for (const input of this.#reaches.querySelectorAll("input")) input.checked = input.value === reach;
    if (this.open.hidden) return;
    this.#ask(state, check, reach);
    this.#error.textContent = this.#fault;
    this.#draw(nudge);
  }

  /** Ask for the curve of what the stage shows. @param {State} state @param {string} check @param {string} reach */
  async #ask(state, check, reach) {
    const body = this.network.body(state);
    const shown = this.#timeline?.body;
    const key = JSON.stringify([body, check, reach]);
    if (key === this.#key) return;
    this.#forget();
    if (JSON.stringify(shown) !== JSON.stringify(body)) return;
    this.#key = key;
    const { signal } = (this.#request = new AbortController());
    try {
      const response = await post("/api/trace/network", { ...body, ...NO_STEPS, check: checkOf(check, reach) }, { signal });
      const answer = await response.json();
      if (signal.aborted) return;
      this.#answer = answer.check;
      this.#draw(numberIn(this.store.state, "nudge"));
      this.#tell(check);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError && error.isRefusal)) this.#key = "";
      this.#fault = error instanceof ApiError ? error.message : String(error);
      this.#error.textContent = this.#fault;
    }
  }

  /** What was answered is of another number, of other weights or another reach. */
  #forget() {
    this.#request.abort();
    [this.#answer, this.#key, this.#fault] = [null, "", ""];
    this.#list.hidden = this.#plot.hidden = true;
    this.#finding.textContent = this.#crossed.textContent = "";
  }

  /** A number that a person chose, and no link, counts as checked. @param {string} check */
  #tell(check) {
    const timeline = this.#timeline;
    if (!timeline || check === this.#given.check) return;
    timeline.checked = this.#answer;
    this.page.redraw();
  }

  /** @param {number} nudge */
  #draw(nudge) {
    const answer = this.#answer;
    if (!answer) return this.dial.show(nudge, "…");
    const { values, losses, tangent } = answer;
    const at = nudge + NOTCHES;
    const shown = (/** @type {number | null | undefined} */ value) => (Number.isFinite(value) ? number(value) : say("backpropagation.no_number"));
    this.dial.show(nudge, shown(values[at]));
    const rows = [
      { name: say("check.loss_now"), value: losses[NOTCHES] },
      { name: say("check.foretold"), value: tangent[at] },
      { name: say("check.loss_there"), value: losses[at] },
    ];
    this.#list.hidden = this.#plot.hidden = false;
    this.#list.replaceChildren(...rows.flatMap(({ name, value }) => [el("dt", {}, name), el("dd", {}, shown(value))]));
    this.#finding.textContent = answer.finding;
    this.#crossed.textContent = answer.crossed[at] ?? "";
    const xs = values.flatMap((value) => value ?? []); // none of a number that is none
    const series = [
      { id: "loss", name: say("common.loss"), xs, values: losses, style: 0 },
      { id: "tangent", name: say("check.tangent"), xs, values: tangent, style: 1 },
    ];
    this.chart.show(series, { at: xs[at] ?? 0 });
    if (this.#due) this.node.scrollIntoView({ block: "nearest" });
    this.#due = false;
  }
}
