// Why: activation times gradient, cell by cell, at a chosen layer; with what the biases bring it is the logit.

/** @import { Answer } from "./model.js" */

import { byRole, el } from "../draw/dom.js";
import { number, operand } from "../format.js";
import { latest } from "../input/latest.js";
import { drawPlane, drawPicture } from "../training/pictures.js";
import { say } from "../words.js";
import { bestOf } from "./bars.js";
import { ask, planesIn } from "./model.js";
import { largestOf, shownPlanes, titleOf } from "./network.js";

/** @typedef {{ class: number[], layer: number | null, shape: number[], values: any, logit: number | null, sum: number | null, bias: number | null, exact: boolean, remainder: number | null }} Why */

const field = (/** @type {string} */ role) => /** @type {HTMLSelectElement} */ (byRole(role));

export class Reason {
  text = ""; // as links have it
  #answer = /** @type {Answer | null} */ (null);
  #why = /** @type {Why | null} */ (null);
  #model = "";
  #ask;

  /** @param {() => void} changed @param {(act: () => unknown) => Promise<void>} attempt says why something could not be done */
  constructor(changed, attempt) {
    this.changed = changed;
    this.#ask = latest(() => attempt(() => this.#load()));
    byRole("why-button").addEventListener("click", () => {
      const { probabilities = [] } = this.#answer ?? {};
      this.#choose(this.text ? "" : String(bestOf(probabilities)));
      if (this.text) byRole("why-card").scrollIntoView({ block: "nearest" });
    });
    for (const role of ["why-class", "why-layer"])
      byRole(role).addEventListener("change", () => {
        const layer = field("why-layer").value;
        this.#choose(field("why-class").value + (layer && `,${layer}`));
      });
    document.addEventListener("themechange", () => this.#draw());
  }

  /** @param {string} text */
  #choose(text) {
    this.text = text;
    this.changed();
    this.#look();
  }

  /** @param {Answer} answer */
  show(answer) {
    this.#answer = answer;
    const { model } = answer;
    if (model.id !== this.#model) {
      field("why-class").replaceChildren(...model.classes.map((name, index) => el("option", { value: index }, name)));
      const layers = model.layers.map((layer, index) => el("option", { value: index }, titleOf(index, layer)));
      field("why-layer").replaceChildren(el("option", { value: "" }, say("explorer.the_input")), ...layers);
    }
    this.#model = model.id;
    if (this.text && !this.isThere) this.text = "";
    this.#look();
  }

  /** Whether the network has the class and the layer. */
  get isThere() {
    const [name = 0, layer = 0] = this.text.split(",").map(Number);
    const { classes = [], layers = [] } = this.#answer?.model ?? {};
    return name < classes.length && layer < layers.length;
  }

  #look() {
    const isOpen = this.text !== "" && (this.#answer?.drawn ?? false);
    byRole("why-card").hidden = !isOpen;
    const button = byRole("why-button");
    button.hidden = !this.#answer?.drawn;
    button.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    const [name = "", layer = ""] = this.text.split(",");
    field("why-class").value = name;
    field("why-layer").value = layer;
    this.#ask("");
  }

  async #load() {
    const { text } = this;
    const { model, chosen } = /** @type {Answer} */ (this.#answer);
    const [name, layer] = text.split(",").map(Number);
    const why = await ask(model, "why", chosen, { method: "contribution", class: name, ...(layer === undefined ? {} : { layer }) });
    if (text !== this.text) return;
    this.#why = why;
    this.#draw();
  }

  #draw() {
    const [why, answer] = [this.#why, this.#answer];
    if (!why || !answer) return;
    const { classes } = answer.model;
    const { sum, bias, logit, exact, remainder } = why;
    const parts = { sum: number(sum), bias: operand(bias), logit: number(logit), name: classes[why.class[0] ?? 0] ?? "" };
    byRole("equation").textContent = exact
      ? say("explorer.adds_up", parts)
      : say("explorer.remainder", { ...parts, remainder: operand(remainder) });
    const layer = { layer: "", input_shape: [], output_shape: why.shape };
    const planes = shownPlanes(planesIn(why.shape, why.values), layer);
    const max = largestOf(planes);
    const pictures = planes.map((plane) => {
      const canvas = el("canvas", { "aria-hidden": "true" });
      drawPlane(canvas, plane, max);
      return canvas;
    });
    const picture = el("canvas", { "aria-hidden": "true" });
    drawPicture(picture, answer.input);
    byRole("why-maps").classList.toggle("few", pictures.length <= 3);
    byRole("why-maps").replaceChildren(picture, ...pictures);
  }
}
