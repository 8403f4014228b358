// A photo on a canvas, pixel by pixel as the engine sees it.

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
  canvas.width = cols;
  canvas.height = rows;
  const image = new ImageData(cols, rows);
  for (let pixel = 0; pixel < rows * cols; pixel += 1) {
    image.data.set(rgb.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel);
    image.data[4 * pixel + 3] = 255;
  }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}
