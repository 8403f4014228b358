// What the page says while a network learns: where it is, what a phase does, how it ended. Numbers come as they are.

/** @import { Run, RunInfo } from "./run.js" */
/** @import { Snapshot } from "./planes.js" */

import { number, percent } from "../format.js";
import { say } from "../words.js";
import { optimizerTitle } from "./settings.js";

/** Sentences after each other; none where there is nothing to say. @param {string[]} sentences */
const together = (...sentences) => sentences.filter(Boolean).join(" ");

/** @param {number} minutes */
const hoursOf = (minutes) => ({ hours: Math.floor(minutes / 60), minutes: minutes % 60 });

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 60) return say("time.seconds", { seconds: Math.max(1, Math.round(seconds)) });
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? say("time.minutes", { minutes }) : say("time.hours", hoursOf(minutes));
}

/** Where a run is, in a line. @param {RunInfo} info */
export function progressLine(info) {
  const { step, total_steps: total, epoch, settings, seconds_left: left } = info;
  const parts = [say("player.step_of", { step, total })];
  if (epoch) parts.push(say("training.epoch_of", { epoch, epochs: settings.epochs }));
  if (info.state === "running" && left !== null && left !== undefined) parts.push(say("training.time_left", { time: duration(left) }));
  return parts.map((part) => part.replaceAll(" ", "\u00a0")).join(" · "); // a line ends between two of them
}

/** Minutes and hours in full. @param {number} seconds */
function longDuration(seconds) {
  const whole = Math.round(seconds / 60);
  if (whole < 60) return say("training.minutes", { minutes: whole });
  const { hours, minutes } = hoursOf(whole);
  return minutes ? say("training.hours_minutes", { hours, minutes }) : say("training.hours", { hours });
}

/** When a run that waits begins or goes on, as far as that is known. @param {RunInfo} info */
function waitSentence({ starts_in: seconds, step }) {
  if (seconds === null || seconds === undefined) return say("training.wait_unknown");
  if (seconds === 0) return step ? say("training.goes_on_soon") : say("training.begins_soon");
  if (seconds < 60) return step ? say("training.goes_on_minute") : say("training.begins_minute");
  const time = longDuration(seconds);
  return step ? say("training.goes_on_in", { time }) : say("training.begins_in", { time });
}

/** @param {RunInfo} info */
function queueSentences(info) {
  const { step } = info;
  const position = info.place ?? "?";
  const waits = step ? say("training.queued_again", { step, place: position }) : say("training.queued", { place: position });
  return together(waits, waitSentence(info));
}

/** How well it does, in a sentence. @param {RunInfo} info */
function scoreSentence({ metrics, task }) {
  const { loss, validation_accuracy: accuracy, validation_loss: error } = metrics;
  if (task === "regression") return error === null || error === undefined ? "" : say("training.score_error", { error: number(error) });
  if (accuracy !== null && accuracy !== undefined) return say("training.score", { accuracy: percent(accuracy), loss: number(loss) });
  return "";
}

/** @param {RunInfo} info */
const waysOn = (info) =>
  say("training.ways_on", { step: info.slow_motion ? say("training.next_phase") : say("training.one_step"), resume: say("common.resume") });

/** @param {RunInfo} info */
function stoppedSentence({ step, end }) {
  return end?.reason ?? say("training.stopped", { step });
}

/** @param {Run} run */
export function stateSentences(run) {
  const { info } = run;
  const { step, epoch, end } = info;
  const score = scoreSentence(info);
  if (run.offline) return say("training.offline");
  if (info.trouble && !run.over) return info.trouble;
  switch (info.state) {
    case "queued":
      return queueSentences(info);
    case "running":
      return info.slow_motion ? say("training.slow_motion") : together(say("training.learns"), score || say("training.learns_how"));
    case "paused":
      return together(say("training.paused_after", { step }), score, run.commandable ? waysOn(info) : say("training.owner_says"));
    case "finished":
      return together(say("training.done", { epoch, step }), score);
    case "stopped":
      return together(stoppedSentence(info), score);
    case "diverged":
      return say("training.diverged", { step: end?.evidence?.step ?? step, reason: end?.reason ?? say("training.no_longer_finite") });
    default:
      return say("training.failed", { reason: end?.reason ?? say("training.no_reason") });
  }
}

/** @param {import("./run.js").Epoch} now @param {RunInfo} info */
export function epochSentence(now, info) {
  const { validation_accuracy: validated, validation_loss: validation } = now;
  const head = { epoch: now.epoch, epochs: info.settings.epochs, loss: number(now.loss) };
  if (validated !== null && validated !== undefined)
    return say("training.epoch_accuracy", { ...head, accuracy: percent(now.accuracy), validated: percent(validated) });
  return validation === null ? say("training.epoch_loss", head) : say("training.epoch_validation", { ...head, validation: number(validation) });
}

/** What a phase of a step does, with its numbers. @param {string} phase @param {Run} run @param {Snapshot | null} snapshot @returns {string} */
export function phaseSentence(phase, run, snapshot) {
  const { step = run.info.step, loss = null, gradient_norm: size = null } = run.phaseEvent;
  const { settings, learning_rate: rate } = run.info;
  switch (phase) {
    case "forward":
      return say("training.forward", { step, pictures: settings.batch_size });
    case "loss":
      return loss === null ? say("training.loss_picture", { step, loss: number(snapshot?.loss) }) : say("training.loss_batch", { step, loss: number(loss) });
    case "backward":
      return size === null ? say("training.backward", { step }) : say("training.backward_size", { step, size: number(size) });
    case "update":
      return say("training.update", { step, optimizer: optimizerTitle(settings.optimizer), rate: number(rate) });
    default:
      return "";
  }
}
