// How one pixel of a map came about, as an arithmetic card: the window's products, then ReLU, then pooling.

/** @import { Block, Card, Step } from "../types" */

import { number } from "../format.js";
import { blocksOf } from "./card.js";
import { say } from "../words.js";

/** @typedef {{ op: string, description: string[], output: number[], window?: unknown[][][], selected?: number[][], channel_sums?: number[][], divisor?: number[] }} PixelStage */

/** Which of the convolution's cells to write out: the one that max pooling kept, or the first. @param {PixelStage} last */
function chosenCell({ op, selected, window }) {
  if (!isPool(op)) return 0;
  const [row = 0, col = 0] = selected?.[0] ?? [];
  return row * (window?.[0]?.[0]?.length ?? 0) + col;
}

/** @param {string} op */
const isPool = (op) => op.endsWith("pool2d");

/** One of a stage's steps. @param {PixelStage} stage @param {number} index @returns {Step} */
function stepOf(stage, index) {
  const cells = Object.entries(stage).map(([name, column]) => [name, column[index]]);
  return { ...Object.fromEntries(cells), index, output: stage.output[index] ?? null, description: stage.description[index] ?? "" };
}

/** @param {PixelStage[]} stages @param {(number | null)[][]} weights @param {string} where @returns {Card} */
export function pixelCard(stages, weights, where) {
  const [conv, last] = [stages[0], stages.at(-1)];
  if (!conv || !last) throw new Error("a pixel has at least one stage");
  const relu = stages.find(({ op }) => op === "relu");
  const [cell, isPooled, isMax] = [chosenCell(last), isPool(last.op), last.op === "max_pool2d"];
  const sum = number(conv.output[cell]);
  const rectified = relu ? [{ label: say("maps.after_relu"), value: number(relu.output[cell]) }] : [];
  const total = say("maps.divided", { channel_sums: number(last.channel_sums?.[0]?.[0]) });
  const divided = isPooled && last.divisor ? [{ label: total, value: String(last.divisor[0]) }] : [];
  const products = blocksOf({ value: "products", left: "window", row_sums: "row_sums" }, stepOf(conv, cell), weights);
  const pooled = isPooled ? blocksOf({ value: "window", chosen: "selected" }, stepOf(last, 0)) : [];
  const titled = (/** @type {Block[]} */ blocks, /** @type {string} */ title) => blocks.map((block) => ({ ...block, title }));
  return {
    joiner: "+",
    max: null,
    blocks: [
      ...titled(products, isMax ? say("maps.kept_window") : isPooled ? say("maps.first_window") : ""),
      ...titled(pooled, isMax ? say("maps.largest_of") : say("maps.average_of")).map((block) => ({ ...block, joiner: isMax ? "," : "+" })),
    ],
    lines: [...(isPooled || relu ? [{ label: say("maps.sum_products"), value: sum }] : []), ...rectified, ...divided],
    result: last.output[0] ?? null,
    resultNote: isMax ? say("maps.largest") : isPooled ? say("maps.average") : relu ? say("maps.after_relu") : say("common.sum"),
    where,
  };
}

/** What the stages found, one sentence each. @param {PixelStage[]} stages */
export function pixelSentences(stages) {
  const last = stages.at(-1);
  const cell = last ? chosenCell(last) : 0;
  return stages.map(({ description }) => description[Math.min(cell, description.length - 1)] ?? "").join(" ");
}
