// What the API takes of what is set before a run, and how a run that was started is set up again.

/** @import { Chosen, Named } from "./settings.js" */

import { isOwnLoss, OWN_LOSS } from "./choices.js";

/** @typedef {import("./run.js").RunInfo["settings"]} RunSettings what a run was started with, as the API has it */
/** @typedef {Omit<RunSettings, "loss" | "class_weights"> & { loss: string | null, class_weights?: string | number[] | null, name?: string }} RunRequest what a run is to be started with: a loss of null is the data set's own */

/** A name alone where there are no options. @param {Named} named */
const plainly = ({ name, ...options }) => (Object.keys(options).length ? { name, ...options } : name);

/** A setting by its name alone, or with options; the first where there is none. @param {string | Named | null | undefined} setting @param {string} first @returns {Named} */
const asNamed = (setting, first) => (typeof setting === "string" ? { name: setting } : (setting ?? { name: first }));

/** How many samples a batch has. @param {Chosen} state @param {number} training how many there are to learn from */
const batchOf = (state, training) => state["batch"] ?? state["samples"] ?? training;

/**
 * The body of POST /api/runs.
 * @param {Chosen} state @param {number} training how many samples there are to learn from @returns {RunRequest}
 */
export function settingsOf(state, training) {
  const { name, ...options } = state["optimizer"];
  const augmentation = Object.keys(state["augment"]).length ? state["augment"] : null;
  return {
    architecture: state["net"],
    dataset: state["data"],
    optimizer: { name, learning_rate: state["rate"], weight_decay: state["decay"], ...options },
    schedule: state["schedule"],
    batch_size: batchOf(state, training),
    epochs: state["epochs"],
    seed: state["seed"],
    loss: state["loss"] === OWN_LOSS ? null : state["loss"],
    initialisation: plainly(state["init"]),
    class_weights: state["weights"],
    dataset_options: state["imbalance"] === 1 ? {} : { imbalance: state["imbalance"] },
    train_samples: state["samples"],
    clip_norm: state["clip"] || null,
    augmentation,
    early_stopping: state["patience"] ? { patience: state["patience"] } : null,
    steps_per_second: state["speed"],
  };
}

/** The part of it that POST /api/architectures/check takes: all that may be impossible before a run begins. @param {Chosen} state @param {number} training */
export function checkOf(state, training) {
  const { architecture, dataset, dataset_options, loss, initialisation, class_weights, batch_size, train_samples, epochs } = settingsOf(state, training);
  return { architecture, dataset, dataset_options, loss, initialisation, class_weights, batch_size, train_samples, epochs };
}

/** The part that shows how its weights begin. @param {Chosen} state */
export function beginningOf(state) {
  const { architecture, dataset, dataset_options, loss, initialisation, seed } = settingsOf(state, 1);
  return { architecture, dataset, dataset_options, loss, initialisation, seed };
}

/** The set-up that a run was started with. @param {RunSettings} settings @param {number} training @param {string} task of its data set @returns {Chosen} */
export function stateOf(settings, training, task) {
  const { learning_rate: rate, weight_decay: decay = 0, ...optimizer } = settings.optimizer;
  const samples = settings.train_samples ?? null;
  return {
    data: settings.dataset,
    net: settings.architecture,
    optimizer,
    rate,
    schedule: asNamed(settings.schedule, "constant"),
    batch: settings.batch_size === (samples ?? training) ? null : settings.batch_size,
    epochs: settings.epochs,
    samples,
    decay,
    augment: settings.augmentation ?? {},
    patience: settings.early_stopping?.patience ?? 0,
    clip: settings.clip_norm ?? 0,
    seed: settings.seed,
    loss: settings.loss === null || isOwnLoss(settings.loss, task) ? OWN_LOSS : settings.loss,
    init: asNamed(settings.initialisation, "he"),
    weights: settings.class_weights ?? null,
    imbalance: settings.dataset_options?.imbalance ?? 1,
    speed: settings.steps_per_second,
    compare: "none",
  };
}

/** What a setting of the API is called here, where that is something else. @type {Record<string, string>} */
const NAMES = {
  dataset: "data",
  architecture: "net",
  learning_rate: "rate",
  weight_decay: "decay",
  batch_size: "batch",
  train_samples: "samples",
  clip_norm: "clip",
  augmentation: "augment",
  early_stopping: "patience",
  steps_per_second: "speed",
  initialisation: "init",
  class_weights: "weights",
  dataset_options: "imbalance",
};

/** The field that a refusal by the server is about. @param {string} setting `optimizer.betas` @returns {string} */
export function fieldOf(setting) {
  const [first = "", last = first] = setting.split(".");
  return NAMES[last] ?? NAMES[first] ?? first;
}
