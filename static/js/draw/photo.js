// A photo on a canvas, pixel by pixel as the engine sees it.

import { drawCells } from "./scale.js";

/** @param {HTMLCanvasElement} canvas @param {string} url */
export async function drawFile(canvas, url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext("2d")?.drawImage(image, 0, 0);
}

/** @param {HTMLCanvasElement} canvas @param {Response} answer the pixels as bytes, their shape in a header */
export async function drawPixels(canvas, answer) {
  const [rows = 1, cols = 1] = (answer.headers.get("X-Tensor-Shape") ?? "").split(",").map(Number);
  const rgb = new Uint8Array(await answer.arrayBuffer());
  drawCells(canvas, rows, cols, (index) => rgb.subarray(3 * index, 3 * index + 3));
}
