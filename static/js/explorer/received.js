// What the network receives: the picture after each step of its preparation, each of which can be left out.

/** @import { Answer } from "./model.js" */

import { byRole, el, patch } from "../draw/dom.js";
import { drawPicture } from "../draw/pictures.js";
import { say } from "../words.js";

const STEPS = {
  given: say("explorer.given"),
  grey: say("explorer.grey"),
  invert: say("explorer.invert"),
  crop: say("explorer.crop"),
  deskew: say("explorer.deskew"),
  scale: say("explorer.scale"),
  thicken: say("explorer.thicken"),
  centre: say("explorer.centre"),
};
const REASONS = {
  crop: say("explorer.crop_why"),
  deskew: say("explorer.deskew_why"),
  scale: say("explorer.scale_why"),
  thicken: say("explorer.thicken_why"),
  centre: say("explorer.centre_why"),
};

export class Received {
  #host = byRole("stages");
  #names = "";

  /** @param {(without: string[]) => void} leaveOut */
  constructor(leaveOut) {
    this.#host.addEventListener("change", () => {
      const boxes = [...this.#host.querySelectorAll("input")];
      leaveOut(boxes.filter(({ checked }) => !checked).map(({ value }) => value));
    });
  }

  /** @param {Answer} answer */
  show({ model, chosen: { without }, stages, input }) {
    const taken = Object.keys(model.prepare).filter((name) => model.prepare[name]);
    const names = ["given", ...taken];
    if (names.join() !== this.#names) patch(this.#host, names.map(item));
    this.#names = names.join();
    names.forEach((name, index) => {
      const figure = /** @type {HTMLElement} */ (this.#host.children[index]);
      const made = stages.find((stage) => stage.name === name || (stage.name === "fit" && name === "scale"));
      const canvas = /** @type {HTMLCanvasElement} */ (figure.querySelector("canvas"));
      figure.classList.toggle("left-out", without.includes(name));
      if (made) drawPicture(canvas, made.values);
      const box = figure.querySelector("input");
      if (box) box.checked = !without.includes(name);
    });
    drawPicture(/** @type {HTMLCanvasElement} */ (byRole("received")), input);
  }
}

/** @param {string} name */
function item(name) {
  const title = STEPS[/** @type {keyof typeof STEPS} */ (name)];
  const why = REASONS[/** @type {keyof typeof REASONS} */ (name)];
  const canvas = el("canvas", { "aria-hidden": "true" });
  if (name === "given") return el("li", {}, canvas, el("span", {}, title));
  return el("li", {}, canvas, el("label", { title: why }, el("input", { type: "checkbox", value: name }), title));
}
