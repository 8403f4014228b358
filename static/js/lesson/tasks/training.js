// What to try on the training page.

/** @import { Task } from "../../types" */
/** @import { Learning } from "../../training/tasks.js" */

import { say } from "../../words.js";

/** @type {Task<Learning>[]} */
export const tasks = [
  {
    name: "weight",
    ask: say("tasks.training.weight"),
    met: ({ followed }) => followed === "update",
    step: true,
    seen: say("tasks.training.weight_met"),
    way: "optimizer=sgd&rate=0.1&speed=1&weight=0.weight,0,0,1,1",
  },
  {
    name: "scale",
    ask: say("tasks.training.scale"),
    met: ({ own, learns }) => own && learns,
    step: true,
    seen: say("tasks.training.scale_met"),
    way: "scale=map",
  },
  {
    name: "strides",
    ask: say("tasks.training.strides"),
    met: ({ compared }) => compared === "strides",
    step: true,
    seen: say("tasks.training.strides_met"),
    way: "like=strides",
  },
];
