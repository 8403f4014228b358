// What is said of a link to a run, and the step that it can point at.

/** @import { About } from "../share.js" */
/** @import { Run } from "./run.js" */

import { el } from "../draw/dom.js";
import { grouped } from "../format.js";
import { offerLink, sharedAddress } from "../share.js";

const STEP = /&step=\d+/;

/** @param {Run} run @param {number} marked the step that the address points at already @returns {About} */
export function aboutRun(run, marked) {
  const told = run.over
    ? "Whoever opens it sees this run, which has ended."
    : "The run moves on: whoever opens the link sees it as it is by then, not as it is now.";
  const step = marked || run.history.last;
  if (!step) return { told };
  const point = el("input", { type: "checkbox", checked: marked > 0 });
  point.addEventListener("change", () => {
    const whole = sharedAddress().replace(STEP, "");
    offerLink(point.checked ? `${whole}&step=${step}` : whole);
  });
  return { told, more: [el("label", { class: "check" }, point, ` Point at step ${grouped(step)}: it is marked in the curves`)] };
}
