// Which cells of a transposed convolution have to do with each other: where a cell lands, and what reaches it.

/** @import { Links, Pair, TraceLike } from "./types" */
import { cross, upTo } from "./links.js";

/** @typedef {{ inputs: number, outputs: number, taps: number, stride: number, before: number, dilation: number }} Axis */

/** The axis down (0) or across (1). @param {TraceLike} trace @param {0 | 1} index @returns {Axis} */
function axisOf({ params, tensors }, index) {
  const pair = (/** @type {string} */ name) => /** @type {Pair} */ (params[name])[index];
  const padding = /** @type {Pair[]} */ (params["padding"]);
  const size = (/** @type {string} */ name) => tensors[name]?.shape[index + 1] ?? 1;
  return {
    inputs: size("input"),
    outputs: size("output"),
    taps: pair("kernel_size"),
    stride: pair("stride"),
    before: padding[index]?.[0] ?? 0,
    dilation: pair("dilation"),
  };
}

/** Where an input cell lands through a tap; it may be cut off. @param {Axis} axis @param {number} input @param {number} tap */
const landing = ({ stride, dilation, before }, input, tap) => input * stride + tap * dilation - before;

/** @param {Axis} axis @param {number} place */
const isOutput = ({ outputs }, place) => place >= 0 && place < outputs;

/** Where an input cell lands. @param {Axis} axis @param {number} input */
const landings = (axis, input) =>
  upTo(axis.taps)
    .map((tap) => landing(axis, input, tap))
    .filter((place) => isOutput(axis, place));

/** What lands on an output cell. @param {Axis} axis @param {number} output */
const sources = (axis, output) => upTo(axis.inputs).filter((input) => landings(axis, input).includes(output));

/** The inputs that a tap meets. @param {Axis} axis @param {number} tap */
const met = (axis, tap) => upTo(axis.inputs).filter((input) => isOutput(axis, landing(axis, input, tap)));

/** Where a tap lands. @param {Axis} axis @param {number} tap */
const reached = (axis, tap) => met(axis, tap).map((input) => landing(axis, input, tap));

/** Where an input cell stands once spread out, if it is not cut off; the window of output cell o begins at place o. @param {Axis} axis @param {number} input */
function spread(axis, input) {
  const place = landing(axis, input, axis.taps - 1);
  return place >= 0 && place < axis.outputs + axis.dilation * (axis.taps - 1) ? [place] : [];
}
/** @param {Axis} axis @param {number} output */
const read = ({ taps, dilation }, output) => upTo(taps).map((tap) => output + tap * dilation);
/** @param {Axis} axis @param {number} place */
const readers = (axis, place) => upTo(axis.outputs).filter((output) => read(axis, output).includes(place));
/** @param {Axis} axis @param {number} place */
const own = (axis, place) => upTo(axis.inputs).filter((input) => spread(axis, input).includes(place));

/** @param {TraceLike} trace @returns {Links} */
export function transposedLinks(trace) {
  const [down, across] = [axisOf(trace, 0), axisOf(trace, 1)];
  const gathers = trace.params["mode"] === "gather";
  return (id, row, col) => {
    const both = (/** @type {(axis: Axis, at: number) => number[]} */ found) => cross(found(down, row), found(across, col));
    if (id.startsWith("output")) return { "input-0": both(sources), ...(gathers ? { "spread-0": both(read) } : {}) };
    if (id.startsWith("input"))
      return { "output-0": both(landings), ...(gathers ? { "spread-0": both(spread) } : {}) };
    if (id.startsWith("spread")) return { "input-0": both(own), "output-0": both(readers) };
    if (!gathers) return { "input-0": both(met), "output-0": both(reached) };
    const turned = (/** @type {Axis} */ { taps }, /** @type {number} */ at) => taps - 1 - at;
    return {
      "input-0": both((axis, at) => met(axis, turned(axis, at))),
      "spread-0": both((axis, at) => upTo(axis.outputs).map((output) => output + at * axis.dilation)),
    };
  };
}
