// "I don't know": the network answers only where its largest probability is high enough, and what that costs.

/** @import { Answered } from "../types" */
/** @import { LineChart } from "../draw/chart.js" */
/** @import { Answer } from "./model.js" */
/** @import { Chosen } from "./settings.js" */

import { send } from "../api.js";
import { byRole, find } from "../draw/dom.js";
import { grouped, percent } from "../format.js";
import { newest, once } from "../input/latest.js";
import { say } from "../words.js";
import { modelPath } from "./model.js";

/** @typedef {Answered<"/api/models/{model_id}/certainty", "get">} Certainty */

export class Doubt {
  #box = find('[data-role="doubt"]', HTMLDetailsElement);
  #slider = find('[data-role="unsure"]', HTMLInputElement);
  /** @type {Answer | null} */ #answer = null;
  /** @type {Map<string, Promise<Certainty>>} */ #known = new Map();
  /** @type {LineChart | null} */ #chart = null;
  #cost = newest((/** @type {string} */ id) => once(this.#known, id, async () => (await send(modelPath(id, "certainty"))).json()));

  /** @param {(unsure: number) => void} change @param {(act: () => unknown) => Promise<void>} attempt says why something could not be done */
  constructor(change, attempt) {
    this.change = change;
    this.attempt = attempt;
    this.#slider.addEventListener("input", () => change(Number(this.#slider.value)));
    this.#box.addEventListener("toggle", () => this.#showCost());
  }

  /** A link with a threshold opens the box. @param {Pick<Chosen, "unsure">} chosen */
  open({ unsure }) {
    if (unsure) this.#box.open = true;
  }

  /** @param {Answer} answer */
  show(answer) {
    this.#answer = answer;
    const { model, probabilities, best, drawn, sure, chosen } = answer;
    const { unsure } = chosen;
    byRole("doubt-bent").hidden = chosen.changes.length + chosen.off.length === 0;
    this.#slider.value = String(unsure);
    const at = best ?? -1;
    const values = { name: model.classes[at] ?? "", probability: percent(probabilities[at] ?? 0), threshold: percent(unsure / 100) };
    byRole("unsure-value").textContent = values.threshold;
    byRole("doubt-answer").textContent = drawn ? (sure ? say("doubt.sure", values) : say("doubt.unsure", values)) : "";
    this.#showCost();
  }

  #showCost() {
    const answer = this.#answer;
    if (!this.#box.open || !answer) return;
    void this.attempt(async () => {
      const cost = await this.#cost(answer.model.id);
      const { LineChart } = await import("../draw/chart.js");
      if (cost && this.#answer === answer) this.#draw(LineChart, cost, answer.chosen.unsure);
    });
  }

  /** @param {typeof LineChart} Chart @param {Certainty} cost @param {number} unsure */
  #draw(Chart, { total, thresholds, answered, kept, accuracy }, unsure) {
    byRole("doubt-cost").textContent = say("doubt.cost", {
      total: grouped(total),
      answered: grouped(answered[unsure] ?? 0),
      kept: percent(kept[unsure]),
      accuracy: percent(accuracy[unsure]),
      all: percent(accuracy[0]),
    });
    this.#chart ??= new Chart(byRole("doubt-chart"), {
      label: say("doubt.chart"),
      x: "",
      hold: [0, 1],
      format: percent,
      formatX: (x) => say("doubt.at", { threshold: percent(x) }),
      choose: (x) => this.change(Math.round(100 * x)),
    });
    const series = [
      { id: "kept", name: say("doubt.kept"), values: kept, xs: thresholds, style: 0 },
      { id: "right", name: say("doubt.right"), values: accuracy, xs: thresholds, style: 1 },
    ];
    this.#chart.show(series, { at: unsure / 100 });
  }
}
