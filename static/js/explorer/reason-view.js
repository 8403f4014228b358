// A reason: the equation of the answer, four methods beside each other, and the one that is chosen, cell by cell.

/** @import { Answer, Model, Reckoned, Why } from "./model.js" */
/** @import { MethodName, ReasonSettings } from "./reason-settings.js" */

import { byRole, patch } from "../draw/dom.js";
import { number, operand } from "../format.js";
import { latest } from "../input/latest.js";
import { needed, ofKind } from "../needed.js";
import { say } from "../words.js";
import { bodyOf, hasMaps, METHODS } from "./reason-settings.js";
import { CellChoice } from "./cell-choice.js";
import { Questions } from "./model.js";
import { aboutOf, MethodChoice, Scrambling, switchedOff } from "./methods.js";
import { outlinedPicture } from "./planes.js";

const LARGEST = 20; // cells that are switched off together
const SEED = 0; // by which weights are begun anew

/** @typedef {{ reasons: Partial<Record<MethodName, Why>>, why: Why, reckoned: Reckoned, scrambled: Why | null }} Findings */

export class ReasonView {
  #questions = new Questions();
  /** @type {{ answer: Answer, settings: ReasonSettings, findings: Findings } | null} */ #shown = null;
  #cells;
  #methods;
  #scrambling;
  #reckon;

  /** @param {(some: Partial<ReasonSettings>) => void} change @param {(act: () => unknown) => Promise<void>} attempt says why something could not be done */
  constructor(change, attempt) {
    this.#reckon = latest((/** @type {number[] | null} */ cell) => attempt(() => this.#look(cell)));
    this.#cells = new CellChoice((cell) => change({ cell }), (cell) => this.#reckon(cell));
    this.#methods = new MethodChoice((method) => change({ method, cell: null, scrambled: null }));
    this.#scrambling = new Scrambling((scrambled) => change({ scrambled }));
    byRole("why-baseline").addEventListener("change", ({ target }) => change({ baseline: Number(ofKind(target, HTMLInputElement).value) }));
  }

  /** Ask what there is to be asked; what is given back shows it. @param {Answer} answer @param {ReasonSettings} settings @param {boolean} more by the other methods as well, with their tests @returns {Promise<() => void>} */
  async ask(answer, settings, more) {
    const { model } = answer;
    this.#questions.about(answer);
    const reasons = await this.#reasons(model, settings, more);
    if (needed(reasons.contribution).logit === null) return () => this.#showNone();
    const why = needed(reasons[settings.method]);
    const cell = settings.cell ?? why.strongest;
    const body = bodyOf(model, settings);
    /** @type {Reckoned} */
    const reckoned = await this.#questions.ask("why-cell", { ...body, cell });
    const isWanted = more && (settings.method !== "occlusion" || settings.scrambled !== null);
    const layers = settings.scrambled === null ? {} : { scramble_layers: settings.scrambled };
    const scrambled = isWanted ? await this.#questions.ask("why", { ...body, scramble: SEED, ...layers }) : null;
    return () => this.#show(answer, settings, { reasons, why, reckoned, scrambled });
  }

  /** By each method that is asked; by none but the first where there is no number to explain. @param {Model} model @param {ReasonSettings} settings @param {boolean} more */
  async #reasons(model, settings, more) {
    const largest = more ? { largest: LARGEST } : {};
    const main = await this.#questions.ask("why", { ...bodyOf(model, { ...settings, method: "contribution" }), ...largest });
    /** @type {Partial<Record<MethodName, Why>>} */
    const reasons = { contribution: main };
    for (const method of METHODS) {
      if (method === "contribution" || main.logit === null) continue;
      if (method !== settings.method && !more) continue;
      if (method === "grad_cam" && !hasMaps(model)) continue;
      if (method === "occlusion" && settings.method !== method) continue; // it takes an answer for each of its cells
      reasons[method] = await this.#questions.ask("why", bodyOf(model, { ...settings, method }));
    }
    return reasons;
  }

  /** A number that is none has no parts: that is said, and nothing of an answer before stays. */
  #showNone() {
    this.#shown = null;
    byRole("equation").textContent = say("why.no_number");
    byRole("why-found").hidden = true;
  }

  /** @param {Answer} answer @param {ReasonSettings} settings @param {Findings} findings */
  #show(answer, settings, findings) {
    const { reasons, why, reckoned, scrambled } = findings;
    const main = needed(reasons.contribution);
    this.#shown = { answer, settings, findings };
    byRole("why-found").hidden = false;
    byRole("equation").textContent = equationOf(main, whatOf(answer, settings));
    this.#methods.show(settings.method, reasons, answer);
    this.#cells.show(answer.model, why, reckoned.index);
    this.#showCell(reckoned);
    patch(byRole("why-about"), aboutOf(answer.model, why, main, scrambled));
    byRole("why-baseline").hidden = settings.method !== "occlusion";
    for (const input of byRole("why-baseline").querySelectorAll("input")) input.checked = Number(input.value) === settings.baseline;
    byRole("why-switched-part").hidden = settings.method !== "contribution";
    byRole("why-switched").replaceChildren(...switchedOff(main));
    this.#scrambling.show(answer.model, why, scrambled);
  }

  /** The arithmetic of the cell that is pointed at, or of the chosen one again. @param {number[] | null} cell */
  async #look(cell) {
    const shown = this.#shown;
    if (!shown) return;
    const { answer, settings, findings } = shown;
    /** @type {Reckoned} */
    const reckoned = cell ? await this.#questions.ask("why-cell", { ...bodyOf(answer.model, settings), cell }) : findings.reckoned;
    if (this.#shown === shown) this.#showCell(reckoned);
  }

  /** How one cell comes about, and what stands around it. @param {Reckoned} reckoned */
  #showCell(reckoned) {
    if (!this.#shown) return;
    const { answer, settings } = this.#shown;
    byRole("why-picture").replaceChildren(outlinedPicture(answer.input, reckoned.covered ?? null));
    byRole("why-step").textContent = reckoned.equation;
    byRole("why-sentence").textContent = reckoned.description;
    this.#cells.showTerms(settings.method === "grad_cam" ? (reckoned.terms ?? []) : []);
    this.#cells.showAround(reckoned.index);
  }
}

/** What is explained: a class's logit, or what two differ by. @param {Answer} answer @param {ReasonSettings} settings */
function whatOf({ model }, { classes: [first = 0, second] }) {
  const name = model.classes[first] ?? "";
  return second === undefined ? say("why.logit_of", { name }) : say("why.lead_of", { name, other: model.classes[second] ?? "" });
}

/** @param {Why} why @param {string} what */
function equationOf({ sum, bias, logit, exact, remainder }, what) {
  const parts = { sum: number(sum), bias: operand(bias ?? null), logit: number(logit), what };
  return exact ? say("why.adds_up", parts) : say("why.remainder", { ...parts, remainder: operand(remainder ?? null) });
}
