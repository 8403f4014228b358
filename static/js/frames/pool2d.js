// A step of max or average pooling: the window, which value won or what is divided, the output as far as it goes.

/** @import { Block, Frame, Step, TraceLike } from "../types" */

import { number } from "../format.js";
import { windowLinks } from "../links.js";
import { channelsOf, inputGrids, inputSize, outputGrids, paddingNote, strengthOf, tensor, whereTo } from "./common.js";

/** @param {TraceLike} trace @param {Step} step @returns {Frame} */
export function pool2dFrame(trace, step) {
  const { height, width } = /** @type {import("../types").Geometry} */ (trace.geometry);
  const cell = /** @type {number[]} */ (step.output_cell);
  const output = tensor(trace, "output").shape;
  const inputs = inputGrids(trace, step, [cell[0] ?? 0]);
  const [top = 0, left = 0] = step.position ?? [];
  if (step.selected) {
    const [row, col] = step.selected;
    const grid = inputs[cell[0] ?? 0];
    if (grid) grid.marked = [top + row * height.dilation, left + col * width.dilation];
  }
  const average = step.divisor !== undefined;
  return {
    panels: [
      { id: "input", title: "Input", note: inputSize({ height, width }) + paddingNote(height, width), grids: inputs },
      { id: "output", title: "Output", note: `${output[1]} × ${output[2]}`, grids: outputGrids(trace, step) },
    ],
    operators: ["→"],
    links: windowLinks(trace, 0),
    card: {
      joiner: average ? "+" : ",",
      max: strengthOf(tensor(trace, "input")),
      blocks: [block(step, average)],
      lines: average
        ? [
            { label: "sum", value: number(step.channel_sums?.[0]) },
            { label: "divided by", value: String(step.divisor) },
          ]
        : [],
      result: step.output,
      resultNote: average ? "average" : "largest",
      where: whereTo(cell, channelsOf(tensor(trace, "output")).length),
    },
    sentence: step.description,
  };
}

/** @param {Step} step @param {boolean} average @returns {Block} */
function block(step, average) {
  const window = /** @type {(number | null)[][]} */ (step.window);
  const inside = /** @type {boolean[][]} */ (step["inside"]);
  const rows = window.map((row, i) => ({
    terms: row.map((value, j) => ({
      left: null,
      right: null,
      value,
      padding: !inside[i]?.[j],
      chosen: step.selected?.[0] === i && step.selected[1] === j,
    })),
    sum: average ? (step.row_sums?.[0]?.[i] ?? null) : null,
  }));
  return { title: "", rows, sum: null };
}
