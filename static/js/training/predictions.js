// What the network says of pictures that it does not learn from: answers that turn from wrong to right, which classes
// are mistaken for which.

/** @import { RunInfo, Views } from "./run.js" */

import { ApiError } from "../api.js";
import { byRole, el, patch } from "../draw/dom.js";
import { paint } from "../draw/scale.js";
import { number, percent } from "../format.js";
import { latest } from "../input/latest.js";
import { messageOf, say } from "../words.js";
import { drawSample } from "../draw/pictures.js";
import { askRun } from "./run.js";
import { TestSet } from "./test-set.js";

const COUNT = 24;
const EVERY_MS = 700;

/** @typedef {Views["predictions"]["items"][number]} Item */

/** @param {Item["predicted"]} value @param {string[]} classes */
const named = (value, classes) =>
  typeof value === "number" && classes.length ? (classes[value] ?? String(value)) : [value].flat().map(number).join(", ");

/** A picture with what is said of it. @param {Item} item @param {string[]} classes */
function picture(item, classes) {
  const canvas = el("canvas", { "aria-hidden": "true" });
  drawSample(canvas, item.image);
  const answer = named(item.predicted, classes);
  const truth = named(item.label, classes);
  const wrong = item.correct === false ? say("training.answer_wrong", { answer, truth }) : say("training.answer_numbers", { answer, truth });
  const text = item.correct ? `✓ ${answer}` : wrong;
  return el(
    "li",
    { class: `prediction ${item.correct === null ? "" : item.correct ? "right" : "wrong"}` },
    canvas,
    el("b", {}, text),
    el("span", {}, item.probability === null || item.probability === undefined ? "" : percent(item.probability)),
  );
}

export class Predictions {
  /** @type {RunInfo | null} */ #info = null;
  /** @type {Map<number, boolean>} */ #known = new Map();
  /** @type {Set<number>} */ #turned = new Set();
  #due = 0; // never, while they are asked for
  #seen = false;
  #tooMuch = false; // the validation set is more than the server answers for this network

  /** @param {(message: string) => void} complain */
  constructor(complain) {
    this.complain = complain;
    this.test = new TestSet(complain);
    const section = byRole("predictions").closest("section");
    const watch = new IntersectionObserver((entries) => {
      this.#seen = entries.some(({ isIntersecting }) => isIntersecting);
      if (this.#seen) this.update();
    });
    if (section) watch.observe(section);
    byRole("matrix").addEventListener("click", ({ target }) => {
      const cell = target instanceof HTMLElement ? target.dataset["cell"] : undefined;
      if (cell) this.#examples(cell.split(",").map(Number));
    });
  }

  /** Another run, or none. @param {RunInfo | null} info */
  show(info) {
    const other = info?.id !== this.#info?.id;
    this.#info = info;
    byRole("outcome").hidden = !info;
    byRole("matrix-box").hidden = info?.task === "regression";
    this.test.show(info);
    if (!other) return;
    this.#known.clear();
    this.#turned.clear();
    this.#tooMuch = false;
    byRole("predictions").replaceChildren();
    byRole("matrix").replaceChildren();
    byRole("matrix-examples").replaceChildren();
    byRole("turned").textContent = "";
    this.update(true);
  }

  /** Look again: soon, and only while somebody sees it. @param {boolean} [now] */
  update(now = false) {
    const info = this.#info;
    if (!info || !this.#seen || document.hidden) return;
    if (now || performance.now() >= this.#due) this.#load(info);
  }

  #load = latest(async (/** @type {RunInfo} */ info) => {
    this.#due = Number.POSITIVE_INFINITY;
    try {
      const { items } = await askRun(info.id, "predictions", { count: COUNT });
      if (info.id !== this.#info?.id) return;
      this.#showPredictions(items, info.classes);
      const answered = items.every(({ probability }) => probability !== null);
      if (!answered || this.#tooMuch) return; // without: a regression, or a network whose numbers are not finite
      const evaluation = await askRun(info.id, "evaluation", { split: "validation" });
      if (info.id === this.#info?.id && evaluation.confusion_matrix) this.#showMatrix(evaluation);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the stream says when the server is gone
      if (error.status === 422 && info.id === this.#info?.id) this.#refuse(error.message);
    } finally {
      this.#due = performance.now() + EVERY_MS;
    }
  });

  /** Say once why there is no matrix. @param {string} message */
  #refuse(message) {
    this.#tooMuch = true;
    byRole("matrix-examples").replaceChildren(el("p", { class: "field-note" }, message));
  }

  /** @param {Item[]} items @param {string[]} classes */
  #showPredictions(items, classes) {
    const nodes = items.map((item) => {
      const node = picture(item, classes);
      if (this.#known.get(item.index) === false && item.correct) this.#turned.add(item.index);
      if (!item.correct) this.#turned.delete(item.index);
      if (item.correct !== null) this.#known.set(item.index, item.correct);
      if (this.#turned.has(item.index)) {
        node.classList.add("turned");
        node.append(el("em", {}, say("training.was_wrong")));
      }
      return node;
    });
    byRole("predictions").replaceChildren(...nodes);
    const right = items.filter(({ correct }) => correct).length;
    if (items.some(({ correct }) => correct !== null))
      byRole("turned").textContent = this.#turned.size
        ? say("training.turned", { right, items: items.length, size: this.#turned.size })
        : say("training.right_of_shown", { right, items: items.length });
  }

  /** @param {Views["evaluation"]} evaluation */
  #showMatrix({ confusion_matrix, classes }) {
    const matrix = confusion_matrix ?? [];
    const most = Math.max(1, ...matrix.flat());
    const head = el("tr", {}, el("td", {}), ...classes.map((name) => el("th", { scope: "col" }, name)));
    const rows = matrix.map((row, truth) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, classes[truth] ?? ""),
        ...row.map((count, predicted) => {
          const cell = el("button", { type: "button", "data-cell": `${truth},${predicted}` }, String(count));
          cell.setAttribute("aria-label", say("training.count_taken", { count, truth: classes[truth] ?? "", answer: classes[predicted] ?? "" }));
          const { fill, ink } = paint(count, most);
          Object.assign(cell.style, { background: fill, color: ink });
          return el("td", { class: truth === predicted ? "diagonal" : "" }, cell);
        }),
      ),
    );
    byRole("matrix").classList.toggle("named", classes.some((name) => name.length > 2));
    patch(byRole("matrix"), [el("thead", {}, head), el("tbody", {}, ...rows)]);
  }

  /** @param {number[]} cell of the matrix */
  async #examples([truth = 0, predicted = 0]) {
    const info = this.#info;
    if (!info) return;
    try {
      const { items } = await askRun(info.id, "examples", { split: "validation", true: truth, predicted });
      const pair = { truth: info.classes[truth] ?? "", answer: info.classes[predicted] ?? "" };
      const title = items.length ? say("training.class_taken", pair) : say("training.none_taken", pair);
      byRole("matrix-examples").replaceChildren(
        el("h3", {}, title),
        el("ul", { class: "prediction-list" }, ...items.map((item) => picture(item, info.classes))),
      );
    } catch (error) {
      this.complain(messageOf(error));
    }
  }
}
