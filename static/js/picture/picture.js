// A step of a trace at a time as one SVG that needs nothing else: no page, no font, no style sheet.

/** @import { Step, TraceAnswer, TraceLike } from "../types" */
/** @import { Shape } from "./shapes.js" */
/** @import { Look } from "./sheet.js" */

import { depthFrame } from "../depth-frame.js";
import { frame } from "../frame.js";
import { optimizersFrame } from "../race-frame.js";
import { stepIn } from "../timeline.js";
import * as depth from "./depth.js";
import * as race from "./race.js";
import { markupOf } from "./shapes.js";
import { drawAt } from "./step.js";

/** @typedef {{ draw(trace: TraceLike, step: Step, time: number, look: Look): Shape }} Painter */
/** What draws a step that is not shown as panels. @type {Record<string, Painter>} */
const OTHERS = {
  optimizers: { draw: (/** @type {import("../types").RaceTrace} */ trace, /** @type {import("../types").RaceStep} */ step, time, look) => race.drawAt(optimizersFrame(trace, step, { ahead: false }), time, look) },
  depth: { draw: (/** @type {import("../types").DepthTrace} */ trace, /** @type {import("../types").DepthStep} */ step, time, look) => depth.drawAt(depthFrame(trace, step), time, look) },
};
const PANELS = { draw: (/** @type {TraceLike} */ trace, /** @type {Step} */ step, /** @type {number} */ time, /** @type {Look} */ look) => drawAt(frame(trace, step), time, look) };

/**
 * The picture of a step of a trace.
 * @param {TraceAnswer} answer as the API gives it, with its card @param {number} index of a step that it has
 * @param {number | null} time in milliseconds; null: when the step has come about
 * @param {{ tokens: Record<string, string>, rules: string }} look a colour for each name of a token, and rules for its figures
 */
export function pictureOf(answer, index, time, { tokens, rules }) {
  const trace = { ...answer, total: answer.steps.total, at: (/** @type {number} */ at) => stepIn(answer.steps, at) };
  const step = trace.at(index);
  if (!step) throw new Error(`step ${index} is not among those of the answer`);
  const look = { token: (/** @type {string} */ name) => tokens[name] ?? "", rules };
  const { draw } = OTHERS[answer.op] ?? PANELS;
  return markupOf(draw(trace, step, time ?? Number.POSITIVE_INFINITY, look));
}
