// How the training page offers what there is to choose: its losses, what layers are called, which choice a setting is; and
// the stops of its dials.

/** @import { Choice } from "../catalogue.js" */
/** @import { Layer, Named } from "./settings.js" */

import { freshOf, LAYERS, LOSSES as SCORES, named, optionOf } from "../catalogue.js";
import { say } from "../words.js";

export const OWN_LOSS = "own";

/** What a run may be scored by. */
export const LOSSES = [
  { name: OWN_LOSS, title: say("training.own_loss"), sentence: say("training.own_loss_note") },
  ...SCORES,
];

/** Whether a loss is what a task has unless another is chosen. @param {string} name @param {string} task */
export const isOwnLoss = (name, task) => SCORES.some((loss) => loss.name === name && loss.task === task);

/** @param {string} kind */
export const layerNamed = (kind) => named(LAYERS, kind);

/** @param {string} kind */
export const layerTitle = (kind) => layerNamed(kind)?.title ?? kind;

/** The options that are set by hand. @param {Choice} choice */
export const shownOptions = ({ opens, parameters }) =>
  Object.keys(opens).flatMap((name) => parameters.find((parameter) => parameter.name === name) ?? []);

/** @param {string} kind @returns {Layer} */
export function freshLayer(kind) {
  const { name: layer, ...options } = freshOf(LAYERS, kind);
  return { layer, ...options };
}

/** Whether a setting has those of a choice's options that are off until it is chosen: momentum, which is else 0. @param {Choice} choice @param {Named} setting */
const isOn = (choice, setting) =>
  Object.entries(choice.opens).every(([name, value]) => !value || optionOf(choice, name).default !== 0 || setting[name]);

/** Which choice a setting is: the one that fixes the most of it. @param {Choice[]} choices @param {Named} setting */
export function chosen(choices, setting) {
  const fits = choices.filter(
    ({ names, fixed }) => names.includes(setting["name"]) && Object.entries(fixed).every(([key, value]) => setting[key] === value),
  );
  return fits.filter((choice) => isOn(choice, setting)).at(-1) ?? fits[0];
}

/** Learning rates that the dial stops at. */
export const RATES = [-5, -4, -3, -2, -1, 0, 1].flatMap((power) =>
  ["1", "1.5", "2", "3", "5", "7"].map((digits) => Number(`${digits}e${power}`)),
);

/** Steps a second that the other dial stops at; null: as fast as it goes. */
export const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, null];

/** The place of the nearest stop, by ratio. @param {(number | null)[]} stops @param {number | null} value */
export function nearestStop(stops, value) {
  if (value === null) return stops.length - 1;
  let best = 0;
  stops.forEach((stop, index) => {
    const now = stops[best] ?? null;
    if (stop !== null && now !== null && Math.abs(Math.log(stop / value)) < Math.abs(Math.log(now / value))) best = index;
  });
  return best;
}
