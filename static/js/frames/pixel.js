// How one pixel of a map came about, as an arithmetic card: the window's products, then ReLU, then pooling.

/** @import { Block, Card, Step } from "../types" */

import { number } from "../format.js";
import { blocksOf } from "./card.js";
import { say } from "../words.js";

/** @typedef {{ op: string, description: string[], output: number[], window?: unknown[][][], selected?: number[][], channel_sums?: number[][], divisor?: number[] }} PixelStage */

/** One of a stage's steps. @param {PixelStage} stage @param {number} index @returns {Step} */
function stepOf(stage, index) {
  const cells = Object.entries(stage).map(([name, column]) => [name, column[index]]);
  return { ...Object.fromEntries(cells), index, output: stage.output[index] ?? null, description: stage.description[index] ?? "" };
}

/** @param {PixelStage[]} stages @param {number} cell which step of the convolution is written out @param {(number | null)[][]} weights @param {string} where @returns {Card} */
export function pixelCard(stages, cell, weights, where) {
  const [conv, last] = [stages[0], stages.at(-1)];
  if (!conv || !last) throw new Error("a pixel has at least one stage");
  const relu = stages.find(({ op }) => op === "relu");
  const [isPooled, isMax] = [last !== conv && last !== relu, last.selected !== undefined];
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

/** What the stages found, one sentence each. @param {PixelStage[]} stages @param {number} cell which step of the convolution is written out */
export function pixelSentences(stages, cell) {
  return stages.map(({ description }) => description[Math.min(cell, description.length - 1)] ?? "").join(" ");
}
