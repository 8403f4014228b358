// The end of the strip: what the network answers for the picture, and what is true.

/** @import { Snapshot } from "./planes.js" */

import { el } from "../draw/dom.js";
import { number, percent } from "../format.js";
import { say } from "../words.js";

const MOST = 12; // classes that are listed

/** @param {number | (number | null)[] | undefined} values */
const listed = (values) => [values ?? []].flat();

export class Answer {
  list = el("ol", { class: "answer-list" });
  note = el("p", { class: "answer-note" });
  node = el(
    "div",
    { class: "column answer" },
    el("div", { class: "column-head" }, el("b", {}, say("common.answer")), el("span", {}, say("training.of_picture"))),
    this.list,
    this.note,
  );
  /** @type {string[]} */ #classes = [];
  /** @type {{ node: HTMLElement, bar: HTMLElement, value: HTMLElement }[]} */ #rows = [];

  /** @param {string[]} classes none for a regression */
  plan(classes) {
    this.#classes = classes;
    this.#rows = classes.slice(0, MOST).map((name) => {
      const bar = el("span", { class: "answer-bar" });
      const value = el("span", { class: "answer-value" });
      const node = el("li", {}, el("span", { class: "answer-class" }, name), el("span", { class: "answer-slot" }, bar), value);
      return { node, bar, value };
    });
    this.list.replaceChildren(...this.#rows.map(({ node }) => node));
    this.blank();
  }

  blank() {
    for (const { node, bar, value } of this.#rows) {
      bar.style.width = "0";
      value.textContent = "";
      node.className = "";
    }
    this.note.textContent = "";
  }

  /** @param {Snapshot} snapshot */
  show(snapshot) {
    const { sample, probabilities, prediction, predicted, loss } = snapshot;
    const lossNote = loss === null ? say("training.loss_unknown") : say("training.loss_value", { loss: number(loss) });
    if (!this.#classes.length) {
      const [answer, truth] = [listed(prediction).map(number).join(", "), listed(sample.label).map(number).join(", ")];
      this.note.replaceChildren(el("b", {}, answer), el("br"), say("training.truth", { truth }), el("br"), lossNote);
      return;
    }
    this.#rows.forEach(({ node, bar, value }, index) => {
      const share = probabilities?.[index];
      bar.style.width = `${100 * (share ?? 0)}%`;
      value.textContent = percent(share);
      node.className = `${index === sample.label ? "true" : ""} ${index === predicted ? "predicted" : ""}`;
    });
    const right = predicted === sample.label;
    this.note.replaceChildren(
      el("span", { class: right ? "right" : "wrong" }, right ? say("training.is_right") : say("training.is_wrong", { class: sample.class ?? "" })),
      el("br"),
      lossNote,
    );
  }
}
