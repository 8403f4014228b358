// What is said of a link to a run, and the step that it can point at.

/** @import { About } from "../share.js" */
/** @import { Run } from "./run.js" */

import { el } from "../draw/dom.js";
import { grouped } from "../format.js";
import { offerLink, sharedAddress } from "../share.js";
import { say } from "../words.js";

const STEP = /&step=\d+/;

/** @param {Run} run @param {number} marked the step that the address points at already @returns {About} */
export function aboutRun(run, marked) {
  const sentence = run.over
    ? say("training.link_ended")
    : say("training.link_going");
  const step = marked || run.history.last;
  if (!step) return { sentence };
  const point = el("input", { type: "checkbox", checked: marked > 0 });
  point.addEventListener("change", () => {
    const whole = sharedAddress().replace(STEP, "");
    offerLink(point.checked ? `${whole}&step=${step}` : whole);
  });
  return { sentence, more: [el("label", { class: "check" }, point, " ", say("training.point_at", { step: grouped(step) }))] };
}
