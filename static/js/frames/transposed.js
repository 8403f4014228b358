// A step of a transposed convolution: what an input cell scatters, or what an output cell gathers.

/** @import { Block, Frame, GridModel, Panel, Step, TraceLike } from "../types" */

import { number } from "../format.js";
import { transposedLinks } from "../links-transposed.js";
import { channelsOf, flat, grid, outputGrids, strengthOf, tensor, whereTo } from "./common.js";

/** @typedef {(number | null)[][]} Plane */

/** @param {TraceLike} trace @param {Step} step @returns {Frame} */
export const transposedFrame = (trace, step) =>
  trace.params["mode"] === "scatter" ? scatterFrame(trace, step) : gatherFrame(trace, step);

/** @param {TraceLike} trace @param {Partial<GridModel>} more @returns {Panel} */
function inputPanel(trace, more) {
  const input = tensor(trace, "input");
  const plane = channelsOf(input)[0] ?? [];
  return {
    id: "input",
    title: "Input",
    note: `${plane.length} × ${plane[0]?.length}`,
    grids: [
      grid({
        id: "input-0",
        label: "Input",
        cols: plane[0]?.length ?? 1,
        values: flat(plane),
        max: strengthOf(input),
        edit: { field: "input", channel: 0 },
        ...more,
      }),
    ],
  };
}

/** @param {TraceLike} trace @param {string} name @param {string} title @param {boolean} editable @returns {Panel} */
function kernelPanel(trace, name, title, editable) {
  const weight = tensor(trace, name);
  const plane = /** @type {Plane[][]} */ (weight.values)[0]?.[0] ?? [];
  return {
    id: "kernel",
    title,
    note: `${plane.length} × ${plane[0]?.length}`,
    grids: [
      grid({
        id: "kernel-0",
        label: title,
        cols: plane[0]?.length ?? 1,
        values: flat(plane),
        max: strengthOf(weight),
        edit: editable ? { field: "kernel", channel: 0 } : null,
      }),
    ],
  };
}

/** The products of a window with a kernel. @param {Plane} lefts @param {Plane} rights @param {Plane} products @param {boolean[][]} inside @returns {Block} */
const block = (lefts, rights, products, inside) => ({
  title: "",
  rows: rights.map((row, i) => ({
    terms: row.map((right, j) => ({
      left: lefts[i]?.[j] ?? null,
      right,
      value: products[i]?.[j] ?? null,
      padding: !inside[i]?.[j],
      chosen: false,
    })),
    sum: null,
  })),
  sum: null,
});

/** @param {TraceLike} trace @param {Step} step @returns {Frame} */
function scatterFrame(trace, step) {
  const [, row = 0, col = 0] = /** @type {number[]} */ (step["input_cell"]);
  const [top = 0, left = 0] = /** @type {number[]} */ (step.position);
  const dilation = /** @type {number[]} */ (trace.params["dilation"]);
  const weights = /** @type {Plane[][]} */ (tensor(trace, "weight").values)[0]?.[0] ?? [];
  const value = /** @type {number} */ (step.window);
  const soFar = /** @type {Plane[]} */ (/** @type {unknown} */ (step.output))[0] ?? [];
  const last = step.index === trace.total - 1;
  const output = tensor(trace, "output");
  const plane = last ? (channelsOf(output)[0] ?? []) : soFar;
  const here = { row, col, height: 1, width: 1, rowStep: 1, colStep: 1 };
  return {
    panels: [
      inputPanel(trace, { region: here, firstStep: 0 }),
      kernelPanel(trace, "weight", "Kernel", true),
      {
        id: "output",
        title: "Output so far",
        note: `${plane.length} × ${plane[0]?.length}${trace.tensors["bias"] ? (last ? ", with the bias" : ", the bias comes last") : ""}`,
        grids: [
          grid({
            id: "output-0",
            label: "Output so far",
            cols: plane[0]?.length ?? 1,
            values: flat(plane),
            max: strengthOf(output),
            region: {
              row: top,
              col: left,
              height: weights.length,
              width: weights[0]?.length ?? 1,
              rowStep: dilation[0] ?? 1,
              colStep: dilation[1] ?? 1,
            },
          }),
        ],
      },
    ],
    operators: ["×", "→"],
    links: transposedLinks(trace),
    card: {
      joiner: ",",
      max: null,
      blocks: [
        block(
          weights.map((line) => line.map(() => value)),
          weights,
          /** @type {Plane[]} */ (step.products)[0] ?? [],
          /** @type {boolean[][]} */ (step["inside"]),
        ),
      ],
      lines: [],
      result: value,
      resultNote: "times every weight",
      where: `input (row ${row + 1}, column ${col + 1})`,
    },
    sentence: step.description,
  };
}

/** @param {TraceLike} trace @param {Step} step @returns {Frame} */
function gatherFrame(trace, step) {
  const { height, width } = /** @type {import("../types").Geometry} */ (trace.geometry);
  const [row = 0, col = 0] = /** @type {number[]} */ (step.position);
  const spread = tensor(trace, "padded_input");
  const plane = channelsOf(spread)[0] ?? [];
  const own = /** @type {number[][]} */ (tensor(trace, "is_input").values);
  const weights = /** @type {Plane[][]} */ (tensor(trace, "flipped_weight").values)[0]?.[0] ?? [];
  const bias = trace.tensors["bias"];
  return {
    panels: [
      inputPanel(trace, {}),
      {
        id: "spread",
        title: "Spread out",
        note: "by the stride",
        grids: [
          grid({
            id: "spread-0",
            label: "The input, spread out by the stride",
            cols: plane[0]?.length ?? 1,
            values: flat(plane),
            gaps: own.flat().map((mine) => !mine),
            max: strengthOf(spread),
            region: {
              row,
              col,
              height: height.kernel_size,
              width: width.kernel_size,
              rowStep: height.dilation,
              colStep: width.dilation,
            },
          }),
        ],
      },
      kernelPanel(trace, "flipped_weight", "Kernel, turned", false),
      {
        id: "output",
        title: "Output",
        note: `${height.output_size} × ${width.output_size}`,
        grids: outputGrids(trace, step),
      },
    ],
    operators: ["→", "×", "="],
    links: transposedLinks(trace),
    card: {
      joiner: "+",
      max: null,
      blocks: [
        block(
          /** @type {Plane[]} */ (step.window)[0] ?? [],
          weights,
          /** @type {Plane[]} */ (step.products)[0] ?? [],
          /** @type {boolean[][]} */ (step["inside"]),
        ),
      ],
      lines: bias ? [{ label: "bias", value: number(step.bias) }] : [],
      result: step.output,
      resultNote: bias ? "sum and bias" : "sum, no bias",
      where: whereTo(/** @type {number[]} */ (step.output_cell), 1),
    },
    sentence: step.description,
  };
}
