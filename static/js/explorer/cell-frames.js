// The step that made a cell as the explorer shows it: with channels that are called as the network calls them, above what
// they add and in the grids that show them; and a number that a dense layer makes of many folded: what it reads and the
// weights of its own row in lines that fit beside each other, and their products laid out as they are. Other rows of
// weights and other numbers are not shown.

/** @import { Block, Frame, GridModel, Panel, SentenceNumber } from "../types" */

import { capitalised } from "../api.js";
import { withMotion } from "../motion.js";
import { say } from "../words.js";
import { acrossOf } from "./positions.js";

const MANY = 8; // numbers from which on a row is laid in lines

/**
 * A step whose channels have their names: of the input those that it reads, which in a convolution with groups are some of all.
 * @param {Frame} whole @param {(channel: number) => string} nameOf a channel that the layer reads @param {string} ownName of what it computes
 * @returns {Frame}
 */
export function calledAs(whole, nameOf, ownName) {
  const inputs = whole.panels.flatMap(({ id, grids }) => (id === "input" ? grids : []));
  const nameIn = (/** @type {Block} */ block) => nameOf(inputs.find(({ id }) => id === block.grids?.left)?.shows.index[0] ?? 0);
  const named = whole.card.blocks.filter(({ title }) => title);
  if (!named.length) return whole;
  const labels = new Map(named.flatMap((block) => [
    [block.grids?.left, capitalised(nameIn(block))],
    [block.grids?.right, say("explorer.part_kernel", { unit: nameIn(block) })],
  ]));
  const called = (/** @type {string} */ panel) => (/** @type {GridModel} */ one) => ({ ...one, label: panel === "output" ? capitalised(ownName) : (labels.get(one.id) ?? one.label) });
  const blocks = whole.card.blocks.map((block) => (block.title ? { ...block, title: nameIn(block), sumLabel: say("explorer.own_sum") } : block));
  return { ...whole, panels: whole.panels.map((panel) => ({ ...panel, grids: panel.grids.map(called(panel.id)) })), card: { ...whole.card, blocks } };
}

/** Whether a step is one of a dense layer that reads many numbers. @param {Frame} whole */
export const isFoldable = ({ panels, card }) => panels.some(({ id }) => id === "weight") && card.blocks.length === 1 && (card.blocks[0]?.rows[0]?.terms.length ?? 0) > MANY;

/** @param {Frame} whole @returns {Frame} */
export function folded(whole) {
  const count = whole.card.blocks[0]?.rows[0]?.terms.length ?? 0;
  const across = acrossOf(count);
  const panels = whole.panels.map((panel) => ({ ...panel, note: "", grids: panel.grids.map((one) => (isLong(panel) ? inLines(one, count, across) : alone(one))) }));
  const ids = panels.filter(isLong).flatMap(({ grids }) => grids.map(({ id }) => id));
  const blocks = whole.card.blocks.map((block) => ({ ...block, rows: block.rows.flatMap(({ terms, sum }) => rowsOf(terms, across).map((some, index, all) => ({ terms: some, sum: index === all.length - 1 ? sum : null }))) }));
  return withMotion({
    ...whole,
    panels,
    card: { ...whole.card, blocks },
    links: (id, row, col) => (ids.includes(id) ? Object.fromEntries(ids.map((one) => [one, [[row, col]]])) : {}),
    numbers: (whole.numbers ?? []).map(whereShown(panels)),
  });
}

/** @param {Panel} panel */
const isLong = ({ id }) => id === "input" || id === "weight";

/** @template Item @param {Item[]} items @param {number} across @returns {Item[][]} */
const rowsOf = (items, across) => Array.from({ length: Math.ceil(items.length / across) }, (_, row) => items.slice(row * across, (row + 1) * across));

/** The row that the step reads, in lines; beyond its last number nothing is there. @param {GridModel} whole @param {number} count @param {number} across @returns {GridModel} */
function inLines(whole, count, across) {
  const first = (whole.region?.row ?? 0) * whole.cols;
  const own = whole.values.slice(first, first + count);
  const rows = Math.ceil(count / across);
  const values = [...own, ...new Array(rows * across - count).fill(undefined)];
  return { ...whole, rows, cols: across, values, region: { row: 0, col: 0, height: rows, width: across, rowStep: 1, colStep: 1 } };
}

/** The one number that the step is about. @param {GridModel} whole @returns {GridModel} */
function alone(whole) {
  const [row, col] = whole.marked ?? [0, 0];
  return { ...whole, rows: 1, cols: 1, values: [whole.values[row * whole.cols + col]], filled: 1, marked: [0, 0] };
}

/** Where a number of the sentence stands now. @param {Panel[]} panels @returns {(one: SentenceNumber) => SentenceNumber} */
const whereShown = (panels) => (one) => {
  const isAlone = panels.some((panel) => !isLong(panel) && panel.grids.some(({ id }) => id === one.at.id));
  return isAlone ? { ...one, at: { ...one.at, row: 0, col: 0 } } : one;
};
