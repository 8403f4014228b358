// What the page says while a network learns: where it is, what a phase does, how it ended. Numbers come as they are.

/** @import { Run, RunInfo } from "./run.js" */
/** @import { Snapshot } from "./planes.js" */

import { number, plural } from "../format.js";
import { percent } from "./answer.js";
import { optimizerTitle } from "./fields.js";

/** @param {number} seconds */
export function durationTold(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Where a run is, in a line. @param {RunInfo} info */
export function progressTold(info) {
  const { step, total_steps: total, epoch, settings, seconds_left: left } = info;
  const parts = [`Step ${step} of ${total}`];
  if (epoch) parts.push(`epoch ${epoch} of ${settings.epochs}`);
  if (info.state === "running" && left !== null && left !== undefined) parts.push(`about ${durationTold(left)} left`);
  return parts.join(" · ");
}

/** When a run that waits begins, as far as that is known. @param {RunInfo} info */
function waitTold({ starts_in: seconds }) {
  if (seconds === null || seconds === undefined) return "How long it waits cannot be said yet.";
  if (seconds === 0) return "It begins in a moment.";
  if (seconds < 60) return "It begins in less than a minute.";
  const minutes = Math.round(seconds / 60);
  return minutes < 60
    ? `It begins in about ${plural(minutes, "minute")}.`
    : `It begins in about ${plural(Math.floor(minutes / 60), "hour")}${minutes % 60 ? ` and ${plural(minutes % 60, "minute")}` : ""}.`;
}

/** @param {RunInfo} info */
function queueTold(info) {
  const place = `place ${info.place ?? "?"} in the queue`;
  if (!info.step) return `The run waits for its turn: ${place}. ${waitTold(info)}`;
  return `The run has given its place to another one at step ${info.step}, and goes on by itself: ${place}. ${waitTold(info).replace("begins", "goes on")}`;
}

/** How well it does, in a sentence. @param {RunInfo} info */
function scoreTold({ metrics, task }) {
  const { loss, validation_accuracy: validated, validation_loss: validationLoss } = metrics;
  if (task === "regression")
    return validationLoss === null || validationLoss === undefined ? "" : ` The squared error on the validation set is ${number(validationLoss)}.`;
  if (validated !== null && validated !== undefined)
    return ` It has ${percent(validated)} of the validation pictures right; the loss of the last batch is ${number(loss)}.`;
  return "";
}

/** @param {RunInfo} info */
const waysOn = (info) => `“${info.slow_motion ? "Next phase" : "One step"}” goes one on, “Resume” all the way.`;

/** @param {Run} run */
export function stateTold(run) {
  const { info } = run;
  const score = scoreTold(info);
  if (run.offline) return "The server does not answer. The page goes on by itself as soon as it does; nothing is lost.";
  if (info.trouble && !run.over) return info.trouble;
  switch (info.state) {
    case "queued":
      return queueTold(info);
    case "running":
      return info.slow_motion
        ? "Slow motion: one phase after the other."
        : `The network learns.${score || " Each step: a batch forward, the loss, the gradients backward, one update."}`;
    case "paused":
      return `Paused after step ${info.step}.${score} ${run.commandable ? waysOn(info) : "Its owner says when it goes on."}`;
    case "finished":
      return `Done: ${plural(info.epoch, "epoch")}, ${plural(info.step, "step")}.${score}`;
    case "stopped":
      return `Stopped after step ${info.step}${info.end?.reason ? `: ${info.end.reason}` : ""}.${score}`;
    case "diverged":
      return `The run has ended at step ${info.end?.evidence?.["step"] ?? info.step}: ${info.end?.reason ?? "a number is no longer finite"}.`;
    default:
      return `The run has failed: ${info.end?.reason ?? "the server gives no reason"}.`;
  }
}

/** @param {import("./run.js").Epoch} epoch @param {RunInfo} info */
export function epochTold(epoch, info) {
  const head = `Epoch ${epoch.epoch} of ${info.settings.epochs}: loss ${number(epoch.loss)}`;
  const validated = epoch.validation_accuracy;
  if (validated !== null && validated !== undefined)
    return `${head}, ${percent(epoch.accuracy)} of the training pictures right and ${percent(validated)} of the validation pictures.`;
  return `${head}${epoch.validation_loss === null ? "" : `, on the validation set ${number(epoch.validation_loss)}`}.`;
}

export const PHASES = ["forward", "loss", "backward", "update"];

/** What a phase of a step does, with its numbers. @param {string} phase @param {Run} run @param {Snapshot | null} snapshot @returns {string} */
export function phaseTold(phase, run, snapshot) {
  const told = run.phaseTold;
  const { settings } = run.info;
  const step = `Step ${told["step"] ?? run.info.step}`;
  const { loss = null } = told;
  const gradient = told["gradient_norm"] ?? null;
  switch (phase) {
    case "forward":
      return `${step}, forward: ${plural(settings.batch_size, "picture")} went through the layers, from left to right. The weights stay as they are.`;
    case "loss":
      return `${step}, loss: one number says how wrong the answers of the batch are${
        loss === null ? `; for the picture on the strip alone it is ${number(snapshot?.loss)}` : `: ${number(loss)}`
      }. The goal is to make it small.`;
    case "backward":
      return `${step}, backward: backpropagation went from the loss back to the first layer and gives each weight its gradient${
        gradient === null ? "" : `, all together of size ${number(gradient)}`
      }. The strip shows the gradients where the weights were. Nothing has changed yet.`;
    case "update":
      return `${step}, update: the optimizer, ${optimizerTitle(settings.optimizer)}, makes of each gradient a change, at the rate ${number(
        run.info.learning_rate,
      )}. The strip shows by how much each weight changed.`;
    default:
      return "";
  }
}
