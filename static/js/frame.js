// What is drawn for one step: a pure function of a trace, which says how it is shown, and the step. Nothing here
// computes a value: columns are looked up, tensors are sliced by indices that the engine gave, numbers are formatted.

/** @import { Cell, CurveFigure, Figure, Frame, GridModel, Links, Pair, Panel, PanelShown, Region, RegionShown, NumberAnswer, SentenceNumber, Step, Tensor, TraceLike } from "./types" */
/** @import { Plane } from "./nested.js" */

import { cellAt, taps } from "./draw/cells.js";
import { cardOf } from "./frames/card.js";
import { notesOf, windowsOf } from "./frames/notes.js";
import { filledIn, flat, holds, kept, listIn, planes, read, strengthOf, tensor } from "./frames/reading.js";
import { linksOf } from "./incidence.js";
import { withMotion } from "./motion.js";
import { indicesIn, listOf, pairIn, planeAt, planesOf, within } from "./nested.js";
import { say } from "./words.js";

/** @param {unknown} list */
const numbers = (list) => listOf(list).map(Number);

/** A curve by its points, of which the first row says where and the second how high. @param {unknown[]} points @param {Pair} at @returns {CurveFigure} */
const curveOf = (points, at) => ({ kind: "curve", xs: numbers(points[0]), ys: numbers(points[1]), at });

/** The figure of a step, as data: what the trace says it is made of, looked up. @param {TraceLike} trace @param {Step} step @returns {Figure | undefined} */
function figureIn(trace, step) {
  const shown = trace.card?.figure;
  if (!shown) return undefined;
  const lines = shown.values.map((name) => listIn(trace, name));
  const at = pairIn((shown.at ?? []).map((column) => step[column]));
  if (shown.kind === "curve") return curveOf(lines[0] ?? [], at);
  if (shown.kind === "network") {
    const weights = (shown.weights ?? []).map((name) => listIn(trace, name).map(numbers));
    return { kind: "network", values: lines.map(numbers), weights, layer: at[0], cell: at[1] };
  }
  const { labels = [], truth = -1, fills = 0, curve } = shown;
  const loss = curve && step.index >= curve.fills ? curveOf(listIn(trace, curve.values), pairIn(within(listIn(trace, curve.mark), [0]))) : undefined;
  return { kind: "bars", labels, values: lines.flatMap(numbers), filled: Math.max(0, step.index + 1 - fills), truth, loss };
}

/** Whether a trace is one of gradients. @param {TraceLike} trace */
export const isBackward = ({ group }) => group === "backward";

/** The kernels of all filters, one after the other. @type {(values: unknown[]) => unknown[]} */
const outermost = kept((values) => values.flat());

/** All the planes of a tensor, those of every filter one after the other. @param {Tensor | undefined} tensor @returns {number[][][]} */
export const planesIn = (tensor) =>
  planesOf(listOf(tensor?.values).flat((tensor?.shape.length ?? 0) - 3)).map((plane) => plane.map((row) => row.map(Number)));

/** @param {Partial<GridModel> & Pick<GridModel, "id" | "label" | "values" | "cols">} parts @returns {GridModel} */
export const grid = (parts) => ({
  rows: Math.ceil(parts.values.length / parts.cols),
  max: 0,
  inside: null,
  filled: Number.POSITIVE_INFINITY,
  region: null,
  marked: null,
  edit: null,
  firstStep: null,
  wrap: false,
  shows: { tensor: "", index: [], line: false },
  ...parts,
});

/** A plane with the cells that a last window of ceil_mode reaches beyond it: nothing is there. @param {Plane} plane @param {Pair} overhang */
function overhung(plane, [below, right]) {
  if (!below && !right) return flat(plane);
  const beyond = new Array(right).fill(undefined);
  const rows = plane.flatMap((row) => [...row, ...beyond]);
  return [...rows, ...new Array(below * ((plane[0]?.length ?? 0) + right)).fill(undefined)];
}

/** The index of a plane of a tensor, along all axes but the last two. @param {number} plane @param {number[]} shape */
function planeIndex(plane, shape) {
  /** @type {number[]} */
  const index = [];
  for (const size of shape.slice(0, -2).reverse()) {
    index.unshift(plane % size);
    plane = Math.floor(plane / size);
  }
  return index;
}

