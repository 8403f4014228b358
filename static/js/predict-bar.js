// The buttons of *Predict first*, above the stage, and how often a person was right: this browser alone keeps that.

/** @import { Bench, Shown, State } from "./types" */
/** @import { Store } from "./state.js" */

import { el } from "./draw/dom.js";
import { ofKind } from "./needed.js";
import { NetworkTimeline } from "./network-timeline.js";
import { answer, ANSWERS, isKind, QUESTIONS, questionAt } from "./predict-first.js";
import { PREDICTED, remember, remembered } from "./remembered.js";
import { textIn } from "./values.js";
import { say } from "./words.js";

/** What is asked, in front of the answers. */
const BEGUN = { sign: say("predict.will_be"), size: say("predict.how_large_short") };

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
  #prompt = el("b", {}, say("predict.title"));
  score = el("p", { class: "field-note", "data-role": "score" });
  #groups = Object.entries(ANSWERS).map(([kind, answers]) => ({
    kind,
    node: el("div", { class: "chips", role: "group", "aria-label": isKind(kind) && QUESTIONS[kind] }),
    buttons: answers.map(({ name, label }) => ({ name, node: el("button", { type: "button", class: "button" }, label) })),
  }));

  /** @param {Store} store @param {Bench} page */
  constructor(store, page) {
    this.store = store;
    this.page = page;
    for (const { node, buttons } of this.#groups) {
      node.append(...buttons.map((button) => button.node));
      for (const { name, node: button } of buttons) button.addEventListener("click", () => this.#say(name));
    }
    this.node = el("div", { class: "brush predict", "data-role": "predict", hidden: true }, this.#prompt, ...this.#groups.map(({ node }) => node));
    document.querySelector(".intro")?.append(this.node);
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
    this.page.redraw();
  }

  /** @param {State} state */
  update(state) {
    const predict = textIn(state, "predict");
    const [off, question] = [predict === "off", this.#question];
    if (this.node.hidden !== off) {
      this.node.hidden = off;
      dispatchEvent(new Event("resize")); // the stage has another height
    }
    this.#prompt.textContent = off || !question ? say("predict.title") : BEGUN[question.kind];
    const { right, answered } = scoreOf(predict);
    this.score.textContent = answered ? say("predict.score", { right, answered }) : "";
    for (const { kind, node, buttons } of this.#groups) {
      node.hidden = kind !== predict;
      for (const { name, node: button } of buttons) {
        button.setAttribute("aria-disabled", String(question?.answer !== undefined || !question));
        button.setAttribute("aria-pressed", String(question?.answer === name));
      }
    }
  }
}
