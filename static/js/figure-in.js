// The figure of a step, as data: what the trace says it is made of, looked up.

/** @import { Figure, Pair, Step, TraceLike } from "./types" */

import { listOf, pairIn, within } from "./nested.js";
import { listIn } from "./tensors.js";

/** @param {unknown} list */
const numbers = (list) => listOf(list).map(Number);

/** A curve by its points, of which the first row says where and the second how high. @param {unknown[]} points @param {Pair} at @returns {import("./types").CurveFigure} */
const curveOf = (points, at) => ({ kind: "curve", xs: numbers(points[0]), ys: numbers(points[1]), at });

/** @param {TraceLike} trace @param {Step} step @returns {Figure | undefined} */
export function figureIn(trace, step) {
  const shown = trace.card?.figure;
  if (!shown) return undefined;
  const lines = shown.values.map((name) => listIn(trace, name));
  const at = pairIn((shown.at ?? []).map((column) => step[column]));
  if (shown.kind === "curve") return curveOf(lines[0] ?? [], at);
  if (shown.kind === "network") {
    const weights = (shown.weights ?? []).map((name) => listIn(trace, name).map(numbers));
    return { kind: "network", values: lines.map(numbers), weights, layer: at[0], cell: at[1] };
  }
  const { labels = [], truth = -1, fills = 0, curve } = shown;
  const loss = curve && step.index >= curve.fills ? curveOf(listIn(trace, curve.values), pairIn(within(listIn(trace, curve.mark), [0]))) : undefined;
  return { kind: "bars", labels, values: lines.flatMap(numbers), filled: Math.max(0, step.index + 1 - fills), truth, loss };
}
