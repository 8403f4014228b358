// A step of flattening: one value on its way from its place in the map to its place in the vector.

/** @import { Frame, Step, TraceLike } from "../types" */

import { number, plural } from "../format.js";
import { flattenLinks } from "../links.js";
import { channelsOf, flat, grid, numbered, strengthOf, tensor } from "./common.js";

/** @param {TraceLike} trace @param {Step} step @returns {Frame} */
export function flattenFrame(trace, step) {
  const input = tensor(trace, "input");
  const planes = channelsOf(input);
  const [channel = 0, row = 0, col = 0] = step.position ?? [];
  const place = /** @type {number} */ (step.output_cell);
  const [count = 1, rows = 1, cols = 1] = input.shape;
  const here = { row: 0, col: place, height: 1, width: 1, rowStep: 1, colStep: 1 };
  return {
    panels: [
      {
        id: "input",
        title: "Input",
        note: `${plural(count, "channel")} of ${rows} × ${cols}`,
        grids: planes.map((plane, index) =>
          grid({
            id: `input-${index}`,
            label: numbered("Input", index, planes.length),
            cols: plane[0]?.length ?? 0,
            values: flat(plane),
            max: strengthOf(input),
            region: index === channel ? { ...here, row, col } : null,
            firstStep: index * rows * cols,
            edit: { field: "input", channel: index },
          }),
        ),
      },
      {
        id: "output",
        title: "Vector",
        note: `${trace.total} values in one line`,
        grids: [
          grid({
            id: "output-0",
            label: "Vector",
            cols: trace.total,
            values: /** @type {(number | null)[]} */ (tensor(trace, "output").values),
            max: strengthOf(input),
            filled: step.index + 1,
            marked: [0, place],
            firstStep: 0,
            wrap: true,
          }),
        ],
      },
    ],
    operators: ["→"],
    links: flattenLinks(trace),
    card: {
      joiner: ",",
      max: null,
      blocks: [],
      lines: [
        { label: "channel, row, column, counted from 0:", value: `(${channel}, ${row}, ${col})` },
        { label: "index:", value: `(${channel} × ${rows} + ${row}) × ${cols} + ${col} = ${place}` },
      ],
      result: step.output,
      resultNote: `carried over as it is: ${number(step.output)}`,
      where: `vector, place ${place + 1} (counted from 0: ${place})`,
    },
    sentence: step.description,
  };
}
