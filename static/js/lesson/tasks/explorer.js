// What to try in the explorer.

/** @import { Task } from "../../types" */
/** @import { Answer } from "../../explorer/model.js" */

import { readBy } from "../../explorer/figures.js";
import { formatStrokes, SAMPLES } from "../../explorer/strokes.js";
import { say } from "../../words.js";
import { tasksOf } from "./rows.js";

const CELL = 2; // how close one is
const FAR = 4; // pixels

/** @typedef {{ trace: Answer, step: { index: number } }} Seen an answer, and how close one looks */

/** What is given, where that is known: of a sample, or of a digit that is drawn for one. @param {Answer} answer */
function truthOf({ truth, chosen: { image, sample, drawing } }) {
  if (truth !== undefined) return truth;
  const digit = image || sample ? -1 : SAMPLES.indexOf(formatStrokes(drawing));
  return digit < 0 ? undefined : String(digit);
}

/** Whether the answer is right; undefined where that is not known, or there is none. @param {Answer} answer */
function isRight(answer) {
  const truth = truthOf(answer);
  return truth === undefined || answer.best === null ? undefined : answer.model.classes[answer.best] === truth;
}

/** Whether the answer is another than that of the network itself, which is bent by weights, by maps that are off, or by both. @param {Answer} answer */
const isTurned = ({ compared, best }) => compared !== undefined && compared.best !== best;

/** @param {Answer} answer */
const isDigits = ({ model }) => model.id === "digits";

/** @type {Task<Seen>[]} */
export const tasks = tasksOf("explorer", {
  wrong: {
    met: ({ trace }) => isRight(trace) === false && !trace.compared && !trace.chosen.moved.some(Boolean) && trace.chosen.without.length === 0,
    way: "model=clothes&sample=4",
  },
  upright: {
    met: ({ trace }) => isDigits(trace) && isRight(trace) === false && trace.chosen.without.includes("deskew"),
    seen: say("tasks.explorer.upright_met", readBy("digits", "deskew")),
    way: "sample=35&without=deskew",
  },
  moved: {
    met: ({ trace }) => isDigits(trace) && isRight(trace) === false && !trace.compared && trace.chosen.moved.some(Boolean),
    seen: say("tasks.explorer.moved_met", readBy("digits")),
    way: "moved=0,2",
  },
  keeps: {
    met: ({ trace }) =>
      isRight(trace) === true &&
      trace.chosen.moved.some((by) => Math.abs(by) >= FAR) &&
      trace.model.layers.some(({ layer }) => layer === "global_avg_pool2d"),
    seen: say("tasks.explorer.keeps_met", readBy("shapes-colour")),
    way: "model=shapes-colour&sample=0&moved=4,4",
  },
  pixels: {
    met: ({ step }) => step.index === CELL,
    step: true,
    way: "at=3,2,5,5",
  },
  bent: {
    met: ({ trace }) => isTurned(trace) && trace.chosen.off.length === 0,
    way: "changes=7.bias:1:60&at=7,1",
  },
  "one-map": {
    met: ({ trace }) => isTurned(trace) && trace.chosen.off.length === 1 && trace.chosen.changes.length === 0,
    way: "sample=3&off=0,7",
  },
});
