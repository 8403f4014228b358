// A step of a convolution: the window on the input, the kernel, the products, the output as far as it goes.

/** @import { Block, Frame, Step, TraceLike } from "../types" */

import { number } from "../format.js";
import {
  channelsOf,
  flat,
  grid,
  inputGrids,
  inputSize,
  numbered,
  outputGrids,
  paddingNote,
  strengthOf,
  tensor,
  whereTo,
} from "./common.js";

import { windowLinks } from "../links.js";

/** @typedef {(number | null)[][][]} Volume */

/** @param {TraceLike} trace @param {Step} step @returns {Frame} */
export function conv2dFrame(trace, step) {
  const { height, width } = /** @type {import("../types").Geometry} */ (trace.geometry);
  const weight = tensor(trace, "weight");
  const [filter = 0] = /** @type {number[]} */ (step.output_cell);
  const [filters = 1, depth = 1] = weight.shape;
  const first = Math.floor(filter / (filters / Number(trace.params["groups"]))) * depth;
  const output = tensor(trace, "output").shape;
  return {
    panels: [
      {
        id: "input",
        title: "Input",
        note: inputSize({ height, width }) + paddingNote(height, width),
        grids: inputGrids(
          trace,
          step,
          Array.from({ length: depth }, (_, channel) => first + channel),
        ),
      },
      {
        id: "kernel",
        title: "Kernel",
        note: `${height.kernel_size} × ${width.kernel_size}${height.dilation > 1 || width.dilation > 1 ? ", spread" : ""}`,
        grids:
          /** @type {Volume[]} */ (weight.values)[filter]?.map((plane, channel) =>
            grid({
              id: `kernel-${channel}`,
              label: numbered("Kernel", channel, depth),
              cols: width.kernel_size,
              values: flat(plane),
              max: strengthOf(weight),
              edit: { field: "kernel", channel },
            }),
          ) ?? [],
      },
      { id: "output", title: "Output", note: `${output[1]} × ${output[2]}`, grids: outputGrids(trace, step) },
    ],
    operators: ["×", "="],
    links: windowLinks(trace, filter),
    card: card(trace, step, filter, depth),
    sentence: step.description,
  };
}

/** @param {TraceLike} trace @param {Step} step @param {number} filter @param {number} depth */
function card(trace, step, filter, depth) {
  const bias = trace.tensors["bias"];
  const weights = /** @type {Volume} */ (/** @type {unknown[]} */ (tensor(trace, "weight").values)[filter]);
  return {
    joiner: "+",
    max: null,
    blocks: weights.map((plane, channel) => block(trace, step, plane, channel, depth)),
    lines: bias ? [{ label: "bias", value: number(step.bias) }] : [],
    result: step.output,
    resultNote: bias ? "sum and bias" : "sum, no bias",
    where: whereTo(/** @type {number[]} */ (step.output_cell), channelsOf(tensor(trace, "output")).length),
  };
}

/** @param {TraceLike} trace @param {Step} step @param {(number | null)[][]} weights @param {number} channel @param {number} depth @returns {Block} */
function block(trace, step, weights, channel, depth) {
  const { height, width } = /** @type {import("../types").Geometry} */ (trace.geometry);
  const window = /** @type {Volume} */ (step.window)[channel];
  const products = /** @type {Volume} */ (step.products)[channel];
  const [top = 0, left = 0] = step.position ?? [];
  const isPadding = (/** @type {number} */ i, /** @type {number} */ j) =>
    outside(top + i * height.dilation, height) || outside(left + j * width.dilation, width);
  const rows = weights.map((row, i) => ({
    terms: row.map((right, j) => ({
      left: window?.[i]?.[j] ?? null,
      right,
      value: products?.[i]?.[j] ?? null,
      padding: isPadding(i, j),
      chosen: false,
    })),
    sum: step.row_sums?.[channel]?.[i] ?? null,
  }));
  const several = depth > 1;
  return {
    title: several ? `channel ${channel + 1}` : "",
    rows,
    sum: several ? (step.channel_sums?.[channel] ?? null) : null,
  };
}

/** @param {number} place in the padded input @param {import("../types").AxisGeometry} axis */
const outside = (place, { padding, input_size }) => place < padding[0] || place >= padding[0] + input_size;
