// What is tried side by side: the batch size, or the stride. Of each run its title, its facts, and what is said of all.

/** @import { Drawn } from "./curves.js" */
/** @import { RunRequest } from "./requests.js" */
/** @import { Chosen, Layer } from "./settings.js" */
/** @import { RunInfo } from "./run.js" */

import { grouped, number, percent, share } from "../format.js";
import { STATES } from "../states.js";
import { say } from "../words.js";
import { duration } from "./words.js";

const BATCHES = [1, 32, null]; // null is all of them
const STRIDES = [1, 2];

/** @typedef {[name: string, value: string][]} Facts */
/**
 * @typedef {object} Kind
 * @property {number} middle the run whose steps a second the dial tells
 * @property {(state: Chosen) => Partial<Chosen>[]} settings what the runs have instead of what is set up
 * @property {(settings: RunRequest, stepsPerEpoch: number) => string} titleOf
 * @property {(run: Drawn) => Facts} factsOf
 * @property {string} going
 * @property {string} done
 */

/** @param {number} bytes */
const memoryText = (bytes) => (bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** @param {number | null | undefined} seconds */
const timeText = (seconds) => (seconds === null || seconds === undefined ? "–" : say("training.milliseconds", { time: number(Number((seconds * 1e3).toPrecision(3))) }));

/** @param {RunInfo} info */
function stateOf({ state, place: index, starts_in: seconds, epoch }) {
  const position = index ?? "?";
  if (state !== "queued") return epoch ? say("training.state_epoch", { state: STATES[state], epoch }) : STATES[state];
  return seconds ? say("training.waits_place_time", { place: position, time: duration(seconds) }) : say("training.waits_place", { place: position });
}

/** @param {RunInfo["memory"]} memory @returns {Facts} */
function memoryFacts(memory) {
  if (!memory) return [];
  return [
    [say("training.memory_whole"), memoryText(memory.in_one_piece)],
    [say("training.memory_here", { at_once: memory.at_once }), memoryText(memory.held)],
  ];
}

/** @param {Drawn} run @returns {Facts} */
function factsOfBatch({ info }) {
  const { metrics, memory, seconds } = info;
  return [
    [say("training.updates_each"), String(info.steps_per_epoch)],
    [say("training.updates_far"), say("training.of_steps", { step: info.step, total_steps: info.total_steps })],
    [say("training.loss_now"), number(metrics["loss"])],
    [say("training.right_validation_set"), percent(metrics["validation_accuracy"])],
    [say("training.time_computing"), seconds < 0.005 ? "< 0.01 s" : `${seconds.toFixed(2)} s`],
    ...memoryFacts(memory),
    [say("training.state"), stateOf(info)],
  ];
}

/** @param {Drawn} run @returns {Facts} */
function factsOfStride({ info, history }) {
  const epoch = history.epochs.at(-1);
  return [
    [say("training.time_of_step"), timeText(info.seconds_per_step)],
    [say("training.right_training_set"), share(epoch?.accuracy)],
    [say("training.right_validation_set"), share(epoch?.validation_accuracy)],
    [say("training.gap"), share(epoch?.gap)],
    [say("training.parameters_fact"), grouped(info.parameters)],
    [say("training.updates_far"), say("training.of_steps", { step: info.step, total_steps: info.total_steps })],
    [say("training.state"), stateOf(info)],
  ];
}

/** The network with this stride in each of its convolutions. @param {Layer[]} net @param {number} stride */
const strided = (net, stride) => net.map((layer) => (layer.layer === "conv2d" ? { ...layer, stride } : layer));

/** @type {Record<string, Kind>} */
export const KINDS = {
  batches: {
    middle: 1,
    settings: () => BATCHES.map((batch) => ({ batch })),
    titleOf: ({ batch_size: batch }, stepsPerEpoch) =>
      stepsPerEpoch === 1 ? say("training.whole_set_title", { samples: grouped(batch) }) : say("training.batch_title", { batch }),
    factsOf: factsOfBatch,
    going: say("training.side_going"),
    done: say("training.side_done"),
  },
  strides: {
    middle: 0,
    settings: ({ net }) => STRIDES.map((stride) => ({ net: strided(net, stride) })),
    titleOf: ({ architecture }) => say("training.stride_title", { stride: [architecture.find(({ layer }) => layer === "conv2d")?.["stride"] ?? 1].flat().join(" × ") }),
    factsOf: factsOfStride,
    going: say("training.strides_going"),
    done: say("training.strides_done"),
  },
};
