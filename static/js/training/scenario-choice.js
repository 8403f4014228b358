// The set-ups worth seeing: one of them can be chosen, and what is to be seen in it stands beside the run.

/** @import { Live } from "./live.js" */
/** @import { Scenario } from "./scenarios.js" */
/** @import { Chosen } from "./settings.js" */

import { byRole, el } from "../draw/dom.js";
import { introduced, scenarioOf, SCENARIOS } from "./scenarios.js";

export class ScenarioChoice {
  #chips = byRole("scenarios");
  #sentence = byRole("scenario-sentence");

  /** @param {(scenario: Scenario) => void} chosen */
  constructor(chosen) {
    this.chosen = chosen;
  }

  /** Offer them, once the page knows what they set. */
  offer() {
    const chips = SCENARIOS.map((scenario) => {
      const input = el("input", { type: "radio", name: "scenario", value: scenario.name });
      input.addEventListener("change", () => this.chosen(scenario));
      return el("label", { class: "chip", title: introduced(scenario) }, input, scenario.title);
    });
    this.#chips.replaceChildren(...chips);
  }

  /** Mark the one that a set-up is, if any. @param {Chosen} state */
  mark(state) {
    const scenario = scenarioOf(state);
    for (const input of this.#chips.querySelectorAll("input")) input.checked = input.value === scenario?.name;
    this.#sentence.textContent = scenario?.sentence ?? "";
  }

  /** What a set-up is to show stays in sight once it runs, or once it is over where it would give the answer away. @param {Chosen} state @param {Live} live */
  showSentence(state, live) {
    const isEarly = Boolean(scenarioOf(state)?.question) && !live.run?.over;
    this.#sentence.hidden = isEarly || !live.any || !this.#sentence.textContent;
  }
}
