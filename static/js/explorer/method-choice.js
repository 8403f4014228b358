// The methods beside each other, each with a picture of what it says; one is chosen and opened.

/** @import { Answer } from "./model.js" */
/** @import { MethodName } from "./reason-settings.js" */
/** @import { Why } from "./why.js" */

import { byRole, el } from "../draw/dom.js";
import { say } from "../words.js";
import { METHODS } from "./reason-settings.js";
import { outlinedPicture, thumbOf } from "./planes.js";

/** What methods are called, and what they compute. */
export const NAMES = {
  contribution: { title: say("why.contribution"), note: say("why.contribution_note") },
  occlusion: { title: say("why.occlusion"), note: say("why.occlusion_note") },
  gradient: { title: say("why.gradient"), note: say("why.gradient_note") },
  grad_cam: { title: say("why.grad_cam"), note: say("why.grad_cam_note") },
};

export class MethodChoice {
  #parts;

  /** @param {(method: MethodName) => void} choose */
  constructor(choose) {
    this.#parts = METHODS.map((method) => {
      const input = el("input", { type: "radio", name: "why-method", value: method });
      input.addEventListener("change", () => choose(method));
      const picture = el("span", { class: "thumb" });
      const { title, note } = NAMES[method];
      return { method, input, picture, node: el("label", { class: "method" }, picture, el("span", {}, input, el("b", {}, title)), el("small", {}, note)) };
    });
    byRole("why-methods").replaceChildren(...this.#parts.map(({ node }) => node));
  }

  /** @param {MethodName} chosen @param {Partial<Record<MethodName, Why>>} reasons @param {Answer} answer */
  show(chosen, reasons, { input: given }) {
    for (const { method, input, picture, node } of this.#parts) {
      input.checked = method === chosen;
      node.classList.toggle("chosen", method === chosen);
      const why = reasons[method];
      input.disabled = method === "grad_cam" && !why;
      picture.replaceChildren(why ? thumbOf(why.shape, why.values) : el("span", { class: "unasked" }, outlinedPicture(given)));
      if (why?.blank) picture.append(el("small", { class: "is-blank" }, say("why.is_blank")));
    }
  }
}
