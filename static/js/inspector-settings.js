// What a control reads of a setting and what it makes of it: a size, a pair, how many channels there are, a seed.

/** @import { ArrayChoice, Control, GradientChoice, Pair, State } from "./types" */

import { channelsIn, resized, sizeOf, withChannels } from "./arrays.js";
import { readCell, readWhole } from "./input/numbers.js";
import { arrayIn, namedIn, numberIn, paddingIn } from "./values.js";
import { say } from "./words.js";

/** @typedef {{ get: (state: State) => Pair | null, put: (state: State, value: Pair) => unknown }} AxesSetting */

/** @param {Control} control @returns {AxesSetting} */
export const sizeSetting = ({ field }) => ({
  get: (state) => sizeOf(arrayIn(state, field)),
  put: (state, value) => resized(arrayIn(state, field), value),
});

/** @param {Control} control @returns {AxesSetting} */
export const pairSetting = ({ field }) => ({
  get: (state) => {
    const value = paddingIn(state, field);
    if (typeof value === "string" || value.length !== 2) return null;
    const [height = 0, width = 0] = value;
    return [height, width];
  },
  put: (_, value) => value,
});

/** @param {Control} control */
export const plainSetting = ({ field }) => ({
  read: readCell,
  get: (/** @type {State} */ state) => numberIn(state, field),
  put: (/** @type {State} */ _, /** @type {number} */ value) => value,
});

/** @param {Control} control */
export const channelsSetting = ({ field }) => ({
  get: (/** @type {State} */ state) => channelsIn(arrayIn(state, field)),
  put: (/** @type {State} */ state, /** @type {number} */ value) => withChannels(arrayIn(state, field), value),
});

/** @param {ArrayChoice | GradientChoice} choice */
const seedOf = (choice) => ("seed" in choice ? (choice.seed ?? 0) : 0);

/** @param {Control} control */
export const seedSetting = ({ field }) => ({
  read: readWhole,
  get: (/** @type {State} */ state) => seedOf(namedIn(state, field)),
  put: (/** @type {State} */ state, /** @type {number} */ value) => {
    if (value < 0) throw new Error(say("settings.seed"));
    return { ...namedIn(state, field), seed: value };
  },
});
