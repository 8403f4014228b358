// The end of the strip: what the network answers for the picture, and what is true.

/** @import { Snapshot } from "./planes.js" */

import { el, patch } from "../draw/dom.js";
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

  /** @param {string[]} classes none for a regression */
  plan(classes) {
    this.#classes = classes;
    this.blank();
  }

  blank() {
    this.#list(null);
    this.note.textContent = "";
  }

  /** @param {Snapshot} snapshot */
  show(snapshot) {
    const { sample, prediction, predicted, loss } = snapshot;
    const lossNote = loss === null ? say("training.loss_unknown") : say("training.loss_value", { loss: number(loss) });
    if (!this.#classes.length) {
      const [answer, truth] = [listed(prediction).map(number).join(", "), listed(sample.label).map(number).join(", ")];
      this.note.replaceChildren(el("b", {}, answer), el("br"), say("training.truth", { truth }), el("br"), lossNote);
      return;
    }
    this.#list(snapshot);
    const right = predicted === sample.label;
    this.note.replaceChildren(
      el("span", { class: right ? "right" : "wrong" }, right ? say("training.is_right") : say("training.is_wrong", { class: sample.class ?? "" })),
      el("br"),
      lossNote,
    );
  }

  /** A bar for each class; without an answer all are empty. @param {Snapshot | null} snapshot */
  #list(snapshot) {
    const rows = this.#classes.slice(0, MOST).map((name, index) => {
      const share = snapshot?.probabilities?.[index];
      const bar = el("span", { class: "answer-bar" });
      bar.style.width = `${100 * (share ?? 0)}%`;
      const value = el("span", { class: "answer-value" }, snapshot && percent(share));
      const kind = snapshot ? `${index === snapshot.sample.label ? "true" : ""} ${index === snapshot.predicted ? "predicted" : ""}` : "";
      return el("li", { class: kind }, el("span", { class: "answer-class" }, name), el("span", { class: "answer-slot" }, bar), value);
    });
    patch(this.list, rows);
  }
}
