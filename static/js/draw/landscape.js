// A landscape from above: its relief in bands of the one colour scale, with contour lines. Heights come from the engine.

import { colourOf } from "./series.js";
import { scale } from "./scale.js";

/** @typedef {{ relief: number[][], levels: number[] }} Relief heights to draw, row by row from the top, and where the contour lines are among them */

const TOP = 1000; // the relief of the highest point
const STRONGEST = 0.66; // of the colour scale: what is drawn above has to stand out
const BANDED = 0.7; // how much of the colour is the band's, the rest being the height's own
const LINE = 0.26; // how dark a contour line is

/** The weights of four neighbours at a place between the middle two (Catmull and Rom, 1974). @param {number} t @returns {[number, number, number, number]} */
const weights = (t) => [
  ((2 - t) * t - 1) * t * 0.5,
  (t * t * (3 * t - 5) + 2) * 0.5,
  ((4 - 3 * t) * t + 1) * t * 0.5,
  (t - 1) * t * t * 0.5,
];

/** Values along one line, drawn out to `length` places. @param {ArrayLike<number>} values @param {number} length @param {Float32Array} into @param {number} offset @param {number} stride */
function stretch(values, length, into, offset, stride) {
  const last = values.length - 1;
  const at = (/** @type {number} */ index) => /** @type {number} */ (values[Math.max(0, Math.min(last, index))]);
  for (let place = 0; place < length; place += 1) {
    const along = (place / Math.max(1, length - 1)) * last;
    const base = Math.min(last, Math.floor(along));
    const [a, b, c, d] = weights(along - base);
    into[offset + place * stride] = a * at(base - 1) + b * at(base) + c * at(base + 1) + d * at(base + 2);
  }
}

/** The relief at every pixel. @param {number[][]} relief @param {number} width @param {number} height */
function smooth(relief, width, height) {
  const wide = relief.map((row) => {
    const line = new Float32Array(width);
    stretch(row, width, line, 0, 1);
    return line;
  });
  const all = new Float32Array(width * height);
  const column = new Float32Array(relief.length);
  for (let x = 0; x < width; x += 1) {
    wide.forEach((line, row) => void (column[row] = /** @type {number} */ (line[x])));
    stretch(column, height, all, x, width);
  }
  return all;
}

/** The colour of every height, from 0 to the top: in bands between the contour lines. @param {number[]} levels */
function ramp(levels) {
  const colours = scale();
  const middle = (colours.length - 1) / 2;
  const edges = [0, ...levels, TOP];
  return Array.from({ length: TOP + 1 }, (_, value) => {
    const band = levels.filter((level) => level <= value).length;
    const flat = (/** @type {number} */ (edges[band]) + /** @type {number} */ (edges[band + 1])) / 2;
    const strength = ((BANDED * flat + (1 - BANDED) * value) / TOP) * STRONGEST;
    return /** @type {{ rgb: number[] }} */ (colours[Math.round(middle + strength * middle)]).rgb;
  });
}

/** For every height the nearest contour line. @param {number[]} levels */
const nearest = (levels) =>
  Array.from({ length: TOP + 1 }, (_, value) =>
    levels.reduce((best, level) => (Math.abs(level - value) < Math.abs(best - value) ? level : best)),
  );

/** @param {HTMLCanvasElement} canvas @param {Relief} landscape @param {number} width @param {number} height in pixels of the screen */
export function paintLandscape(canvas, { relief, levels }, width, height) {
  canvas.width = width;
  canvas.height = height;
  const heights = smooth(relief, width, height);
  const colours = ramp(levels);
  const lines = nearest(levels);
  const ink = Number.parseInt(colourOf("--ink").slice(1), 16);
  const dark = [(ink >> 16) & 255, (ink >> 8) & 255, ink & 255];
  const image = new ImageData(width, height);
  for (let index = 0; index < heights.length; index += 1) {
    const value = Math.max(0, Math.min(TOP, /** @type {number} */ (heights[index])));
    const across = index % width === width - 1 ? 0 : /** @type {number} */ (heights[index + 1]) - value;
    const down = index + width < heights.length ? /** @type {number} */ (heights[index + width]) - value : 0;
    const whole = Math.round(value);
    const away = Math.abs(value - /** @type {number} */ (lines[whole])) / (Math.hypot(across, down) + 1e-6); // in pixels
    const line = LINE * Math.max(0, Math.min(1, 1.1 - away));
    const rgb = /** @type {number[]} */ (colours[whole]);
    for (let part = 0; part < 3; part += 1) {
      const colour = /** @type {number} */ (rgb[part]);
      image.data[4 * index + part] = colour + line * (/** @type {number} */ (dark[part]) - colour);
    }
    image.data[4 * index + 3] = 255;
  }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}
