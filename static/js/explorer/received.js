// What the network receives: the picture after each step of its preparation, each of which can be left out; and moved.

/** @import { Answer } from "./model.js" */

import { byRole, el, find, onAction, patch } from "../draw/dom.js";
import { drawPicture } from "../draw/pictures.js";
import { ofKind } from "../needed.js";
import { say } from "../words.js";
import { answerText } from "./bars.js";
import { readBy } from "./figures.js";
import { FURTHEST, stepsOf } from "./settings.js";

/** @typedef {{ title: string, why: string }} About */

/** @type {Record<string, About>} */
const STEPS = {
  grey: { title: say("explorer.grey"), why: say("explorer.grey_why") },
  even: { title: say("explorer.even"), why: say("explorer.even_why") },
  invert: { title: say("explorer.invert"), why: say("explorer.invert_why") },
  crop: { title: say("explorer.crop"), why: say("explorer.crop_why") },
  deskew: { title: say("explorer.deskew"), why: say("explorer.deskew_why", readBy("digits", "deskew")) },
  scale: { title: say("explorer.scale"), why: say("explorer.scale_why") },
  thicken: { title: say("explorer.thicken"), why: say("explorer.thicken_why") },
  centre: { title: say("explorer.centre"), why: say("explorer.centre_why", readBy("digits", "centre")) },
};

export class Received {
  #host = byRole("stages");
  #names = "";
  #moved = [0, 0];

  /** @param {(without: string[]) => void} leaveOut @param {(moved: number[]) => void} move */
  constructor(leaveOut, move) {
    this.#host.addEventListener("change", () => {
      const boxes = [...this.#host.querySelectorAll("input")];
      leaveOut(boxes.filter(({ checked }) => !checked).map(({ value }) => value));
    });
    onAction("to-received", () => {
      find('[data-role="steps"]', HTMLDetailsElement).open = true;
      byRole("received-box").scrollIntoView({ block: "start" });
    });
    onAction("move", ({ currentTarget }) => {
      const by = (ofKind(currentTarget, HTMLElement).dataset["by"] ?? "").split(",").map(Number);
      const isBack = by.every((step) => step === 0);
      move(isBack ? [0, 0] : this.#moved.map((step, axis) => Math.max(-FURTHEST, Math.min(FURTHEST, step + (by[axis] ?? 0)))));
    });
  }

  /** @param {Answer} answer */
  show(answer) {
    const { model, chosen, stages, input } = answer;
    const { without, moved } = chosen;
    drawPicture(find('[data-role="received-beside"]', HTMLCanvasElement), input);
    byRole("received-answer").textContent = answerText(answer); // the answer's own place may be out of sight
    const names = stepsOf(model, chosen);
    if (names.join() !== this.#names) patch(this.#host, names.map(item));
    this.#names = names.join();
    const isGiven = names.length === 0;
    const steps = find('[data-role="steps"]', HTMLDetailsElement);
    steps.hidden = isGiven;
    if (without.length > 0) steps.open = true;
    byRole("prepared-note").textContent = !isGiven ? say("explorer.prepared") : chosen.sample && !chosen.image ? say("explorer.sample_as_it_is") : say("explorer.as_it_is");
    names.forEach((name, index) => {
      const row = this.#host.children[index];
      const made = stages.find((stage) => stage.name === name || (stage.name === "fit" && name === "scale"));
      const canvas = find("canvas", HTMLCanvasElement, row);
      row.classList.toggle("left-out", without.includes(name));
      if (made) drawPicture(canvas, made.values);
      const box = row.querySelector("input");
      if (box) box.checked = !without.includes(name);
    });
    this.#moved = moved;
    byRole("moved").textContent = movedBy(moved);
    drawPicture(find('[data-role="received"]', HTMLCanvasElement), input);
  }
}

/** What steps are called. @param {string[]} names */
export const titlesOf = (names) => names.map((name) => STEPS[name]?.title ?? name);

/** @param {number[]} moved */
export function movedBy([down = 0, right = 0]) {
  const vertical = down > 0 ? say("explorer.moved_down", { count: down }) : say("explorer.moved_up", { count: -down });
  const horizontal = right > 0 ? say("explorer.moved_right", { count: right }) : say("explorer.moved_left", { count: -right });
  if (!down && !right) return say("explorer.not_moved");
  if (!down) return horizontal;
  return right ? say("explorer.moved_both", { vertical, horizontal }) : vertical;
}

/** @param {string} name */
function item(name) {
  const { title, why } = STEPS[name] ?? { title: name, why: "" };
  const canvas = el("canvas", { "aria-hidden": "true" });
  const id = `why-${name}`;
  const label = el("label", {}, el("input", { type: "checkbox", value: name, "aria-describedby": id }), title);
  return el("li", {}, canvas, el("div", {}, label, el("p", { id, class: "field-note" }, why)));
}
