// What controls read of the settings: a value of the kind that they are for. Where a field holds another kind, the page is at fault.

/** @import { ArrayChoice, GradientChoice, PaddingChoice, State, Target, TypedArray } from "./types" */

/** @template V @param {(value: unknown) => value is V} fits @param {string} kind @returns {(state: State, field: string) => V} */
const reader = (fits, kind) => (state, field) => {
  const value = state[field];
  if (!fits(value)) throw new Error(`the setting ${field} is no ${kind}`);
  return value;
};

/** @param {unknown} value @returns {value is object} */
const isObject = (value) => typeof value === "object" && value !== null;

/** @param {unknown} value @returns {value is TypedArray} */
const isTyped = (value) => isObject(value) && "values" in value;

/** @param {unknown} value @returns {value is ArrayChoice} */
const isArray = (value) => isTyped(value) || (isObject(value) && "size" in value);

/** Whether it is an array, or the gradient of an output. @param {unknown} value @returns {value is ArrayChoice | GradientChoice} */
export const isNamed = (value) => isTyped(value) || (isObject(value) && "preset" in value);

/** Whether it is an array by its name and size. @param {unknown} value @returns {value is import("./types").PresetArray} */
export const isPreset = (value) => isObject(value) && "preset" in value && "size" in value;

/** @param {unknown} value @returns {value is PaddingChoice} */
const isPadding = (value) => typeof value === "string" || Array.isArray(value);

/** @param {unknown} value @returns {value is string[]} */
const isNames = (value) => Array.isArray(value);

/** @param {unknown} value @returns {value is number} */
const isNumber = (value) => typeof value === "number";

/** @param {unknown} value @returns {value is string} */
const isText = (value) => typeof value === "string";

/** @param {unknown} value @returns {value is Record<string, number>} */
const isNumbers = (value) => isObject(value) && Object.values(value).every(isNumber);

/** @param {unknown} value @returns {value is Target | null} */
const isTarget = (value) => value === null || (isObject(value) && "id" in value && "row" in value);

export const arrayIn = reader(isArray, "array");
/** Numbers that a person typed, such as a column or a kernel of one's own. */
export const typedIn = reader(isTyped, "array-of-numbers");
/** An array, or the gradient of an output. */
export const namedIn = reader(isNamed, "array");
export const paddingIn = reader(isPadding, "padding");
export const namesIn = reader(isNames, "list-of-names");
export const numberIn = reader(isNumber, "number");
export const textIn = reader(isText, "text");
/** A cell, or none. */
export const targetIn = reader(isTarget, "cell");
/** A number for each of several names. */
export const ratesIn = reader(isNumbers, "list-of-rates");
