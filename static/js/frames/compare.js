// Two convolutions side by side on one clock: the frame of each, and what they cost beside each other.

/** @import { AxisGeometry, Card, Frame, GridModel, Panel, Step, TraceLike } from "../types" */

import { grouped, plural } from "../format.js";
import { prefixed, visitLinks } from "../links.js";
import { channelsOf, flat, grid, strengthOf, tensor } from "./common.js";
import { conv2dFrame } from "./conv2d.js";

const OTHER = "b-"; // what the names of the second one's panels and grids begin with

/** @typedef {{ trace: TraceLike, step: Step, name: string }} Side */

/**
 * @param {TraceLike} pair @param {Step} step a PairTimeline and a step of it
 * @param {{ visits?: boolean }} [shown] whether to show how often each cell is read
 * @returns {Frame}
 */
export function compareFrame(pair, step, shown = {}) {
  const { one, two, names } = /** @type {import("../timeline.js").PairTimeline} */ (pair);
  /** @type {Side[]} */
  const sides = [
    { trace: one, step: /** @type {Step} */ (step["one"]), name: names[0] },
    { trace: two, step: /** @type {Step} */ (step["two"]), name: names[1] },
  ];
  const frames = sides.map(({ trace, step }) => conv2dFrame(trace, step));
  const panels = frames.flatMap((frame, index) =>
    panelsOf(frame, /** @type {Side} */ (sides[index]), index ? OTHER : "", shown),
  );
  return {
    panels,
    operators: panels
      .map(({ id }) => (id.endsWith("kernel") ? "×" : id.endsWith("output") ? (id.startsWith(OTHER) ? "→" : "=") : ""))
      .slice(1),
    links: (id, row, col) => {
      const prefix = id.startsWith(OTHER) ? OTHER : "";
      const kernel = id.startsWith("kernel") ? OTHER : ""; // the kernel is shared: it meets both inputs
      const [ours, theirs] = frames.map(({ links = () => ({}) }, index) =>
        shown.visits ? visitLinks(links, sides[index]?.trace ?? one) : links,
      );
      const linked = prefix ? theirs && prefixed(theirs, prefix)(id, row, col) : ours?.(id, row, col);
      return { ...linked, ...(kernel && theirs ? prefixed(theirs, kernel)(kernel + id, row, col) : {}) };
    },
    lines: linesOf(panels.map(({ id }) => id)),
    card: card(sides, frames),
    sentence: sides
      .map((side) => `${side.name}${step.index >= side.trace.total ? " is done." : ":"} ${side.step.description}`)
      .join(" "),
  };
}

/** One setting a line; on a phone beside each other, as neither has the room for a line. @param {string[]} ids */
function linesOf(ids) {
  const second = ids.filter((id) => id.startsWith(OTHER));
  const first = ids.filter((id) => !id.startsWith(OTHER));
  const pair = (/** @type {string} */ id, /** @type {string[]} */ ...between) => [id, ...between, `${OTHER}${id}`].filter((one) => ids.includes(one));
  return { wide: [first, second], narrow: [pair("input"), pair("output", "kernel"), pair("visits")].filter((line) => line.length) };
}

/** @param {Frame} frame @param {Side} side @param {string} prefix @param {{ visits?: boolean }} shown @returns {Panel[]} */
function panelsOf(frame, { trace, step, name }, prefix, shown) {
  const shared = frame.panels.filter((panel) => !prefix || panel.id !== "kernel"); // one kernel for both
  const kept = shared.map((panel) => ({
    ...panel,
    id: prefix + panel.id,
    title: panel.id === "input" ? name : panel.title,
    note: panel.id === "input" ? unreadNote(trace) : panel.note,
    grids: panel.grids.map((model) => ({
      ...model,
      id: prefix + model.id,
      label: `${name}: ${model.label}`,
      ...(panel.id === "input" ? { unread: unread(trace), arrows: arrows(trace, step) } : {}),
      firstStep: panel.id === "output" && !prefix ? model.firstStep : null,
    })),
  }));
  return shown.visits ? [...kept, visits(trace, name, prefix)] : kept;
}

