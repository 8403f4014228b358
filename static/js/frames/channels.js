// A step of a convolution of several channels: what each brings, and what they add up to.

/** @import { Frame, GridModel, Panel, Step, TraceLike } from "../types" */

import { grouped, plural } from "../format.js";
import { partialLinks } from "../links.js";
import { channelsOf, flat, grid, strengthOf, tensor } from "./common.js";
import { conv2dFrame } from "./conv2d.js";

/** The channels of a photo; where more are asked for they come again, and one alone is the photo's brightness. */
const COLOURS = /** @type {const} */ (["red", "green", "blue"]);

/** @typedef {{ name: string, tint?: "red" | "green" | "blue" }} Called */

/** What a channel is called, and its colour where it is one. @param {number} channel @param {number} count @param {boolean} photo @returns {Called} */
function called(channel, count, photo) {
  if (!photo) return { name: `channel ${channel + 1}` };
  if (count === 1) return { name: "brightness" };
  const tint = /** @type {"red" | "green" | "blue"} */ (COLOURS[channel % COLOURS.length]);
  return { name: channel < COLOURS.length ? tint : `${tint} again`, tint };
}

/** @param {TraceLike} trace @param {Step} step @param {boolean} photo whether the channels are those of a photo @returns {Frame} */
export function channelsFrame(trace, step, photo) {
  const frame = conv2dFrame(trace, step);
  const [filter = 0] = /** @type {number[]} */ (step.output_cell);
  const [filters = 1, depth = 1] = tensor(trace, "weight").shape;
  const first = Math.floor(filter / (filters / Number(trace.params["groups"]))) * depth;
  const [input, kernel, output] = /** @type {[Panel, Panel, Panel]} */ (frame.panels);
  const call = (/** @type {number} */ index) => called(index, input.grids.length, photo);
  const captioned = (/** @type {Panel} */ panel, /** @type {(index: number) => Partial<GridModel>} */ more) => ({
    ...panel,
    grids: panel.grids.map((model, index) => ({ ...model, ...more(index) })),
  });
  const counts = trace.counts ?? {};
  return {
    ...frame,
    ...(frame.links ? { links: partialLinks(frame.links, filter) } : {}),
    panels: [
      captioned(input, (index) => head("", call(index))),
      {
        ...captioned(kernel, (index) => ({
          ...head("for", call(first + index)),
          id: `kernel-${index}-${first}`,
          edit: { field: "weight", channel: filter * depth + index },
        })),
        title: filters > 1 ? `Kernels of filter ${filter + 1}` : "Kernels",
      },
      partialMaps(trace, step, filter, first, call),
      { ...captioned(output, (index) => ({ caption: `map ${index + 1}` })), title: plural(filters, "feature map") },
    ],
    operators: ["×", "=", "Σ"],
    lines: { wide: [["input", "kernel"], ["partial", "output"]], narrow: [["input"], ["kernel"], ["partial"], ["output"]] },
    card: {
      ...frame.card,
      compact: depth > 1,
      blocks: frame.card.blocks.map((block, index) => ({
        ...block,
        title: depth > 1 ? call(first + index).name : "",
      })),
      where: `${plural(counts["parameters"] ?? 0, "parameter")} · ${grouped(counts["multiplications"] ?? 0)} multiplications`,
    },
  };
}

/** The words above a grid of a channel. @param {string} before @param {Called} called */
const head = (before, { name, tint }) => ({ caption: name, captionWord: before, tint });

/** What each channel brings to the map of this step's filter, as far as the step. @param {TraceLike} trace @param {Step} step @param {number} filter @param {number} first @param {(channel: number) => Called} call @returns {Panel} */
function partialMaps(trace, step, filter, first, call) {
  const partial = tensor(trace, "partial");
  const [, row = 0, col = 0] = /** @type {number[]} */ (step.output_cell);
  const [, , rows = 1, cols = 1] = partial.shape;
  const planes = /** @type {number[][][]} */ (/** @type {unknown} */ (channelsOf(partial)[filter]));
  /** @type {GridModel[]} */
  const grids = planes.map((plane, index) =>
    grid({
      id: `partial-${first}-${index}`,
      label: `Partial map, ${call(first + index).name}`,
      ...head("from", call(first + index)),
      cols,
      values: flat(plane),
      max: strengthOf(partial),
      filled: step.index + 1 - filter * rows * cols,
      marked: [row, col],
    }),
  );
  return { id: "partial", title: "Partial maps", note: `of filter ${filter + 1}`, grids };
}
