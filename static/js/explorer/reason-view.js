// A reason: the equation of the answer, four methods beside each other, and the one that is chosen, cell by cell.

/** @import { Answer } from "./model.js" */
/** @import { Asked, MethodName } from "./asked.js" */
/** @import { Reckoned, Why } from "./why.js" */

import { byRole, patch } from "../draw/dom.js";
import { number, operand } from "../format.js";
import { say } from "../words.js";
import { bodyOf, hasMaps, METHODS } from "./asked.js";
import { CellChoice } from "./cell-choice.js";
import { aboutOf } from "./method-card.js";
import { MethodChoice } from "./method-choice.js";
import { outlinedPicture } from "./planes.js";
import { Questions } from "./questions.js";
import { Scrambling } from "./scrambling.js";
import { switchedOff } from "./switched.js";

const LARGEST = 20; // cells that are switched off together
const SEED = 0; // by which weights are begun anew

export class ReasonView {
  #questions = new Questions();
  #cells;
  #methods;
  #scrambling;

  /** @param {(some: Partial<Asked>) => void} change */
  constructor(change) {
    this.#cells = new CellChoice((cell) => change({ cell }));
    this.#methods = new MethodChoice((method) => change({ method, cell: null, scrambled: null }));
    this.#scrambling = new Scrambling((scrambled) => change({ scrambled }));
    byRole("why-baseline").addEventListener("change", (event) => change({ baseline: Number(/** @type {HTMLInputElement} */ (event.target).value) }));
  }

  /** Ask what there is to be asked; what is given back shows it. @param {Answer} answer @param {Asked} asked @returns {Promise<() => void>} */
  async ask(answer, asked) {
    const { model } = answer;
    this.#questions.about(answer);
    /** @type {Partial<Record<MethodName, Why>>} */
    const reasons = {};
    for (const method of METHODS) {
      if (method === "grad_cam" && !hasMaps(model)) continue;
      if (method === "occlusion" && asked.method !== method) continue; // it takes an answer for each of its cells
      const largest = method === "contribution" ? { largest: LARGEST } : {};
      reasons[method] = await this.#questions.ask("why", { ...bodyOf(model, { ...asked, method }), ...largest });
    }
    const why = /** @type {Why} */ (reasons[asked.method]);
    const cell = asked.cell ?? why.strongest;
    const body = bodyOf(model, asked);
    /** @type {Reckoned} */
    const reckoned = await this.#questions.ask("why-cell", { ...body, cell });
    const isAsked = asked.method !== "occlusion" || asked.scrambled !== null;
    const layers = asked.scrambled === null ? {} : { scramble_layers: asked.scrambled };
    const scrambled = isAsked ? await this.#questions.ask("why", { ...body, scramble: SEED, ...layers }) : null;
    return () => this.#show(answer, asked, { reasons, why, reckoned, scrambled });
  }

  /** @param {Answer} answer @param {Asked} asked @param {{ reasons: Partial<Record<MethodName, Why>>, why: Why, reckoned: Reckoned, scrambled: Why | null }} told */
  #show(answer, asked, { reasons, why, reckoned, scrambled }) {
    const main = /** @type {Why} */ (reasons.contribution);
    byRole("equation").textContent = equationOf(main, whatOf(answer, asked));
    this.#methods.show(asked.method, reasons, answer);
    this.#cells.show(why, reckoned.index);
    byRole("why-picture").replaceChildren(outlinedPicture(answer.input, reckoned.covered ?? null));
    byRole("why-step").textContent = reckoned.equation;
    byRole("why-sentence").textContent = reckoned.description;
    this.#cells.showTerms(asked.method === "grad_cam" ? (reckoned.terms ?? []) : []);
    patch(byRole("why-about"), aboutOf(answer.model, why, main, scrambled));
    byRole("why-baseline").hidden = asked.method !== "occlusion";
    for (const input of byRole("why-baseline").querySelectorAll("input")) input.checked = Number(input.value) === asked.baseline;
    byRole("why-switched-part").hidden = asked.method !== "contribution";
    byRole("why-switched").replaceChildren(...switchedOff(main));
    this.#scrambling.show(answer.model, why, scrambled);
  }
}

/** What is explained: a class's logit, or what two differ by. @param {Answer} answer @param {Asked} asked */
function whatOf({ model }, { classes: [first = 0, second] }) {
  const name = model.classes[first] ?? "";
  return second === undefined ? say("why.logit_of", { name }) : say("why.lead_of", { name, other: model.classes[second] ?? "" });
}

/** @param {Why} why @param {string} what */
function equationOf({ sum, bias, logit, exact, remainder }, what) {
  const parts = { sum: number(sum), bias: operand(bias ?? null), logit: number(logit), what };
  return exact ? say("why.adds_up", parts) : say("why.remainder", { ...parts, remainder: operand(remainder ?? null) });
}
