// A convolution of several channels with a name for each: what it brings, and what they add up to.

/** @import { Frame, GridModel, Panel, Step, TraceLike } from "../types" */

import { grouped, plural } from "../format.js";
import { frame, linksIn } from "../frame.js";
import { withMotion } from "../motion.js";

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

/** The words above a grid of a channel. @param {string} before @param {Called} called */
const head = (before, { name, tint }) => ({ caption: name, captionWord: before, tint });

/** @param {TraceLike} trace @param {Step} step @param {boolean} photo whether the channels are those of a photo @returns {Frame} */
export function channelsFrame(trace, step, photo) {
  const { panels, card, ...rest } = frame(trace, step);
  const [input, kernel, partial, output] = /** @type {[Panel, Panel, Panel, Panel]} */ (panels);
  const [filter = 0] = /** @type {number[]} */ (step.output_cell);
  const first = input.grids.findIndex(({ region }) => region); // the filter's group reads from here on
  const call = (/** @type {number} */ index) => called(index, input.grids.length, photo);
  const captioned = (/** @type {Panel} */ panel, /** @type {(index: number) => Partial<GridModel>} */ more) => ({
    ...panel,
    grids: panel.grids.map((model, index) => ({ ...model, ...more(index) })),
  });
  const { parameters = 0, multiplications = 0 } = trace.counts ?? {};
  const several = kernel.grids.length > 1;
  const shown = [
    captioned(input, (index) => head("", call(index))),
    {
      ...captioned(kernel, (index) => ({ ...head("for", call(first + index)), id: `kernel-${index}-${first}` })),
      title: output.grids.length > 1 ? `Kernels of filter ${filter + 1}` : "Kernels",
    },
    captioned(partial, (index) => ({
      ...head("from", call(first + index)),
      id: `partial-${first}-${index}`,
      label: `Partial map, ${call(first + index).name}`,
    })),
    { ...captioned(output, (index) => ({ caption: `map ${index + 1}` })), title: plural(output.grids.length, "feature map"), sign: "Σ" },
  ];
  return withMotion({
    ...rest,
    links: linksIn(trace, shown),
    panels: shown,
    lines: { wide: [["input", "kernel"], ["partial", "output"]], narrow: [["input"], ["kernel"], ["partial"], ["output"]] },
    card: {
      ...card,
      compact: several,
      blocks: card.blocks.map((block, index) => ({
        ...block,
        title: several ? call(first + index).name : "",
        grids: { ...block.grids, right: shown[1]?.grids[index]?.id },
      })),
      where: `${plural(parameters, "parameter")} · ${grouped(multiplications)} multiplications`,
    },
  });
}
