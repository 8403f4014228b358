// How one pixel of a map came about, as an arithmetic card: the window's products, then ReLU, then pooling.

/** @import { Block, Card } from "../types" */

import { number } from "../format.js";

/** @typedef {{ op: string, description: string[], output: number[], window?: any[], products?: any[], row_sums?: any[], selected?: number[][], input?: number[], channel_sums?: number[][], divisor?: number[] }} Stage */

/** Which of the convolution's cells to write out: the one that max pooling kept, or the first. @param {Stage[]} stages */
function chosenCell(stages) {
  const pool = stages.at(-1);
  const [row = 0, col = 0] = pool?.selected?.[0] ?? [];
  return row * (pool?.window?.[0]?.[0]?.length ?? 0) + col;
}

/** @param {Stage} conv @param {number} cell @param {(number | null)[][]} weights @param {string} title @returns {Block} */
function products(conv, cell, weights, title) {
  const window = conv.window?.[cell][0];
  const rows = weights.map((row, i) => ({
    terms: row.map((right, j) => ({
      left: window[i][j],
      right,
      value: conv.products?.[cell][0][i][j],
      padding: false,
      chosen: false,
    })),
    sum: conv.row_sums?.[cell][0][i] ?? null,
  }));
  return { title, rows, sum: null };
}

/** @param {Stage} pool @returns {Block} */
function pooled(pool) {
  const [row, col] = pool.selected?.[0] ?? [-1, -1];
  const rows = pool.window?.[0].map((/** @type {number[]} */ line, /** @type {number} */ i) => ({
    terms: line.map((value, j) => ({ left: null, right: null, value, padding: false, chosen: i === row && j === col })),
    sum: null,
  }));
  const max = pool.op === "max_pool2d";
  return { title: max ? "the largest of these" : "the average of these", joiner: max ? "," : "+", rows, sum: null };
}

/** @param {Stage[]} stages @param {(number | null)[][]} weights @param {string} where @returns {Card} */
export function pixelCard(stages, weights, where) {
  const [conv] = stages;
  if (!conv) throw new Error("a pixel has at least one stage");
  const relu = stages.find(({ op }) => op === "relu");
  const last = /** @type {Stage} */ (stages.at(-1));
  const isPooled = last.op.endsWith("pool2d");
  const cell = isPooled ? chosenCell(stages) : 0;
  const title = isPooled && last.op === "max_pool2d" ? "the window that was kept" : isPooled ? "the first window" : "";
  const lines = [];
  if (isPooled || relu) lines.push({ label: "sum of the products", value: number(conv.output[cell]) });
  if (relu) lines.push({ label: "after ReLU", value: number(relu.output[cell]) });
  if (isPooled && last.divisor)
    lines.push({ label: `${number(last.channel_sums?.[0]?.[0])} divided by`, value: String(last.divisor[0]) });
  return {
    joiner: "+",
    max: null,
    blocks: [products(conv, cell, weights, title), ...(isPooled ? [pooled(last)] : [])],
    lines,
    result: last.output[0] ?? null,
    resultNote: isPooled ? (last.op === "max_pool2d" ? "largest" : "average") : relu ? "after ReLU" : "sum",
    where,
  };
}

/** What the stages found, one sentence each. @param {Stage[]} stages */
export function pixelSentences(stages) {
  const isPooled = stages.at(-1)?.op.endsWith("pool2d");
  const cell = isPooled ? chosenCell(stages) : 0;
  return stages.map(({ description }) => description[Math.min(cell, description.length - 1)] ?? "").join(" ");
}
