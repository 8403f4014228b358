// Tensors as pictures: weights and maps on the one diverging scale, the samples themselves grey or in colour.

/** @import { Tensor } from "../types" */
/** @import { Value } from "../nested.js" */

import { mapsOf, valuesIn } from "../nested.js";
import { scale, shade, strongest } from "./scale.js";

/** @typedef {Value[][]} Plane null: no number, or none that is finite */

/** Row by row, whatever its shape. @param {Tensor} tensor */
export const flatValues = (tensor) => valuesIn(tensor.values);

/** The strongest magnitude in a tensor, null for none. @param {Tensor | null | undefined} tensor */
export const strengthIn = (tensor) => (tensor ? strongest(flatValues(tensor)) : 0);

/** @param {HTMLCanvasElement} canvas @param {Plane} plane @param {number} max the magnitude with the strongest colour */
export function drawPlane(canvas, plane, max) {
  const [rows, cols] = [plane.length, plane[0]?.length ?? 1];
  const image = sized(canvas, rows, cols);
  const colours = scale();
  let at = 0;
  for (const row of plane)
    for (const value of row) {
      const rgb = colours[shade(value ?? 0, max)]?.rgb ?? [0, 0, 0];
      image.data[at] = rgb[0];
      image.data[at + 1] = rgb[1];
      image.data[at + 2] = rgb[2];
      image.data[at + 3] = 255;
      at += 4;
    }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

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
  const image = sized(canvas, block.length, block[0]?.length ?? 1);
  const colours = scale();
  block.flat().forEach((value, index) => {
    if (value === null) return;
    image.data.set([...(colours[shade(value, max)]?.rgb ?? [0, 0, 0]), 255], 4 * index);
  });
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/** A sample, (C, H, W) from 0, black, to 1, white. @param {HTMLCanvasElement} canvas @param {Tensor} sample */
export const drawSample = (canvas, sample) => drawPicture(canvas, mapsOf(sample.values));

/** A picture, grey or in red, green and blue, from 0, black, to 1, white. @param {HTMLCanvasElement} canvas @param {Plane[]} planes */
export function drawPicture(canvas, planes) {
  const [grey = []] = planes;
  const image = sized(canvas, grey.length, grey[0]?.length ?? 1);
  let at = 0;
  grey.forEach((line, row) =>
    line.forEach((value, col) => {
      for (let channel = 0; channel < 3; channel += 1)
        image.data[at + channel] = Math.round(255 * ((planes.length === 3 ? planes[channel]?.[row]?.[col] : value) ?? 0));
      image.data[at + 3] = 255;
      at += 4;
    }),
  );
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/** A vector in lines of the given length. @template T @param {T[]} values @param {number} across @returns {T[][]} */
export const lines = (values, across) =>
  Array.from({ length: Math.ceil(values.length / across) }, (_, line) =>
    values.slice(line * across, (line + 1) * across),
  );

/** @param {HTMLCanvasElement} canvas @param {number} rows @param {number} cols */
function sized(canvas, rows, cols) {
  if (canvas.height !== rows) canvas.height = rows;
  if (canvas.width !== cols) canvas.width = cols;
  return new ImageData(cols, rows);
}
