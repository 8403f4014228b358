// What to try on the training page.

/** @import { Task } from "../../types" */
/** @import { RunInfo } from "../../training/run.js" */
/** @import { Learning } from "../../training/tasks.js" */

import { indicesIn } from "../../nested.js";
import { say } from "../../words.js";
import { tasksOf } from "./rows.js";

/** The strides of the convolutions of a network, down and across. @param {RunInfo["settings"]} settings */
function stridesOf({ architecture }) {
  const convolutions = architecture.filter(({ layer }) => layer === "conv2d");
  return String(convolutions.map(({ stride }) => indicesIn(stride ?? 1)).map(([down, across = down]) => [down, across]));
}

/** Whether two runs learned from the same data with different strides. @param {RunInfo["settings"]} one @param {RunInfo["settings"]} other */
const differInStride = (one, other) => one.dataset === other.dataset && stridesOf(one) !== stridesOf(other);

/** @type {Task<Learning>[]} */
export const tasks = tasksOf("training", {
  weight: {
    met: ({ followed }) => followed === "update",
    step: true,
    way: "optimizer=sgd&rate=0.1&speed=1&weight=0.weight,0,0,1,1",
  },
  scale: {
    met: ({ own, learns, finds }) => own && learns && finds,
    lacks: ({ own, learns, finds }) => (own && learns && !finds ? say("tasks.training.scale_lacks") : ""),
    step: true,
    way: "scale=map",
  },
  strides: {
    met: ({ finished }) => finished.some((run) => finished.some((other) => differInStride(run.settings, other.settings))),
    step: true,
    way: "like=strides",
  },
});
