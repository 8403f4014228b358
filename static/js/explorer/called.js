// A step of a layer whose channels are called as the network calls them, above what they add and in the grids that show them.

/** @import { Block, Frame, GridModel } from "../types" */

import { capitalised } from "../api.js";
import { say } from "../words.js";

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
