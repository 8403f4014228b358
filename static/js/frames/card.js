// The arithmetic of one step: the terms of each block, what they add up to, and which grids they come from.

/** @import { Block, Card, CardShown, GridModel, Panel, Step, TermsShown, TraceLike } from "../types" */

import { cellAt, kindOf } from "../draw/cells.js";
import { cut, listOf, valueOf, volumeOf, within } from "../nested.js";
import { say } from "../words.js";
import { fullestLines, fullestOf } from "./fullest.js";
import { filledIn, holds, read, strengthOf, tensor } from "./reading.js";

/** Whether a term is no cell of its own. @param {GridModel | undefined} over the grid with the region that the terms are @param {number} i @param {number} j */
function isPadding(over, i, j) {
  if (!over?.region) return false;
  const [row, col] = cellAt(over.region, [i, j]);
  const within = row >= 0 && col >= 0 && row < over.rows && col < over.cols;
  return !within || kindOf(over, row * over.cols + col) !== "value";
}

/** @param {number} number @param {boolean} [isFilter] */
const titleOf = (number, isFilter) => (isFilter ? say("common.filter", { number }) : say("channels.channel", { channel: number }));

/**
 * The products of a step, or the values that it compares or adds.
 * @param {Pick<TermsShown, "value" | "left" | "row_sums" | "channel_sums" | "row_totals" | "chosen" | "inside" | "shape" | "filters" | "first" | "zero" | "causes">} shown @param {Step} step
 * @param {unknown} [rights] what each is multiplied by @param {GridModel} [over]
 * @returns {Block[]}
 */
export function blocksOf(shown, step, rights, over) {
  const { shape } = shown;
  const blocks = (/** @type {unknown} */ column) => (shape ? cut(column, shape) : volumeOf(column));
  const [left, values] = [shown.left ? step[shown.left] : null, blocks(step[shown.value])];
  const lefts = Array.isArray(left) ? blocks(left) : null;
  const inside = shown.inside ? blocks(step[shown.inside]) : null;
  const zero = shown.zero ? blocks(step[shown.zero]) : null;
  const chosen = shown.chosen ? listOf(step[shown.chosen]) : [];
  const sum = (/** @type {string | undefined} */ name, /** @type {number[]} */ at) => (name ? valueOf(within(step[name], at)) : null);
  const all = rights ? blocks(rights) : values;
  const totals = shown.row_totals ? cut(step[shown.row_totals], [shape?.[0] ?? 1, 1]) : null;
  const first = shown.first ? Number(read(step, shown.first)) : 0;
  return all.map((plane, k) => ({
    title: all.length > 1 ? titleOf(first + k + 1, shown.filters) : "",
    rows: plane
      .map((row, i) => ({
        terms: row
          .map((right, j) => ({
            left: valueOf(lefts ? lefts[k]?.[i]?.[j] : left),
            right: rights ? valueOf(right) : null,
            value: valueOf(values[k]?.[i]?.[j]),
            padding: isPadding(over, i, j),
            chosen: chosen[0] === i && chosen[1] === j,
            ...causeIn(shown, zero?.[k]?.[i]?.[j]),
          }))
          .filter((_, j) => inside?.[k]?.[i]?.[j] ?? true),
        sum: totals ? valueOf(totals[k]?.[i]?.[0]) : sum(shown.row_sums, [k, i]),
      }))
      .filter(({ terms }) => terms.length),
    sum: all.length > 1 ? sum(shown.channel_sums, [k]) : null,
  }));
}

/** What a word of a column says of a number. @param {Pick<TermsShown, "causes">} shown @param {unknown} word */
function causeIn({ causes = [] }, word) {
  const cause = causes.find(({ id }) => id === word);
  return cause && { cause };
}

/** What the marks of a card and of cells mean, each once. @param {Block[]} blocks @param {Panel[]} panels */
function causesOf(blocks, panels) {
  const terms = blocks.flatMap(({ rows }) => rows.flatMap((row) => row.terms.flatMap(({ cause }) => cause ?? [])));
  const cells = panels.flatMap(({ grids }) => grids.flatMap(({ notes }) => [...(notes?.values() ?? [])]));
  return [...new Set([...terms, ...cells])];
}

/** Blocks with what their terms have come to at the end of each row; of one row that is the result. @param {Block[]} blocks @returns {Block[]} */
function running(blocks) {
  const several = blocks.flatMap(({ rows }) => rows).length > 1;
  return blocks.map((block) => ({
    ...block,
    running: several,
    rows: several ? block.rows : block.rows.map(({ terms }) => ({ terms, sum: null })),
  }));
}

/** @param {TraceLike} trace @param {Step} step @returns {CardShown} */
export function cardShown(trace, step) {
  const found = trace.card?.cards.find(holds(trace, step));
  if (!found) throw new Error(`the trace of ${trace.op} has no card for step ${step.index}`);
  return found;
}

/** The grids that the terms of each block come from, where they lie as the cells of its window do. @param {TermsShown | undefined} terms @param {Panel[]} panels @returns {NonNullable<Block["grids"]>[]} */
function sourcesOf(terms, panels) {
  if (!terms || terms.inside) return []; // of gradients those that there are close up
  const read = (/** @type {Panel | undefined} */ panel) => panel?.grids.filter(({ region }) => region) ?? [];
  const weights = panels.find(({ grids }) => terms.right && grids[0]?.shows.tensor === terms.right);
  const over = panels.find(({ id }) => id === terms.over);
  const into = over?.role === "output" ? read(over) : []; // where each term goes, not where it comes from
  const before = panels.slice(0, weights && panels.indexOf(weights)).filter((panel) => read(panel).length);
  const left = read(over && !into.length ? over : before.at(-1));
  const count = Math.max(left.length, into.length);
  return Array.from({ length: count }, (_, k) => ({
    left: (left[k] ?? left[0])?.id,
    right: weights?.grids[k]?.id,
    into: into[k]?.id,
  }));
}

/** @param {TraceLike} trace @param {Step} step @param {Panel[]} panels @returns {Card} */
export function cardOf(trace, step, panels) {
  const { terms, lines = [], result = "output", note, where, compact } = cardShown(trace, step);
  const rights = terms?.right && (terms.at ? within(tensor(trace, terms.right).values, [Number(read(step, terms.at))]) : step[terms.right]);
  const over = terms?.over ? panels.find(({ id }) => id === terms.over)?.grids.find(({ region }) => region) : undefined;
  const sources = sourcesOf(terms, panels);
  const found = terms ? blocksOf(terms, step, rights, over) : [];
  const blocks = terms?.row_totals ? running(found) : found;
  return {
    joiner: terms ? (terms.joiner ?? "+") : ",",
    ...(terms?.factors ? { factors: terms.factors } : {}),
    causes: causesOf(blocks, panels),
    max: terms?.scale ? strengthOf(trace, terms.scale) : null,
    blocks: blocks.map((block, index) => ({ ...block, grids: sources[index] ?? {} })),
    ...(terms?.inside ? { fullest: fullestOf(trace, terms, step, panels) } : {}),
    ...(!terms && lines.length && "gradient" in trace.tensors ? { fullest: fullestLines(trace, lines, step) } : {}),
    lines: lines.map(([label, text]) => ({ label, value: filledIn(text, step) })),
    result: valueOf(step[result]),
    resultNote: filledIn(note, step),
    where: filledIn(where, step),
    ...(compact ? { compact } : {}),
  };
}
