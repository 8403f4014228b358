// Two traces on one clock: two settings beside each other, or an operation before and after one change.

/** @import { AxisGeometry, Block, Card, Frame, Geometry, Links, PairStep, Panel, PanelShown, SentenceNumber, Step, TraceLike } from "../types" */
/** @import { PairTimeline } from "../timeline.js" */

import { grouped, number } from "../format.js";
import { frame, linksIn, numbersIn, panelOf } from "../frame.js";
import { cardShown } from "./card.js";
import { joined, numbersWithin } from "./numbers.js";
import { withMotion } from "../motion.js";
import { say } from "../words.js";
import { largestOutput } from "./reading.js";

const SECOND = "b-"; // what the names of the second one's panels and grids begin with

/** @typedef {{ trace: TraceLike, step: Step, name: string }} Side */

/** @param {PairTimeline} pair @param {PairStep} step @returns {[Side, Side]} */
const sidesOf = ({ one, two, names }, step) => [
  { trace: one, step: step.one, name: names[0] },
  { trace: two, step: step.two, name: names[1] },
];

/** A panel as it stays once its trace is done and the other one goes on: nothing comes into it any more. @param {Panel} panel @returns {Panel} */
const done = (panel) => ({ ...panel, grids: panel.grids.map((model) => ({ ...model, filled: Number.POSITIVE_INFINITY })) });

/** The frame of one side, its panels shown otherwise than they say. @param {Side} side @param {(panel: PanelShown) => Partial<PanelShown>} otherwise @param {Record<string, string>} names @returns {Frame} */
const frameOf = ({ trace, step }, otherwise, names) =>
  frame({ ...trace, at: (index) => trace.at?.(index), panels: trace.panels?.map((panel) => ({ ...panel, ...otherwise(panel) })) }, step, names);

/** A panel of the second one, which opens no steps. @param {Panel} panel @returns {Panel} */
const second = (panel) => ({
  ...panel,
  id: SECOND + panel.id,
  grids: panel.grids.map((model) => ({ ...model, id: SECOND + model.id, firstStep: null })),
});

/** What a cell has to do with on either side where it stands. @param {Links[]} sides @returns {Links} */
const linksOfBoth = (sides) => (id, row, col) => Object.assign({}, ...sides.map((links) => links(id, row, col)));

/** A line of the sentence of both, and where its numbers are in it. @param {string} sentence @param {string} own what the side says @param {SentenceNumber[]} [numbers] */
const lineOf = (sentence, own, numbers) => ({ sentence, numbers: numbersWithin(sentence, own, numbers) });

/** What a grid of the second one is called among the panels of both. @param {string} id @param {Panel[]} panels */
const idAmong = (id, panels) => (panels.some(({ grids }) => grids.some((model) => model.id === SECOND + id)) ? SECOND + id : id);

/** Where the numbers of the second one are among the panels of both. @param {SentenceNumber[] | undefined} numbers @param {Panel[]} panels */
const inSecondOf = (numbers, panels) => numbers?.map(({ at, ...own }) => ({ ...own, at: { ...at, id: idAmong(at.id, panels) } }));

/** The grids of a block by their names among the panels of both. @param {Block["grids"]} grids @param {Panel[]} panels @returns {Block["grids"]} */
const inSecond = (grids, panels) => Object.fromEntries(Object.entries(grids ?? {}).map(([name, id = ""]) => [name, idAmong(id, panels)]));

/** The card of both, without one result. @param {[Side, Side]} sides @param {[Frame, Frame]} frames @param {Panel[]} panels of both @param {(side: Side) => string} nameOf the sum @param {NonNullable<Card["table"]>} table @returns {Card} */
function cardOf(sides, frames, panels, nameOf, table) {
  const named = (/** @type {Block} */ block, /** @type {Side} */ side) => ({
    ...block,
    title: `${side.name}${block.title ? `, ${block.title}` : ""}`,
    sum: side.step.output,
    sumLabel: nameOf(side),
    ...(side === sides[1] ? { grids: inSecond(block.grids, panels) } : {}),
  });
  const blocks = sides.flatMap((side, index) => frames[index]?.card.blocks.map((block) => named(block, side)) ?? []);
  return { ...frames[0].card, blocks, lines: [], result: null, resultNote: "", where: "", table };
}

/**
 * Two convolutions, each with its input and its output, one kernel for both, and what they cost.
 * @param {PairTimeline} pair @param {PairStep} step @param {Record<string, string>} names @returns {Frame}
 */
