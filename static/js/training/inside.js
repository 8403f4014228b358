// The way from a run that stands still into its present step: the page of backpropagation with its weights, on a picture of its batch.

/** @import { Run } from "./run.js" */

import { byRole, el } from "../draw/dom.js";
import { say } from "../words.js";

const link = el("a", { class: "button", "data-role": "inside", hidden: true }, say("training.look_inside"));
byRole("progress").closest(".run-bar")?.querySelector(".run-buttons")?.append(link);

/** Offer it where the weights do not change meanwhile. @param {Run | null} run */
export function offerInside(run) {
  link.hidden = !run || !(run.over || run.info.state === "paused");
  if (run) link.href = `/backpropagation#run=${run.info.id}`;
}