/** Where a region is on one plane, if it is. @param {PanelShown} panel @param {number[]} shape of its tensor @param {RegionShown} region @param {Step} step @param {number} plane @returns {Region | null} */
function regionOn(panel, shape, region, step, plane) {
  const cell = region.at ? indicesIn(read(step, region.at)) : [0, 0];
  const [from, to] = region.planes?.[Number(read(step, "output_cell.0"))] ?? [plane, plane + 1];
  const own = panel.at ? cell.slice(1) : cell;
  const elsewhere = own.length > 2 && !region.planes && planeAt(own, shape) !== plane;
  if (plane < from || plane >= to || elsewhere) return null;
  /** Of a line the one index, beside that across it. @param {number[]} index @param {number} across */
  const pair = (index, across) => (index.length > 1 ? index.slice(-2) : panel.wrap ? [across, ...index] : index);
  const [row = 0, col = 0] = pair(cell, 0);
  const size = typeof region.size === "string" ? pair(indicesIn(read(step, region.size)), 1) : (region.size ?? [1, 1]);
  const [height = 1, width = 1] = size;
  if (!height || !width) return null;
  const [rowStep, colStep] = region.spread ?? [1, 1];
  return { row, col, height, width, rowStep, colStep };
}

/** From where each cell of a region was copied. @param {TraceLike} trace @param {string[]} names @param {Region} region @param {Pair} first the first cell that is the input's own */
function arrowsTo(trace, names, region, [top, left]) {
  const [rows = [], cols = []] = names.map((name) => listOf(trace.tensors[name]?.values).map(Number));
  return taps(region).flatMap((tap) => {
    const to = cellAt(region, tap);
    const [y = -1, x = -1] = [rows[to[0]], cols[to[1]]];
    /** @type {Pair} */
    const from = [y + top, x + left];
    return y < 0 || x < 0 || (from[0] === to[0] && from[1] === to[1]) ? [] : [{ from, to }];
  });
}

/** What a step is about on one plane: a frame around cells, a marked cell, arrows. @param {TraceLike} trace @param {Step} step @param {PanelShown} panel @param {number} plane @returns {Partial<GridModel>} */
function regionOf(trace, step, panel, plane) {
  const shown = panel.regions?.find(holds(trace, step));
  const region = shown && regionOn(panel, tensor(trace, panel.tensor).shape, shown, step, plane);
  if (!region) return {};
  const arrows = shown.sources ? { arrows: arrowsTo(trace, shown.sources, region, pairIn(panel.inside)) } : {};
  if (shown.tap) return { region, marked: cellAt(region, pairIn(read(step, shown.tap))), ...arrows };
  return shown.framed === false ? { marked: [region.row, region.col] } : { region, ...arrows };
}

/** What a panel had on one plane at the step before, where that is known and may differ. @param {TraceLike} trace @param {Step} step @param {PanelShown} panel @param {number} plane @returns {GridModel["before"]} */
function beforeOf(trace, step, panel, plane) {
  const before = panel.regions && trace.at?.(step.index - 1);
  if (!before) return undefined;
  const { region = null } = regionOf(trace, before, panel, plane);
  if (!panel.column) return { region };
  const whole = planes(listOf(before[panel.column]));
  return { region, values: flat(whole[plane] ?? []) };
}

/** What one of several grids is called. @param {PanelShown} panel @param {number} index */
const labelOf = ({ title, label = title, filters }, index) =>
  filters ? say("stage.filter_label", { label, index: index + 1 }) : say("stage.channel_label", { label, index: index + 1 });

/** @param {TraceLike} trace @param {Step} step @param {PanelShown} panel @param {Record<string, string>} names @returns {GridModel[]} */
function gridsOf(trace, step, panel, names) {
  const whole = panel.column && step.index < trace.total - 1 ? step[panel.column] : tensor(trace, panel.tensor).values;
  const part = panel.at ? Number(read(step, panel.at)) : null;
  const { shape } = tensor(trace, panel.tensor);
  const { length } = shape;
  const shown = planes(part !== null ? listOf(within(whole, [part])) : length > 3 ? outermost(listOf(whole)) : listOf(whole));
  const { label = panel.title, overhang = [0, 0], inside } = panel;
  return shown.map((plane, index) => {
    const cells = plane.length * (plane[0]?.length ?? 0);
    const number = (part ?? 0) * shown.length + index;
    const gaps = panel.gaps ? listIn(trace, panel.gaps).flat(3).map((own) => !own) : [];
    return grid({
      id: panel.grid ?? `${panel.id}-${index}`,
      shows: { tensor: panel.tensor, index: length < 3 ? [] : part === null ? planeIndex(index, shape) : [part, index].slice(0, length - 2), line: length < 2 },
      label: shown.length > 1 ? labelOf(panel, index) : label,
      cols: panel.wrap ? cells : (plane[0]?.length ?? 0) + overhang[1],
      values: overhung(plane, overhang),
      ...(part === null || panel.column ? {} : { all: flat(listIn(trace, panel.tensor)) }),
      max: strengthOf(trace, panel.tensor),
      inside: inside ? { row: inside[0], col: inside[1], height: inside[2], width: inside[3] } : null,
      ...(panel.fills === undefined ? {} : { filled: step.index + 1 - panel.fills - (panel.together ? (part ?? 0) : number) * cells }),
      firstStep: panel.opens === undefined ? null : panel.opens + number * cells,
      edit: panel.edit ? { field: names[panel.edit] ?? panel.edit, channel: number } : null,
      drag: panel.drag ?? false,
      wrap: panel.wrap ?? false,
      ...(panel.gaps ? { gaps } : {}),
      ...(panel.channels ? { channels: listIn(trace, panel.channels).flat(3).map(Number).slice(number * cells, (number + 1) * cells) } : {}),
      ...regionOf(trace, step, panel, index),
      ...notesOf(trace, step, panel, { index: number, shown: index, cols: (plane[0]?.length ?? 0) + overhang[1], values: overhung(plane, overhang) }),
      ...windowsOf(trace, step, panel, index),
      before: beforeOf(trace, step, panel, index),
    });
  });
}

