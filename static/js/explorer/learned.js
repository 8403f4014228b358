// What the layers learn: which layer and which map are looked at; the view comes when it is asked for.

/** @import { Answer, Model } from "./model.js" */
/** @import { Chosen } from "./settings.js" */
/** @import { LearnedView } from "./learned-view.js" */

import { byRole, el, find, patch } from "../draw/dom.js";
import { latest } from "../input/latest.js";
import { needed } from "../needed.js";
import { say } from "../words.js";
import { numbers } from "./addresses.js";
import { titleIn, titleOf } from "./names.js";

export const COUNT = 9; // pictures of each kind
const MANY = 500; // of how many they are, as long as that is not known

const field = (/** @type {string} */ role) => find(`[data-role="${role}"]`, HTMLSelectElement);

/** Whether a network has the map that a link looks at, if any. @param {Model | undefined} model @param {string} learns */
export function isLearned(model, learns) {
  const [layer = 0, channel = 0] = numbers(learns);
  return learns === "" || channel < (model?.layers[layer]?.output_shape[0] ?? 0);
}

/** Which map of which model is looked at. @param {Pick<Chosen, "model" | "learns">} chosen */
const mapOf = ({ model, learns }) => (learns === "" ? "" : [model, ...numbers(learns).slice(0, 2)].join());

export class Learned {
  /** @type {Answer | null} */ #answer = null;
  /** @type {LearnedView | null} */ #view = null;
  #shown = ""; // which map of which model
  #ask;

  /** @param {(learns: string, gesture?: string) => void} change @param {(model: Model, sample: number) => void} give makes a picture of its data set the input @param {(act: () => unknown) => Promise<void>} attempt says why something could not be done */
  constructor(change, give, attempt) {
    this.change = change;
    this.give = give;
    this.#ask = latest(() => attempt(() => this.#load()));
    field("learned-layer").addEventListener("change", () => {
      const layer = field("learned-layer").value;
      change(layer && `${layer},0`);
    });
    field("learned-map").addEventListener("change", () => change(`${field("learned-layer").value},${field("learned-map").value}`));
  }

  /** What is chosen, at once: an ascent that plays stops where that is another map, or none. @param {Chosen} chosen */
  follow(chosen) {
    this.#view?.leave(mapOf(chosen));
  }

  /** @param {Answer} answer */
  show(answer) {
    this.#answer = answer;
    const { model, chosen: { learns } } = answer;
    const isOpen = learns !== "" && isLearned(model, learns);
    const [layer = 0, channel = 0] = numbers(learns);
    const layers = model.layers.map((one, index) => el("option", { value: index }, titleOf(index, one)));
    const count = isOpen ? (model.layers[layer]?.output_shape[0] ?? 0) : 0;
    patch(field("learned-layer"), [el("option", { value: "" }, say("learned.none")), ...layers]);
    patch(field("learned-map"), Array.from({ length: count }, (_, index) => el("option", { value: index }, titleIn(model, layer, index))));
    field("learned-layer").value = isOpen ? String(layer) : "";
    byRole("learned-view").hidden = !isOpen;
    byRole("learned-map-choice").hidden = !isOpen;
    if (!isOpen) return;
    field("learned-map").value = String(channel);
    if (this.#shown !== mapOf(answer.chosen)) this.#wait(answer);
    void this.#ask("");
  }

  /** What is not there yet has its room, so that nothing moves when it comes. @param {Answer} answer */
  #wait({ drawn }) {
    byRole("learned-view").setAttribute("aria-busy", "true");
    if (byRole("excited").childElementCount) return;
    const counts = { count: COUNT, of: MANY };
    const parts = [{ role: "excited", text: say("learned.excited_of", counts) }, ...(drawn ? [{ role: "nearest", text: say("learned.nearest_of", counts) }] : [])];
    for (const { role, text } of parts) {
      byRole(`${role}-of`).textContent = text;
      byRole(role).replaceChildren(...Array.from({ length: COUNT }, () => el("li", { class: "coming", "aria-hidden": "true" }, el("span", { class: "outlined" }), el("span", {}))));
    }
  }

  /** Nothing comes any more. */
  #stopWaiting() {
    byRole("learned-view").removeAttribute("aria-busy");
    for (const role of ["excited", "nearest"]) {
      if (!byRole(role).querySelector(".coming")) continue;
      byRole(role).replaceChildren();
      byRole(`${role}-of`).textContent = "";
    }
  }

  /** The ascent stands at a step of the map that is shown. @param {number} step */
  #stand(step) {
    const { learns = "" } = this.#answer?.chosen ?? {};
    if (learns === "") return;
    const [layer, channel] = numbers(learns);
    this.change(`${layer},${channel},${step}`, "ascent");
  }

  async #load() {
    const answer = needed(this.#answer);
    const { learns } = answer.chosen;
    if (learns === "") return;
    const [layer = 0, channel = 0, step] = numbers(learns);
    const { LearnedView } = await import("./learned-view.js");
    this.#view ??= new LearnedView((at) => this.#stand(at), (sample) => this.#answer && this.give(this.#answer.model, sample));
    const shown = await this.#view.ask(answer, layer, channel).catch((error) => {
      this.#stopWaiting();
      throw error;
    });
    if (this.#answer !== answer) return;
    this.#shown = mapOf(answer.chosen);
    byRole("learned-view").removeAttribute("aria-busy");
    shown(this.#shown, step);
  }
}