/** @param {TraceLike} trace */
const axes = (trace) => /** @type {import("../types").Geometry} */ (trace.geometry);

/** Rows and columns at the end that no window reaches, because the output size is rounded down. @param {TraceLike} trace */
const unread = (trace) => ({ rows: axes(trace).height.unread, cols: axes(trace).width.unread });

/** @param {TraceLike} trace */
function unreadNote(trace) {
  const { rows, cols } = unread(trace);
  const left = [...(rows ? [several(rows, "row")] : []), ...(cols ? [several(cols, "column")] : [])];
  const { height, width } = axes(trace);
  const odd = [...oddSide(height, "above", "below"), ...oddSide(width, "left", "right")].join(", ");
  if (left.length) return `last ${left.join(" and ")} never read`;
  return odd ? `more padding ${odd}` : "";
}

/** @param {number} count @param {string} one */
const several = (count, one) => (count === 1 ? one : plural(count, one));

/** @param {AxisGeometry} axis @param {string} before @param {string} after */
const oddSide = ({ padding: [first, last] }, before, after) => (first === last ? [] : [first > last ? before : after]);

/** From where each padded value under the window was copied. @param {TraceLike} trace @param {Step} step @returns {GridModel["arrows"]} */
function arrows(trace, step) {
  const rows = /** @type {number[]} */ (trace.tensors["source_rows"]?.values ?? []);
  const cols = /** @type {number[]} */ (trace.tensors["source_cols"]?.values ?? []);
  const { height, width } = axes(trace);
  const [top = 0, left = 0] = step.position ?? [];
  const found = [];
  for (let i = 0; i < height.kernel_size; i += 1)
    for (let j = 0; j < width.kernel_size; j += 1) {
      const [row, col] = [top + i * height.dilation, left + j * width.dilation];
      const [y = -1, x = -1] = [rows[row], cols[col]];
      const from = /** @type {[number, number]} */ ([y + height.padding[0], x + width.padding[0]]);
      if (y >= 0 && x >= 0 && (from[0] !== row || from[1] !== col))
        found.push({ from, to: /** @type {[number, number]} */ ([row, col]) });
    }
  return found;
}

/** How often each cell of the input is read. @param {TraceLike} trace @param {string} name @param {string} prefix @returns {Panel} */
function visits(trace, name, prefix) {
  const counts = tensor(trace, "visit_counts");
  return {
    id: `${prefix}visits`,
    title: "Times read",
    note: "",
    grids: [
      grid({
        id: `${prefix}visits-0`,
        label: `${name}: how often each cell of the input is read`,
        cols: counts.shape[1] ?? 1,
        values: flat(/** @type {number[][]} */ (counts.values)),
        max: strengthOf(counts),
      }),
    ],
  };
}

/** @param {Side[]} sides @param {Frame[]} frames @returns {Card} */
function card(sides, frames) {
  const blocks = frames.flatMap((frame, index) =>
    frame.card.blocks.map((block) => ({
      ...block,
      title: `${sides[index]?.name}${block.title ? `, ${block.title}` : ""}`,
      sum: sides[index]?.step.output ?? null,
      sumLabel: "sum",
    })),
  );
  const count = (/** @type {Side} */ { trace }, /** @type {string} */ name) => trace.counts?.[name] ?? 0;
  const size = (/** @type {Side} */ { trace }) => channelsOf(tensor(trace, "output"))[0];
  return {
    joiner: "+",
    max: null,
    blocks,
    lines: [],
    result: null,
    resultNote: "",
    where: "",
    table: {
      head: ["", ...sides.map(({ name }) => name)],
      rows: [
        ["steps", ...sides.map(({ trace }) => String(trace.total))],
        ["output size", ...sides.map((side) => `${size(side)?.length} × ${size(side)?.[0]?.length}`)],
        ["multiplications", ...sides.map((side) => grouped(count(side, "multiplications")))],
      ],
    },
  };
}