/**
 * @param {TraceLike} trace @param {Step} step @param {PanelShown} panel
 * @param {Record<string, string>} [names] the page's names of the arguments that its cells change, where they are others
 * @returns {Panel}
 */
export const panelOf = (trace, step, panel, names = {}) => ({
  id: panel.id,
  role: panel.id,
  sign: panel.sign ?? "",
  title: filledIn(panel.title, step),
  note: filledIn((step.index === trace.total - 1 && panel.last_note) || (panel.note ?? ""), step),
  grids: gridsOf(trace, step, panel, names),
});

/** The cell of a tensor that a cell of a grid shows. @param {Pick<GridModel, "shows" | "wrap">} model @param {number} row @param {number} col @returns {Cell} */
export const shownAt = ({ shows: { tensor: name, index, line }, wrap }, row, col) => ({
  tensor: name,
  index: line ? [wrap ? col : row] : [...index, row, col],
});

/** Which of these cells a grid shows, and where. @param {Pick<GridModel, "shows" | "wrap">} model @param {number[][]} cells @returns {Pair[]} */
export function pairsOn({ shows: { index, line }, wrap }, cells) {
  if (line) return cells.map(([at = 0]) => (wrap ? [0, at] : [at, 0]));
  const own = cells.filter((cell) => index.every((one, axis) => one === cell[axis]));
  return own.map((cell) => pairIn(cell.slice(index.length)));
}

/** Where the numbers of a sentence are on these panels; of those that are on none nothing is known. @param {NumberAnswer[] | undefined} numbers @param {Panel[]} panels @returns {SentenceNumber[]} */
export function numbersIn(numbers, panels) {
  const grids = panels.flatMap((panel) => panel.grids);
  return (numbers ?? []).flatMap(({ start, length, tensor: name, index }) => {
    const targets = grids.filter(({ shows }) => shows.tensor === name).flatMap((one) => pairsOn(one, [index]).map(([row, col]) => ({ id: one.id, row, col })));
    return targets.slice(0, 1).map((at) => ({ start, length, at }));
  });
}

/** Which cells of these panels a cell of one of them has to do with. @param {TraceLike} trace @param {Panel[]} panels @returns {Links} */
export function linksIn(trace, panels) {
  const grids = panels.flatMap((panel) => panel.grids);
  return (id, row, col) => {
    const model = grids.find((one) => one.id === id);
    const found = model ? linksOf(trace, shownAt(model, row, col)) : [];
    const lit = found.flatMap(({ tensor: name, cells }) =>
      grids.filter(({ shows }) => shows.tensor === name).map((one) => ({ id: one.id, pairs: pairsOn(one, cells) })),
    );
    return Object.fromEntries(lit.flatMap(({ id, pairs }) => (pairs.length ? [[id, pairs]] : [])));
  };
}

/**
 * @param {TraceLike} trace @param {Step} step
 * @param {Record<string, string>} [names] the page's names of the arguments that its cells change, where they are others
 * @param {PanelShown[]} [own] the panels, where not those that the trace shows first
 * @returns {Frame}
 */
export function frame(trace, step, names = {}, own = trace.panels) {
  const shown = (own ?? []).filter((panel) => trace.tensors[panel.tensor]); // others were not requested
  const panels = shown.map((panel) => panelOf(trace, step, panel, names));
  return withMotion({
    panels,
    ...(isBackward(trace) ? { narrows: "close" } : {}),
    links: linksIn(trace, panels),
    figure: figureIn(trace, step),
    card: cardOf(trace, step, panels),
    sentence: step.description,
    numbers: numbersIn(step.messages?.numbers, panels),
  });
}
