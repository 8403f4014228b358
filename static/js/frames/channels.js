// A convolution of several channels with a name for each: what it brings, and what they add up to.

/** @import { Frame, GridModel, Panel, Step, TraceLike } from "../types" */

import { grouped } from "../format.js";
import { frame, linksIn } from "../frame.js";
import { withMotion } from "../motion.js";
import { indicesIn } from "../nested.js";
import { say } from "../words.js";

/** The channels of a photo; where more are asked for they come again, and one alone is the photo's brightness. */
/** @type {{ tint: Tint, name: string, again: string }[]} */
const COLOURS = [
  { tint: "red", name: say("common.red"), again: say("channels.red_again") },
  { tint: "green", name: say("common.green"), again: say("channels.green_again") },
  { tint: "blue", name: say("common.blue"), again: say("channels.blue_again") },
];

/** @typedef {"red" | "green" | "blue"} Tint */
/** @typedef {{ name: string, tint?: Tint }} ChannelName */

/** What a channel is called, and its colour where it is one. @param {number} channel @param {number} count @param {boolean} photo @returns {ChannelName} */
function called(channel, count, photo) {
  if (!photo) return { name: say("channels.channel", { channel: channel + 1 }) };
  if (count === 1) return { name: say("channels.brightness") };
  const { tint, name, again } = COLOURS[channel % COLOURS.length] ?? COLOURS[0];
  return { name: channel < COLOURS.length ? name : again, tint };
}

/** The words above a grid of a channel. @param {string} before @param {ChannelName} called */
const head = (before, { name, tint }) => ({ caption: name, captionWord: before, tint });

/** The ids of grids of a panel. @type {Record<"kernel" | "partial", (index: number, first: number) => string>} */
const IDS = { kernel: (index, first) => `kernel-${index}-${first}`, partial: (index, first) => `partial-${first}-${index}` };

/** @param {TraceLike} trace @param {Step} step @param {boolean} photo whether the channels are those of a photo @returns {Frame} */
export function channelsFrame(trace, step, photo) {
  const { panels, card, ...rest } = frame(trace, step);
  const [input, kernel, partial, output] = panels;
  if (!input || !kernel || !partial || !output) throw new Error("the trace of several channels has no panel for each");
  const [filter = 0] = indicesIn(step["output_cell"]);
  const first = input.grids.findIndex(({ region }) => region); // the filter's group reads from here on
  const call = (/** @type {number} */ index) => called(index, input.grids.length, photo);
  const captioned = (/** @type {Panel} */ panel, /** @type {(index: number) => Partial<GridModel>} */ more) => ({
    ...panel,
    grids: panel.grids.map((model, index) => ({ ...model, ...more(index) })),
  });
  const firsts = input.grids.flatMap((_, at) => (at % kernel.grids.length ? [] : [at])); // of all groups
  const others = (/** @type {keyof typeof IDS} */ panel) => firsts.flatMap((at) => kernel.grids.map((_, index) => IDS[panel](index, at)));
  const { parameters = 0, multiplications = 0 } = trace.counts ?? {};
  const several = kernel.grids.length > 1;
  const shown = [
    captioned(input, (index) => ({ ...head("", call(index)), hue: call(index).tint })),
    {
      ...captioned(kernel, (index) => ({ ...head(say("channels.for"), call(first + index)), id: IDS.kernel(index, first) })),
      others: others("kernel"),
      title: output.grids.length > 1 ? say("channels.kernels_of", { filter: filter + 1 }) : say("common.kernels"),
    },
    {
      ...captioned(partial, (index) => ({
        ...head(say("channels.from"), call(first + index)),
        id: IDS.partial(index, first),
        label: say("channels.partial", { channel: call(first + index).name }),
      })),
      others: others("partial"),
    },
    { ...captioned(output, (index) => ({ caption: say("common.map_index", { index: index + 1 }) })), title: say("channels.feature_maps", { count: output.grids.length }), sign: "Σ" },
  ];
  return withMotion({
    topics: topicsOf(shown),
    ...(several ? { channels: byChannel(shown, kernel.grids.map((_, index) => call(first + index).name), first, filter) } : {}),
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
      where: `${say("common.parameters", { count: parameters })} · ${say("channels.multiplications", { count: grouped(multiplications) })}`,
    },
  });
}

/** A channel at a time, with its kernel, what it brings, and the map that all of them add up to. @param {Panel[]} panels @param {string[]} names of the channels that the filter reads @param {number} first of them among those of the input @param {number} filter @returns {Frame["channels"]} */
function byChannel(panels, names, first, filter) {
  return names.map((name, index) => ({
    name,
    panels: panels.map(({ id }) => id),
    grids: {
      input: { index: first + index, title: say("common.input"), note: name },
      kernel: { index, title: say("common.kernel") },
      partial: { index, title: say("channels.partial_map") },
      output: { index: filter, title: say("common.map_index", { index: filter + 1 }) },
    },
  }));
}

/** What is seen at a time where there is no room for all: where the numbers come from and go to, or what each channel brings. @param {Panel[]} panels @returns {Frame["topics"]} */
function topicsOf(panels) {
  const of = (/** @type {string[]} */ ...roles) => panels.flatMap(({ id, role }) => (roles.includes(role) ? [id] : []));
  const title = panels.find(({ role }) => role === "partial")?.title ?? "";
  return [
    { name: say("channels.in_and_out"), panels: of("input", "kernel", "output"), signs: { output: "=" } },
    { name: title, panels: of("partial", "output") },
  ];
}
