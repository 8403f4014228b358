// What one change does: an operation as it was and with the change, on one clock, and the difference of their outputs.

/** @import { Card, Frame, Panel, Step, TraceLike } from "../types" */

import { number } from "../format.js";
import { prefixed } from "../links.js";
import { channelsOf, grid, numbered, strengthOf } from "./common.js";

const AFTER = "b-"; // what the names of the changed one's panels and grids begin with

/**
 * @param {TraceLike} pair @param {Step} step a PairTimeline and a step of it
 * @param {(trace: TraceLike, step: Step) => Frame} frameOf the frame of one of the two
 * @param {Record<string, string>} titles of the changed one's panels; those without a title are the same as before
 * @returns {Frame}
 */
export function againstFrame(pair, step, frameOf, titles) {
  const { one, two, names } = /** @type {import("../timeline.js").PairTimeline} */ (pair);
  const steps = /** @type {[Step, Step]} */ ([step["one"], step["two"]]);
  const [before, after] = [frameOf(one, steps[0]), frameOf(two, steps[1])];
  const changed = after.panels.filter(({ id }) => titles[id]).map((panel) => renamed(panel, titles[panel.id] ?? ""));
  const difference = differencePanel(pair, step);
  const panels = [...before.panels, ...changed, difference].map((panel) =>
    panel.id === "output" ? { ...panel, title: names[0] } : panel.id === `${AFTER}output` ? { ...panel, title: names[1] } : panel,
  );
  return {
    panels,
    operators: [
      ...before.operators,
      "│",
      ...changed.slice(1).map(({ id }) => (id.endsWith("output") ? (titles["kernel"] ? "=" : "→") : "×")),
      "",
    ],
    links: (id, row, col) => {
      if (id.startsWith("difference")) {
        const output = id.replace("difference", "output");
        return { [output]: [[row, col]], [AFTER + output]: [[row, col]] };
      }
      const frame = id.startsWith(AFTER) ? after : before;
      const own = frame.links ?? (() => ({}));
      const found = id.startsWith(AFTER) ? prefixed(own, AFTER)(id, row, col) : own(id, row, col);
      const input = titles["input"] ? {} : unprefixed(found); // one input for both
      const output = /output-\d+$/.exec(id)?.[0];
      return { ...found, ...input, ...(output ? { [output.replace("output", "difference")]: [[row, col]] } : {}) };
    },
    lines: {
      wide: [before.panels.map(({ id }) => id), [...changed.map(({ id }) => id), difference.id]],
    },
    card: card(steps, [before, after], names),
    sentence: [
      `${names[0]}: ${before.sentence}`,
      `${names[1]}: ${withoutPlace(before.sentence, after.sentence)}`,
      ...(step.index === pair.total - 1 ? [pair.comparison?.description] : []),
    ].join(" "),
  };
}

/** The sentences of the changed one; where the window is was said already. @param {string} before @param {string} after */
function withoutPlace(before, after) {
  const place = `${before.split(". ")[0]}. `;
  return after.startsWith(place) ? after.slice(place.length) : after;
}

/** @param {Record<string, import("../types").Pair[]>} links */
const unprefixed = (links) =>
  Object.fromEntries(
    Object.entries(links)
      .filter(([id]) => id.startsWith(`${AFTER}input`))
      .map(([id, cells]) => [id.slice(AFTER.length), cells]),
  );

/** A panel of the changed one: it is looked at, and changed where it comes from. @param {Panel} panel @param {string} title @returns {Panel} */
const renamed = (panel, title) => ({
  ...panel,
  id: AFTER + panel.id,
  title,
  grids: panel.grids.map((model) => ({
    ...model,
    id: AFTER + model.id,
    label: `${title}${model.label.replace(/^[^,]*/, "")}`,
    edit: null,
    firstStep: null,
  })),
});

/** The changed output minus the one before, as the engine has it, as far as the step. @param {TraceLike} pair @param {Step} step @returns {Panel} */
function differencePanel(pair, step) {
  const { difference, changed, total } = /** @type {import("../types").Comparison} */ (pair.comparison);
  const planes = channelsOf(difference);
  const [, rows = 1, cols = 1] = difference.shape;
  return {
    id: "difference",
    title: "Difference",
    note: `${changed} of ${total} changed`,
    grids: planes.map((plane, channel) =>
      grid({
        id: `difference-${channel}`,
        label: numbered("Difference", channel, planes.length),
        cols,
        values: plane.flat(),
        max: strengthOf(difference),
        filled: step.index + 1 - channel * rows * cols,
      }),
    ),
  };
}

/** @param {[Step, Step]} steps @param {[Frame, Frame]} frames @param {[string, string]} names @returns {Card} */
function card(steps, frames, names) {
  const blocks = frames.flatMap((frame, index) =>
    frame.card.blocks.map((block) => ({
      ...block,
      title: `${names[index]}${block.title ? `, ${block.title}` : ""}`,
      sum: steps[index]?.output ?? null,
      sumLabel: frame.card.resultNote.split(",")[0] ?? "",
    })),
  );
  return {
    joiner: frames[0].card.joiner,
    max: frames[0].card.max,
    blocks,
    lines: [],
    result: null,
    resultNote: "",
    where: "",
    table: {
      head: ["", "output"],
      rows: [
        [names[0], number(steps[0].output)],
        [names[1], number(steps[1].output)],
      ],
    },
  };
}