export function compareFrame(pair, step, names) {
  const sides = sidesOf(pair, step);
  const otherwise = (/** @type {Side} */ { name, trace }) => (/** @type {PanelShown} */ { id, title, label = title }) => ({
    label: `${name}: ${label}`,
    ...(id === "input" ? { title: name, note: unreadNote(trace) } : {}),
  });
  const [one, two] = sides;
  /** @type {[Frame, Frame]} */
  const frames = [frameOf(one, otherwise(one), names), frameOf(two, otherwise(two), names)];
  const [first = [], other = []] = frames.map(({ panels }, index) => panels.map((panel) => {
    const { trace } = sides[index] ?? sides[0];
    return withUnread(step.index < trace.total ? panel : done(panel), trace);
  }));
  const shared = first.filter(({ id }) => id === "kernel"); // it meets both inputs
  const rest = other.filter(({ id }) => id !== "kernel").map((panel) => second(panel.role === "output" ? { ...panel, sign: "→", within: panel.sign } : panel));
  const panels = [...first, ...rest];
  const lines = sides.map((side, index) => lineOf(sentenceOf(side, step.index), side.step.description, index ? inSecondOf(frames[1].numbers, panels) : frames[0].numbers));
  return withMotion({
    panels,
    links: linksOfBoth([linksIn(sides[0].trace, first), linksIn(sides[1].trace, [...shared, ...rest])]),
    lines: linesOf(first, rest),
    topics: topicsOf(panels),
    bySide: true,
    sides: sidesShown(sides, [first, [...rest.filter(({ role }) => role === "input"), ...shared, ...rest.filter(({ role }) => role !== "input")]], lines),
    card: cardOf(sides, frames, panels, () => say("common.sum"), costs(sides, step.index)),
    ...joined(lines),
  });
}

/** What one side does at a step of both. @param {Side} side @param {number} index */
function sentenceOf({ trace, name, step }, index) {
  const values = { name, sentence: step.description };
  return index >= trace.total ? say("pair.done", values) : say("pair.sentence", values);
}

/** Which panels are of which setting, for a stage that has room for one at a time. @param {Side[]} sides @param {[Panel[], Panel[]]} panels @param {ReturnType<typeof lineOf>[]} lines what is said of the first, of the second, and of both @returns {Frame["sides"]} */
const sidesShown = (sides, panels, lines) =>
  sides.map(({ name }, index) => ({ name, panels: (panels[index] ?? []).map(({ id }) => id), alone: joined(index ? lines.slice(1) : lines.slice(0, 1)) }));


/** What is seen of both where there is no room for all: the outputs, or how often each cell is read. @param {Panel[]} panels @returns {Frame["topics"]} */
function topicsOf(panels) {
  const without = (/** @type {string[]} */ ...roles) => panels.flatMap(({ id, role }) => (roles.includes(role) ? [] : [id]));
  const visits = panels.find(({ role }) => role === "visits");
  return visits && [
    { name: say("pair.outputs"), panels: without("visits") },
    { name: visits.title, panels: without("kernel", "output") },
  ];
}

/** One setting a line; on a phone beside each other, as neither has the room for a line. @param {Panel[]} first @param {Panel[]} rest */
function linesOf(first, rest) {
  const ids = (/** @type {Panel[]} */ panels) => panels.map(({ id }) => id);
  const of = (/** @type {Panel[]} */ panels, /** @type {string[]} */ ...roles) => ids(panels.filter(({ role }) => roles.includes(role)));
  const outputs = [...of(first, "output"), ...of(first, "kernel"), ...of(rest, "output")];
  const narrow = [[...of(first, "input"), ...of(rest, "input")], outputs, [...of(first, "visits"), ...of(rest, "visits")]];
  return { wide: [ids(first), ids(rest)], narrow: narrow.filter((line) => line.length) };
}

/** The geometry of an operation with windows. @param {TraceLike} trace @returns {Geometry} */
function axes({ op, geometry }) {
  if (!geometry) throw new Error(`the trace of ${op} has no windows`);
  return geometry;
}

/** An input with the rows and columns at its end that no window reaches. @param {Panel} panel @param {TraceLike} trace @returns {Panel} */
function withUnread(panel, trace) {
  const unread = { rows: axes(trace).height.unread, cols: axes(trace).width.unread };
  return panel.role === "input" ? { ...panel, grids: panel.grids.map((model) => ({ ...model, unread })) } : panel;
}

/** @param {TraceLike} trace */
function unreadNote(trace) {
  const { height, width } = axes(trace);
  const [rows, columns] = [height.unread, width.unread];
  if (rows && columns) return say("pair.unread_both", { rows, columns });
  if (rows) return say("pair.unread_rows", { rows });
  if (columns) return say("pair.unread_columns", { columns });
  const sides = [...oddSide(height, say("side.above"), say("side.below")), ...oddSide(width, say("side.left"), say("side.right"))];
  return sides.length ? say("pair.more_padding", { sides: sides.join(", ") }) : "";
}

