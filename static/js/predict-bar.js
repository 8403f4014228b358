// The answers of *Predict first*, under the question, and how often a person was right: this browser alone keeps that.

/** @import { Bench, Shown, State } from "./types" */
/** @import { Store } from "./state.js" */

import { buttonTo, byRole, el, find } from "./draw/dom.js";
import { ofKind } from "./needed.js";
import { NetworkTimeline } from "./network-timeline.js";
import { answer, ANSWERS, isKind, QUESTIONS, questionAt } from "./predict-first.js";
import { PREDICTED, remember, remembered } from "./remembered.js";
import { textIn } from "./values.js";
import { say } from "./words.js";

/** @typedef {{ kind: string, right: number, answered: number }} Score */

/** @param {unknown} known @returns {known is Score} */
const isScore = (known) => typeof known === "object" && known !== null && "kind" in known && "right" in known && "answered" in known;

/** What is remembered, of all kinds of questions. */
const scores = () => remembered(PREDICTED).filter(isScore);

/** @param {string} kind @returns {Score} */
const scoreOf = (kind) => scores().find((score) => score.kind === kind) ?? { kind, right: 0, answered: 0 };

/** @param {string} kind @param {boolean} right */
function count(kind, right) {
  const { right: before, answered } = scoreOf(kind);
  const others = scores().filter((score) => score.kind !== kind);
  remember(PREDICTED, [...others, { kind, right: before + Number(right), answered: answered + 1 }]);
}

export class PredictBar {
  /** @type {Shown | null} */ #shown = null;
  #count = el("span", {});
  score = el("p", { class: "field-note", "data-role": "score" });
  #groups = Object.entries(ANSWERS).map(([kind, answers]) => {
    const buttons = answers.map(({ name, label }) => buttonTo(() => this.#say(name), {}, label));
    return { kind, node: el("div", { class: "chips", role: "group", "aria-label": isKind(kind) && QUESTIONS[kind] }, ...buttons) };
  });

  /** @param {Store} store @param {Bench} page */
  constructor(store, page) {
    this.store = store;
    this.page = page;
    this.node = el("div", { class: "predict", "data-role": "predict", hidden: true }, ...this.#groups.map(({ node }) => node), this.#count);
    byRole("sentence").after(this.node);
    page.onShown((shown) => {
      this.#shown = shown;
      this.update(store.state);
    });
  }

  get #question() {
    const { trace, step } = this.#shown ?? {};
    return trace instanceof NetworkTimeline && step ? questionAt(trace, step, this.store.state) : null;
  }

  /** @param {string} name of an answer */
  #say(name) {
    const question = this.#question;
    if (!this.#shown || !question || question.answer !== undefined) return;
    const { trace, step } = this.#shown;
    answer(ofKind(trace, NetworkTimeline), step, this.store.state, name);
    count(question.kind, name === question.right.name);
    if (this.node.contains(document.activeElement)) find('[data-action="next"]', HTMLElement).focus(); // these go away
    this.page.redraw();
  }

  /** @param {State} state */
  update(state) {
    const predict = textIn(state, "predict");
    const question = this.#question;
    this.node.hidden = !question || question.answer !== undefined;
    const { right, answered } = scoreOf(predict);
    for (const node of [this.#count, this.score]) node.textContent = answered ? say("predict.score", { right, answered }) : "";
    for (const { kind, node } of this.#groups) node.hidden = kind !== predict;
  }
}
