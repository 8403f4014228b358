// The tensors of a trace, by their names.

/** @import { Tensor, TraceLike } from "./types" */

import { valueOf, within } from "./nested.js";

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
