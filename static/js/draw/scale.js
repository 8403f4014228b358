// The one diverging colour scale: blue for positive, orange for negative, the zero token at zero, mixed in OKLab.
// The text on a colour is black or white, whichever is easier to read on it.

const STEPS = 127; // each way from zero

/** @typedef {[number, number, number]} Triple */

/** @param {Triple} triple @param {(value: number, axis: number) => number} change @returns {Triple} */
const each = ([one, two, three], change) => [change(one, 0), change(two, 1), change(three, 2)];

/** @param {string} hex @returns {Triple} */
const parseHex = (hex) => {
  const value = Number.parseInt(hex.trim().slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
};

/** @param {number} c */
const toLinear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
/** @param {number} c */
const toGamma = (c) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);

/** Björn Ottosson, "A perceptual color space for image processing", 2020. @param {Triple} rgb @returns {Triple} */
function toOklab(rgb) {
  const [r, g, b] = each(rgb, toLinear);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** @param {Triple} lab @returns {Triple} */
function fromOklab([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  /** @type {Triple} */
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return each(linear, (c) => Math.round(255 * toGamma(Math.min(1, Math.max(0, c)))));
}

/** @param {Triple} rgb 0 to 255 @returns {string} */
function readableOn(rgb) {
  const [r, g, b] = each(rgb, (c) => toLinear(c / 255));
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b; // WCAG 2: black wins from about 0.18 up
  return (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) ? "#000" : "#fff";
}

const DIM = 0.6; // how far a cell that the step is not about goes towards the card

/** @typedef {{ fill: string, ink: string }} Paint a colour, and that of the text on it */
/** All the colours, from the strongest negative to the strongest positive. @typedef {(Paint & { rgb: Triple, dim: Paint })[]} Shades */

/** The tables by the token of what is positive. @type {Map<string, Shades>} */
const tables = new Map();

/** The scale between three colours. @param {(name: string) => string} valueOf a token @param {string} [above] the token of what is positive @returns {Shades} */
export function shadesOf(valueOf, above = "--positive") {
  const token = (/** @type {string} */ name) => toOklab(parseHex(valueOf(name)));
  const [zero, positive, negative] = [token("--zero"), token(above), token("--negative")];
  const card = token("--card");
  return Array.from({ length: 2 * STEPS + 1 }, (_, index) => {
    const lab = mixed(zero, index < STEPS ? negative : positive, Math.abs(index - STEPS) / STEPS);
    const rgb = fromOklab(lab);
    return { rgb, ...painted(rgb), dim: painted(fromOklab(mixed(lab, card, DIM))) };
  });
}

/** @param {Triple} one @param {Triple} other @param {number} share of the other @returns {Triple} */
const mixed = (one, other, share) => each(one, (from, axis) => from + (other[axis] - from) * share);

/** @param {Triple} rgb 0 to 255 @returns {Paint} */
const painted = (rgb) => ({ fill: `rgb(${rgb.join(" ")})`, ink: readableOn(rgb) });

// Heard before whoever draws with the colours hears of another theme: they import this module first.
globalThis.document?.addEventListener("themechange", () => tables.clear());

/** The colours of the theme that is shown. @param {string} [hue] that of a colour channel, red, green or blue, which is seen in its own */
export function scale(hue = "positive") {
  const known = tables.get(hue);
  if (known) return known;
  const style = getComputedStyle(document.documentElement);
  const fresh = shadesOf((name) => style.getPropertyValue(name), `--${hue}`);
  tables.set(hue, fresh);
  return fresh;
}

/**
 * The place of a value on the scale.
 * @param {number} value @param {number} max the magnitude that has the strongest colour
 */
export function shade(value, max) {
  const strength = max > 0 ? Math.max(-1, Math.min(1, value / max)) : 0;
  return Math.round(strength * STEPS) + STEPS;
}

/** @param {number} value @param {number} max @param {Shades} [shades] @returns {Paint} */
export const paint = (value, max, shades = scale()) => shades[shade(value, max)];

/** The same of a cell that the step is not about. @param {number} value @param {number} max @param {Shades} [shades] @returns {Paint} */
export const dimmed = (value, max, shades = scale()) => shades[shade(value, max)].dim;

/** The magnitude that has the strongest colour. @param {Iterable<number | null | undefined>} values */
export function strongest(values) {
  let max = 0;
  for (const value of values) if (value !== null && value !== undefined) max = Math.max(max, Math.abs(value));
  return max;
}

/**
 * A picture, one pixel for each cell, row by row.
 * @param {HTMLCanvasElement} canvas @param {number} rows @param {number} cols @param {(index: number) => ArrayLike<number> | null} rgbOf its red, green and blue; none: it is clear
 */
export function drawCells(canvas, rows, cols, rgbOf) {
  if (canvas.width !== cols) canvas.width = cols;
  if (canvas.height !== rows) canvas.height = rows;
  const image = new ImageData(cols, rows);
  const { data } = image;
  for (let index = 0, at = 0; index < rows * cols; index += 1, at += 4) {
    const rgb = rgbOf(index);
    if (!rgb) continue;
    data[at] = rgb[0];
    data[at + 1] = rgb[1];
    data[at + 2] = rgb[2];
    data[at + 3] = 255;
  }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/** Values as a picture. @param {HTMLCanvasElement} canvas @param {(number | null)[][]} rows @param {number} [max] the magnitude that has the strongest colour */
export function drawSwatch(canvas, rows, max = strongest(rows.flat())) {
  const [colours, values] = [scale(), rows.flat()];
  drawCells(canvas, rows.length, rows[0]?.length ?? 1, (index) => colours[shade(values[index] ?? 0, max)].rgb);
}
