// What tells one run from another: the settings that differ, in a few words.

/** @import { Choice } from "../catalogue.js" */
/** @import { RunSettings } from "./requests.js" */
/** @import { Named } from "./settings.js" */
/** @import { RunInfo } from "./run.js" */

import { BEGINNINGS, LOSSES, optionOf, SCHEDULES } from "../catalogue.js";
import { number } from "../format.js";
import { say } from "../words.js";
import { chosen, layerNamed } from "./choices.js";
import { optimizerTitle } from "./settings.js";

const MOST = 2;

/** @param {string | null} loss */
const lossTitle = (loss) => LOSSES.find(({ name }) => name === loss)?.called ?? String(loss);

/** What is chosen by its name, alone or with options. @param {string | Named | null | undefined} setting @param {string} usual @returns {Named} */
const namedBy = (setting, usual) => (typeof setting === "string" ? { name: setting } : (setting ?? { name: usual }));

/** @param {Choice[]} choices @param {Named} named */
const calledAs = (choices, named) => chosen(choices, named)?.called ?? named["name"];

/** @param {RunSettings["initialisation"]} setting */
function beginningOf(setting) {
  const named = namedBy(setting, "he");
  const numbers = Object.values({ ...named, name: "" }).filter((value) => value !== "");
  return say("training.weights_as", { beginning: [calledAs(BEGINNINGS, named), ...numbers].join(" ") });
}

/** What a setting is called for people, and whether it says what a run lacks. @typedef {{ text: string, lacks?: boolean }} Trait */

/** @param {string} text @returns {Trait} */
const has = (text) => ({ text });
/** @param {string} text @returns {Trait} */
const lacks = (text) => ({ text, lacks: true });

/** @type {((settings: RunSettings, info: RunInfo) => Trait)[]} */
const TRAITS = [
  ({ architecture }) => {
    const shares = architecture
      .filter(({ layer }) => layer === "dropout")
      .map(({ p }) => p ?? optionOf(layerNamed("dropout"), "p").default);
    return shares.length ? has(say("training.dropout_shares", { shares: shares.join(", ") })) : lacks(say("training.no_dropout"));
  },
  ({ optimizer: { weight_decay: decay } }) => (decay ? has(say("training.decay", { decay })) : lacks(say("training.no_decay"))),
  ({ augmentation }) => (augmentation ? has(say("training.augmented")) : lacks(say("training.not_augmented"))),
  ({ train_samples: count }) => (count ? has(say("training.samples", { count })) : lacks(say("training.all_samples"))),
  ({ batch_size: batch }) => has(say("training.batch", { batch })),
  ({ optimizer }) => has(optimizerTitle(optimizer)),
  ({ optimizer }) => has(say("training.rate", { rate: number(optimizer.learning_rate) })),
  ({ schedule }) => has(say("training.scheduled", { schedule: calledAs(SCHEDULES, namedBy(schedule, "constant")) })),
  ({ clip_norm: clip }) => (clip ? has(say("training.clipped", { clip })) : lacks(say("training.not_clipped"))),
  ({ seed }) => has(say("training.seed", { seed })),
  ({ loss }) => has(lossTitle(loss)),
  ({ initialisation }) => has(beginningOf(initialisation)),
  (_, { class_weights: weights }) => (weights ? has(say("training.weighted_classes")) : lacks(say("training.no_class_weights"))),
  ({ dataset_options: options }) =>
    options?.imbalance ? has(say("training.imbalanced", { imbalance: options.imbalance })) : lacks(say("training.no_imbalance")),
  (_, { parameters: count }) => has(say("common.parameters", { count })),
];

/** @param {RunInfo} run @param {RunInfo} other @returns {string} empty where nothing of note differs */
export function differences(run, other) {
  const apart = TRAITS.map((trait) => trait(run.settings, run)).filter(({ text }, index) => text !== TRAITS[index]?.(other.settings, other).text);
  const present = apart.filter((trait) => !trait.lacks); // what it has says more than what it lacks
  return (present.length ? present : apart)
    .slice(0, MOST)
    .map(({ text }) => text)
    .join(", ");
}
