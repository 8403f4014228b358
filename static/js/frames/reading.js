// What frames read of a trace and a step: tensors by their names, columns by their paths, texts with their numbers, arrays as planes of rows.

/** @import { Step, Tensor, TraceLike } from "../types" */
/** @import { Plane, Value } from "../nested.js" */

import { strongest } from "../draw/scale.js";
import { factor, factorAfter, number, power, related } from "../format.js";
import { planesOf, valueOf, valuesIn, within } from "../nested.js";

/** A tensor by name; a frame is never made without it. @param {TraceLike} trace @param {string} name @returns {Tensor} */
export function tensor(trace, name) {
  const found = trace.tensors[name];
  if (!found) throw new Error(`the trace of ${trace.op} has no tensor ${name}`);
  return found;
}

/** The largest output, as the engine found it; null where that is no number, or was not asked for. @param {TraceLike} trace */
export const largestOutput = ({ tensors, largest }) => (largest ? valueOf(within(tensors["output"]?.values, largest)) : null);

/** A tensor as a list; a number alone as a list of it. @param {TraceLike} trace @param {string} name */
export function listIn(trace, name) {
  const { values } = tensor(trace, name);
  return Array.isArray(values) ? values : [values];
}

/** How a number stands in a text. @type {Record<string, (value: Value) => string>} */
const FORMS = { number, operand: factorAfter, factor, power, nth: (index) => String((index ?? 0) + 1) };

/** What a column holds, or what stands at an index in it: `output_cell.0`. @param {Step} step @param {string} path */
export function read(step, path) {
  const [name = "", ...indices] = path.split(".");
  return within(step[name], indices);
}

/** A text with its fields filled in. @param {string} text @param {Step} step */
export const filledIn = (text, step) =>
  related(text.replace(/\{([\w.]+):?(\w*)\}/g, (_, path, form) => FORMS[form || "number"]?.(valueOf(read(step, path))) ?? ""));

/** Whether a region or a card is one of this step. @param {TraceLike} trace @param {Step} step */
export const holds = (trace, step) => (/** @type {{ when?: unknown }} */ { when }) => when === undefined || when === step[trace.card?.by ?? ""];

/** Something made of an array, kept with it: frames are made many times a second. @template {object} A @template B @param {(array: A) => B} make @returns {(array: A) => B} */
export function kept(make) {
  /** @type {WeakMap<A, B>} */
  const made = new WeakMap();
  return (array) => {
    const known = made.get(array);
    if (known !== undefined) return known;
    const fresh = make(array);
    made.set(array, fresh);
    return fresh;
  };
}

/** All the values of an array, row by row. @type {(values: unknown[]) => Value[]} */
export const flat = kept(valuesIn);
/** The strongest magnitude in an array. @type {(values: unknown[]) => number} */
const strength = kept((values) => strongest(flat(values)));
/** @param {TraceLike} trace @param {string} name */
export const strengthOf = (trace, name) => strength(listIn(trace, name));
/** An array as planes of rows; a line is a column of one. @type {(values: unknown[]) => Plane[]} */
export const planes = kept(planesOf);
