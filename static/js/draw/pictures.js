// Tensors as pictures: weights and maps on the one diverging scale, the samples themselves grey or in colour.

/** @import { Tensor } from "../types" */
/** @import { Value } from "../nested.js" */

import { mapsOf, valuesIn } from "../nested.js";
import { drawCells, scale, shade, strongest } from "./scale.js";

/** @typedef {Value[][]} Plane null: no number, or none that is finite */

/** Row by row, whatever its shape. @param {Tensor} tensor */
export const flatValues = (tensor) => valuesIn(tensor.values);

/** The strongest magnitude in a tensor, null for none. @param {Tensor | null | undefined} tensor */
export const strengthIn = (tensor) => (tensor ? strongest(flatValues(tensor)) : 0);

/** The kernels of one filter, in as square a block as can be, one empty pixel between them. @param {Plane[]} kernels @returns {Plane} */
export function mosaic(kernels) {
  const across = Math.ceil(Math.sqrt(kernels.length));
  const [rows, cols] = [kernels[0]?.length ?? 1, kernels[0]?.[0]?.length ?? 1];
  const down = Math.ceil(kernels.length / across);
  /** @type {Plane} */
  const block = Array.from({ length: down * (rows + 1) - 1 }, () => new Array(across * (cols + 1) - 1).fill(null));
  kernels.forEach((kernel, index) => {
    const [top, left] = [Math.floor(index / across) * (rows + 1), (index % across) * (cols + 1)];
    kernel.forEach((row, i) =>
      row.forEach((value, j) => {
        block[top + i][left + j] = value;
      }),
    );
  });
  return block;
}

/** A mosaic: gaps are clear. @param {HTMLCanvasElement} canvas @param {Plane} block @param {number} max */
export function drawMosaic(canvas, block, max) {
  const [colours, values] = [scale(), block.flat()];
  const rgbOf = (/** @type {Value} */ value) => (value === null ? null : colours[shade(value, max)].rgb);
  drawCells(canvas, block.length, block[0]?.length ?? 1, (index) => rgbOf(values[index]));
}

/** A sample, (C, H, W) from 0, black, to 1, white. @param {HTMLCanvasElement} canvas @param {Tensor} sample */
export const drawSample = (canvas, sample) => drawPicture(canvas, mapsOf(sample.values));

/** A picture, grey or in red, green and blue, from 0, black, to 1, white. @param {HTMLCanvasElement} canvas @param {Plane[]} planes */
export function drawPicture(canvas, planes) {
  const [rows, cols] = [planes[0]?.length ?? 0, planes[0]?.[0]?.length ?? 1];
  const colours = planes.length === 3 ? planes : [planes[0], planes[0], planes[0]];
  const channels = colours.map((plane = []) => plane.flat());
  drawCells(canvas, rows, cols, (index) => channels.map((values) => Math.round(255 * (values[index] ?? 0))));
}

/** A vector in lines of the given length. @template T @param {T[]} values @param {number} across @returns {T[][]} */
export const lines = (values, across) =>
  Array.from({ length: Math.ceil(values.length / across) }, (_, line) =>
    values.slice(line * across, (line + 1) * across),
  );