/** @param {AxisGeometry} axis @param {string} before @param {string} after */
const oddSide = ({ padding: [first, last] }, before, after) => (first === last ? [] : [first > last ? before : after]);

/** What both come to: the largest output once it is there. @param {Side[]} sides @param {number} index */
const costs = (sides, index) => ({
  head: ["", ...sides.map(({ name }) => name)],
  rows: [
    [say("common.steps"), ...sides.map(({ trace }) => String(trace.total))],
    [say("pair.output_size"), ...sides.map(({ trace }) => `${axes(trace).height.output_size} × ${axes(trace).width.output_size}`)],
    [say("pair.multiplications"), ...sides.map(({ trace }) => grouped(trace.counts?.["multiplications"] ?? 0))],
    [say("pair.largest"), ...sides.map(({ trace }) => (index < trace.total - 1 ? "…" : number(largestOutput(trace))))],
  ],
});

/**
 * What one change does: an operation as it was and with the change, and the difference of their outputs.
 * @param {PairTimeline} pair @param {PairStep} step @param {Record<string, string>} titles of the changed one's panels; those without a title are the same as before
 * @param {Record<string, string>} [names]
 * @param {boolean} [own] whether the outputs have titles of their own, and are not called by what was changed
 * @returns {Frame}
 */
export function againstFrame(pair, step, titles, names = {}, own = false) {
  const sides = sidesOf(pair, step);
  const called = sides.map(({ name }) => name);
  /** @type {[Frame, Frame]} */
  const frames = [
    frameOf(sides[0], ({ id, title }) => (id === "output" && !own ? { title: sides[0].name, label: title } : {}), names),
    frameOf(sides[1], ({ id, title }) => ({ title: id === "output" && !own ? sides[1].name : (titles[id] ?? title), label: titles[id] ?? title, edit: "" }), {}),
  ];
  const changed = frames[1].panels.filter(({ id }) => titles[id]).map((panel, index) => ({ ...second(panel), sign: index ? panel.sign : "│", within: panel.sign }));
  const [before, difference] = [frames[0].panels, differencePanel(pair, step)];
  const after = [...before.filter(({ id }) => id === "input" && !titles[id]), ...changed, difference]; // one input for both
  const panels = [...before, ...changed, difference];
  const finding = String(sides[1].step["finding"]);
  const found = numbersIn(sides[1].step.messages?.finding_numbers ?? undefined, frames[1].panels);
  const lines = [
    lineOf(say("pair.sentence", { name: called[0] ?? "", sentence: frames[0].sentence }), frames[0].sentence, frames[0].numbers),
    lineOf(say("pair.sentence", { name: called[1] ?? "", sentence: finding }), finding, inSecondOf(found, panels)),
    ...(step.index === pair.total - 1 && pair.comparison ? [lineOf(pair.comparison.description, "")] : []),
  ];
  return withMotion({
    panels,
    links: linksOfBoth([linksIn(withDifference(sides[0]), [...before, difference]), linksIn(withDifference(sides[1]), after)]),
    lines: { wide: [before.map(({ id }) => id), [...changed, difference].map(({ id }) => id)] },
    sides: sidesShown(sides, [before, [...after.filter(({ role }) => role !== "difference"), difference]], lines),
    card: cardOf(sides, frames, panels, ({ trace, step: own }) => cardShown(trace, own).name ?? "", {
      answers: true,
      head: ["", say("pair.output")],
      rows: sides.map(({ name, step: own }) => [name, number(own.output)]),
    }),
    ...joined(lines),
  });
}

/** A trace whose outputs are linked with the cells of the difference. @param {Side} side @returns {TraceLike} */
function withDifference({ trace }) {
  const links = trace.links ?? {};
  const same = (trace.tensors["output"]?.shape ?? []).map((_, axis) => ({ by: [axis] }));
  return { ...trace, links: { ...links, output: { ...links["output"], difference: same }, difference: { output: same } } };
}

/** The changed output minus the one before, as the engine has it, as far as the step. @param {PairTimeline} pair @param {Step} step @returns {Panel} */
function differencePanel(pair, step) {
  if (!pair.comparison) throw new Error(`the trace of ${pair.op} has no comparison`);
  const { difference, changed, total } = pair.comparison;
  const note = say("pair.changed", { changed, total });
  const shown = { id: "difference", tensor: "difference", title: say("pair.difference"), note, fills: 0 };
  return panelOf({ ...pair, tensors: { difference } }, step, shown);
}
