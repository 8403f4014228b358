// What tells one run from another: the settings that differ, in a few words.

/** @import { RunInfo } from "./run.js" */

import { number, plural } from "../format.js";
import { BEGINNINGS, chosen, layerNamed, LOSSES, optionOf } from "./choices.js";
import { optimizerTitle } from "./fields.js";

const MOST = 2;

/** @param {string} loss */
const lossTitle = (loss) => (LOSSES.find(({ name }) => name === loss)?.title ?? String(loss)).toLowerCase();

/** @param {string | Record<string, any>} setting */
function beginningTold(setting) {
  const named = typeof setting === "string" ? { name: setting } : (setting ?? { name: "he" });
  const numbers = Object.values({ ...named, name: "" }).filter((value) => value !== "");
  return `weights ${[chosen(BEGINNINGS, named)?.title.toLowerCase() ?? named["name"], ...numbers].join(" ")}`;
}

/** What a setting is called for people, and how it is told. @type {((settings: any, info: RunInfo) => string)[]} */
const TOLD = [
  ({ architecture }) => {
    const shares = architecture
      .filter((/** @type {any} */ { layer }) => layer === "dropout")
      .map((/** @type {any} */ { p }) => p ?? optionOf(layerNamed("dropout"), "p").default);
    return shares.length ? `dropout ${shares.join(", ")}` : "no dropout";
  },
  ({ optimizer }) => (optimizer.weight_decay ? `decay ${optimizer.weight_decay}` : "no decay"),
  ({ augmentation }) => (augmentation ? "augmented" : "not augmented"),
  ({ train_samples: samples }) => (samples ? plural(samples, "sample") : "all samples"),
  ({ batch_size: batch }) => `batch ${batch}`,
  ({ optimizer }) => optimizerTitle(optimizer),
  ({ optimizer }) => `rate ${number(optimizer.learning_rate)}`,
  ({ schedule }) => `${typeof schedule === "string" ? schedule : (schedule?.name ?? "constant")} rate`,
  ({ clip_norm: clip }) => (clip ? `clipped at ${clip}` : "not clipped"),
  ({ seed }) => `seed ${seed}`,
  ({ loss }) => lossTitle(loss),
  ({ initialisation }) => beginningTold(initialisation),
  (_, { class_weights: weights }) => (weights ? "weighted classes" : "no class weights"),
  ({ dataset_options: options }) => (options?.imbalance ? `imbalance ${options.imbalance}` : "no imbalance"),
  (_, { parameters }) => plural(parameters, "parameter"),
];

/** @param {RunInfo} run @param {RunInfo} other @returns {string} empty where nothing of note differs */
export function differencesTold(run, other) {
  const told = TOLD.map((tell) => tell(run.settings, run)).filter((own, index) => own !== TOLD[index]?.(other.settings, other));
  const present = told.filter((own) => !/^(no|not|all) /.test(own)); // what it has says more than what it lacks
  return (present.length ? present : told).slice(0, MOST).join(", ");
}
