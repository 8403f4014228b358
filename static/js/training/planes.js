// What a layer shows: its maps, and what makes each of them. A vector is so many maps of one value.

/** @import { Tensor } from "../types" */
/** @import { Checked } from "./editor.js" */
/** @import { Plane } from "../draw/pictures.js" */
/** @import { Views } from "./run.js" */

import { strongest } from "../draw/scale.js";
import { mapsOf, valuesIn, within } from "../nested.js";
import { say } from "../words.js";
import { lines, strengthIn } from "../draw/pictures.js";
import { layerNamed } from "./choices.js";

/** @typedef {Views["snapshot"]} Snapshot */
/** @typedef {Snapshot["layers"][number]} LayerNow */

export const MOST = 32; // maps that are shown of one layer
const FAINT = 0.1; // of the strongest

/** @param {Tensor} tensor @returns {Plane[]} */
export function tensorPlanes(tensor) {
  if (tensor.shape.length === 1) return valuesIn(tensor.values).map((value) => [[value]]);
  return mapsOf(tensor.values);
}

/** Whether one of the maps that are shown of a layer looks empty beside the strongest: whether it is, only a scale of its own shows. @param {Pick<LayerNow, "output">} layer */
export function looksEmpty({ output }) {
  const most = strengthIn(output);
  if (output.shape.length === 1 || most === 0) return false;
  return tensorPlanes(output).slice(0, MOST).some((plane) => strongest(plane.flat()) / most < FAINT);
}

/** What a layer multiplies with for one of its maps. @param {string} layer @param {number} index */
export const weightName = (layer, index) =>
  layer === "conv2d" ? say("common.filter", { number: index + 1 }) : say("training.weights", { number: index + 1 });

/** Which of the weights to show: themselves, their gradients after the backward pass, their change after the update. @param {LayerNow} layer @returns {{ tensor: Tensor | null, what: "" | "gradient" | "change" }} */
export function weightNow(layer) {
  if (layer.weight_change) return { tensor: layer.weight_change, what: "change" };
  if (layer.weight_gradient) return { tensor: layer.weight_gradient, what: "gradient" };
  return { tensor: layer.weight, what: "" };
}

/** What belongs to one dense output, as the maps that it came from before they were flattened. @template T @param {T[]} line @param {number[] | undefined} flattened their shape @returns {T[][][]} */
function asMaps(line, flattened) {
  const [channels = 1, rows = 1, cols = line.length] = flattened ?? [];
  if (channels * rows * cols !== line.length) return [lines(line, Math.ceil(Math.sqrt(line.length)))];
  return Array.from({ length: channels }, (_, channel) => lines(line.slice(channel * rows * cols, (channel + 1) * rows * cols), cols));
}

/** The kernels of one output: of a filter one for each channel. @param {Tensor} weight @param {number} index @param {number[] | undefined} flattened @returns {Plane[]} */
export function kernelsOf(weight, index, flattened) {
  const own = within(weight.values, [index]);
  return weight.shape.length === 4 ? mapsOf(own) : asMaps(valuesIn(own), flattened);
}

/** Where each cell of those is in the parameter. @param {Tensor} weight @param {number} index @param {number[] | undefined} flattened @returns {number[][][][]} */
export function indicesOf(weight, index, flattened) {
  const [, channels = 1, rows = 1, cols = 1] = weight.shape;
  const count = (/** @type {number} */ length) => Array.from({ length }, (_, at) => at);
  if (weight.shape.length !== 4) return asMaps(count(channels).map((at) => [index, at]), flattened);
  return count(channels).map((channel) => count(rows).map((row) => count(cols).map((col) => [index, channel, row, col])));
}

/** The shape that a dense layer's input had as maps, if it was flattened just before. @param {Checked[]} layers @param {number} index */
export function flattenedShape(layers, index) {
  for (let at = index - 1; at >= 0; at -= 1) {
    const layer = layers[at];
    if (!layer || !layerNamed(layer.layer)?.keeps) return undefined;
    if (layer.input_shape.length > layer.output_shape.length) return layer.input_shape;
  }
  return undefined;
}
