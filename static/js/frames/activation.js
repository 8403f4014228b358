// A step of an activation: one value of the map, its place on the curve, and what it becomes.

/** @import { Frame, Step, TraceLike } from "../types" */

import { number } from "../format.js";
import { sameCell } from "../links.js";
import { channelsOf, flat, grid, numbered, outputGrids, strengthOf, tensor } from "./common.js";

/** @type {Record<string, string>} */
const FORMULAE = {
  relu: "the larger of 0 and x",
  leaky_relu: "x, or a small share of it below 0",
  sigmoid: "1 ÷ (1 + e⁻ˣ)",
  tanh: "(eˣ − e⁻ˣ) ÷ (eˣ + e⁻ˣ)",
};

/** @param {TraceLike} trace @param {Step} step @returns {Frame} */
export function activationFrame(trace, step) {
  const input = tensor(trace, "input");
  const planes = channelsOf(input);
  const [, rows = 1, cols = 1] = input.shape;
  const [channel = 0, row = 0, col = 0] = /** @type {number[]} */ (step.output_cell);
  const here = { row, col, height: 1, width: 1, rowStep: 1, colStep: 1 };
  const value = /** @type {number} */ (step.window);
  const size = `${rows} × ${cols}`;
  const [xs = [], ys = []] = /** @type {number[][]} */ (tensor(trace, "curve").values);
  return {
    panels: [
      {
        id: "input",
        title: "Before",
        note: size,
        grids: planes.map((plane, index) =>
          grid({
            id: `input-${index}`,
            label: numbered("Before", index, planes.length),
            cols,
            values: flat(plane),
            max: strengthOf(input),
            region: index === channel ? here : null,
            firstStep: index * rows * cols,
            edit: { field: "input", channel: index },
          }),
        ),
      },
      { id: "output", title: "After", note: `${size}, as large as before`, grids: outputGrids(trace, step) },
    ],
    operators: ["→"],
    links: sameCell("input", "output"),
    figure: { kind: "curve", xs, ys, at: [value, /** @type {number} */ (step.output)] },
    card: {
      joiner: ",",
      max: null,
      blocks: [],
      lines: [
        { label: "x", value: number(value) },
        { label: trace.op.replace("_", " "), value: FORMULAE[trace.op] ?? "" },
      ],
      result: step.output,
      resultNote: "becomes",
      where: `row ${row + 1}, column ${col + 1}`,
    },
    sentence: step.description,
  };
}
