// A landscape from above: its relief in bands of the one colour scale, with contour lines. Heights come from the engine.

import { colourOf } from "./series.js";
import { scale } from "./scale.js";

/** @typedef {{ relief: number[][], levels: number[] }} Relief heights to draw, row by row from the top, and where the contour lines are among them */

export const TOP = 1000; // the relief of the highest point
export const STRONGEST = 0.66; // of the colour scale: what is drawn above has to stand out
const BANDED = 0.7; // how much of the colour is the band's, the rest being the height's own
const LINE = 0.26; // how dark a contour line is

/** How a line of values is drawn out: of which four each place is made, and how much of each. @typedef {{ from: Int32Array, share: Float32Array, length: number }} Stretch */

/** By Catmull and Rom (1974): a curve through every value. @param {number} count of values @param {number} length in places @returns {Stretch} */
function stretching(count, length) {
  const from = new Int32Array(4 * length);
  const share = new Float32Array(4 * length);
  const last = count - 1;
  for (let index = 0; index < length; index += 1) {
    const along = (index / Math.max(1, length - 1)) * last;
    const base = Math.min(last, Math.floor(along));
    const t = along - base;
    for (let tap = 0; tap < 4; tap += 1) from[4 * index + tap] = Math.max(0, Math.min(last, base - 1 + tap));
    share[4 * index] = ((2 - t) * t - 1) * t * 0.5;
    share[4 * index + 1] = (t * t * (3 * t - 5) + 2) * 0.5;
    share[4 * index + 2] = ((4 - 3 * t) * t + 1) * t * 0.5;
    share[4 * index + 3] = (t - 1) * t * t * 0.5;
  }
  return { from, share, length };
}

/** @param {ArrayLike<number>} values @param {Stretch} how @param {Float32Array} into @param {number} offset @param {number} stride */
function stretch(values, { from, share, length }, into, offset, stride) {
  for (let index = 0; index < length; index += 1) {
    let sum = 0;
    for (let tap = 4 * index; tap < 4 * index + 4; tap += 1)
      sum += share[tap] * values[from[tap]];
    into[offset + index * stride] = sum;
  }
}

/** The relief at every pixel. @param {number[][]} relief @param {number} width @param {number} height */
function smooth(relief, width, height) {
  const rows = relief.length;
  const across = stretching(relief[0]?.length ?? 0, width);
  const down = stretching(rows, height);
  const wide = new Float32Array(width * rows); // column by column
  relief.forEach((values, row) => stretch(values, across, wide, row, rows));
  const all = new Float32Array(width * height);
  for (let x = 0; x < width; x += 1) stretch(wide.subarray(x * rows, (x + 1) * rows), down, all, x, width);
  return all;
}

/** The colour of every height, from 0 to the top: in bands between the contour lines. @param {number[]} levels */
function ramp(levels) {
  const colours = scale();
  const middle = (colours.length - 1) / 2;
  const edges = [0, ...levels, TOP];
  return Array.from({ length: TOP + 1 }, (_, value) => {
    const band = levels.filter((level) => level <= value).length;
    const flat = (edges[band] + edges[band + 1]) / 2;
    const strength = ((BANDED * flat + (1 - BANDED) * value) / TOP) * STRONGEST;
    return colours[Math.round(middle + strength * middle)].rgb;
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
    const value = Math.max(0, Math.min(TOP, heights[index]));
    const across = index % width === width - 1 ? 0 : heights[index + 1] - value;
    const down = index + width < heights.length ? heights[index + width] - value : 0;
    const whole = Math.round(value);
    const away = Math.abs(value - lines[whole]) / (Math.hypot(across, down) + 1e-6); // in pixels
    const line = LINE * Math.max(0, Math.min(1, 1.1 - away));
    const rgb = colours[whole];
    for (let part = 0; part < 3; part += 1) {
      const colour = rgb[part];
      image.data[4 * index + part] = colour + line * (dark[part] - colour);
    }
    image.data[4 * index + 3] = 255;
  }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}
