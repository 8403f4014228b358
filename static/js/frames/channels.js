// A step of a convolution of several channels: what each brings, and what they add up to.

/** @import { Frame, GridModel, Panel, Step, TraceLike } from "../types" */

import { plural } from "../format.js";
import { channelsOf, flat, grid, strengthOf, tensor } from "./common.js";
import { conv2dFrame } from "./conv2d.js";

const COLOURS = ["red", "green", "blue"];

/** What a channel is called. @param {number} channel @param {boolean} photo */
const called = (channel, photo) => (photo ? /** @type {string} */ (COLOURS[channel % 3]) : `channel ${channel + 1}`);

/** @param {TraceLike} trace @param {Step} step @param {boolean} photo whether the channels are those of a photo @returns {Frame} */
export function channelsFrame(trace, step, photo) {
  const frame = conv2dFrame(trace, step);
  const [filter = 0] = /** @type {number[]} */ (step.output_cell);
  const [filters = 1, depth = 1] = tensor(trace, "weight").shape;
  const first = Math.floor(filter / (filters / Number(trace.params["groups"]))) * depth;
  const [input, kernel, output] = /** @type {[Panel, Panel, Panel]} */ (frame.panels);
  const named = (/** @type {Panel} */ panel, /** @type {(index: number) => string} */ name) => ({
    ...panel,
    grids: panel.grids.map((model, index) => ({ ...model, caption: name(index) })),
  });
  const counts = trace.counts ?? {};
  return {
    ...frame,
    panels: [
      named(input, (index) => called(index, photo)),
      {
        ...named(kernel, (index) => `for ${called(first + index, photo)}`),
        id: "kernel",
        title: filters > 1 ? `Kernels of filter ${filter + 1}` : "Kernels",
        grids: kernel.grids.map((model, index) => ({
          ...model,
          id: `${model.id}-${first}`,
          caption: `for ${called(first + index, photo)}`,
          edit: { field: "weight", channel: filter * depth + index },
        })),
      },
      partialMaps(trace, step, filter, first, photo),
      { ...named(output, (index) => `map ${index + 1}`), title: plural(filters, "feature map") },
    ],
    operators: ["×", "=", "Σ"],
    breaks: ["partial"],
    card: {
      ...frame.card,
      compact: depth > 1,
      blocks: frame.card.blocks.map((block, index) => ({
        ...block,
        title: depth > 1 ? called(first + index, photo) : "",
      })),
      where: `${plural(counts["parameters"] ?? 0, "parameter")} · ${(counts["multiplications"] ?? 0).toLocaleString("en")} multiplications`,
    },
  };
}

/** What each channel brings to the map of this step's filter, as far as the step. @param {TraceLike} trace @param {Step} step @param {number} filter @param {number} first @param {boolean} photo @returns {Panel} */
function partialMaps(trace, step, filter, first, photo) {
  const partial = tensor(trace, "partial");
  const [, row = 0, col = 0] = /** @type {number[]} */ (step.output_cell);
  const [, , rows = 1, cols = 1] = partial.shape;
  const planes = /** @type {number[][][]} */ (/** @type {unknown} */ (channelsOf(partial)[filter]));
  /** @type {GridModel[]} */
  const grids = planes.map((plane, index) =>
    grid({
      id: `partial-${first}-${index}`,
      label: `Partial map, ${called(first + index, photo)}`,
      caption: `from ${called(first + index, photo)}`,
      cols,
      values: flat(plane),
      max: strengthOf(partial),
      filled: step.index + 1 - filter * rows * cols,
      marked: [row, col],
    }),
  );
  return { id: "partial", title: "Partial maps", note: `of filter ${filter + 1}`, grids };
}
