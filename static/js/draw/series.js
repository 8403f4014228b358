// How several lines on one picture are told apart: by dash and marker first, by colour as well.

import { svg } from "./dom.js";

const SAMPLE_WIDTH = 34;
const SAMPLE_HEIGHT = 14;

/** @typedef {{ token: string, dash: number[], marker: string, path: string }} SeriesStyle */

/** Marker outlines about the origin, about one unit each way. */
const MARKERS = {
  circle: "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z",
  square: "M-.88-.88H.88V.88H-.88Z",
  triangle: "M0-1.2L1.1.8H-1.1Z",
  diamond: "M0-1.3L1.15 0L0 1.3L-1.15 0Z",
  down: "M0 1.2L1.1-.8H-1.1Z",
  plus: "M-.4-1.15H.4V-.4H1.15V.4H.4V1.15H-.4V.4H-1.15V-.4H-.4Z",
  bar: "M-1.3-.5H1.3V.5H-1.3Z",
  star: "M0-1.35L.38-.44L1.3-.4L.6.2L.82 1.1L0 .6L-.82 1.1L-.6.2L-1.3-.4L-.38-.44Z",
};

/** @param {number} colour @param {keyof typeof MARKERS} marker @param {number[]} dash @returns {SeriesStyle} */
const style = (colour, marker, dash) => ({ token: `--series-${colour}`, dash, marker, path: MARKERS[marker] });

/** In the order in which a picture gives them out. */
const STYLES = [
  style(1, "circle", []),
  style(2, "square", [10, 4]),
  style(3, "triangle", [2, 4]),
  style(4, "diamond", [10, 4, 2, 4]),
  style(5, "down", [5, 4]),
  style(6, "star", [16, 4]),
  style(7, "plus", [8, 3, 2, 3, 2, 3]),
  style(8, "bar", [3, 3]),
];

/** @param {number} index @returns {SeriesStyle} */
export const styleOf = (index) => STYLES[index % STYLES.length];

/** @type {Map<string, string>} */
const colours = new Map();
globalThis.document?.addEventListener("themechange", () => colours.clear());

/** The present value of a colour token, for a canvas. @param {string} token */
export function colourOf(token) {
  let colour = colours.get(token);
  if (!colour) {
    colour = getComputedStyle(document.documentElement).getPropertyValue(token).trim();
    colours.set(token, colour);
  }
  return colour;
}

/** @type {Map<string, Path2D>} */
const outlines = new Map();

/**
 * A marker on a canvas, with a rim in the colour of the card so that it stands out from what it lies on.
 * @param {CanvasRenderingContext2D} context @param {SeriesStyle} style @param {number} x @param {number} y @param {number} radius
 */
export function drawMarker(context, { path, token }, x, y, radius) {
  let outline = outlines.get(path);
  if (!outline) {
    outline = new Path2D(path);
    outlines.set(path, outline);
  }
  context.save();
  context.translate(x, y);
  context.scale(radius, radius);
  context.setLineDash([]);
  context.lineJoin = "round";
  context.lineWidth = 3 / radius;
  context.strokeStyle = colourOf("--card");
  context.stroke(outline);
  context.fillStyle = colourOf(token);
  context.fill(outline);
  context.restore();
}

/** A piece of the line with its marker, for a legend. @param {SeriesStyle} style */
export function sample({ token, dash, path }) {
  const node = svg("svg", { class: "series-sample", viewBox: `0 0 ${SAMPLE_WIDTH} ${SAMPLE_HEIGHT}`, "aria-hidden": "true" });
  const middle = SAMPLE_HEIGHT / 2;
  const line = svg("line", { x1: 1, y1: middle, x2: SAMPLE_WIDTH - 1, y2: middle, "stroke-width": 2 });
  if (dash.length) line.setAttribute("stroke-dasharray", dash.join(" "));
  const marker = svg("path", { d: path, transform: `translate(${SAMPLE_WIDTH / 2} ${middle}) scale(4.5)` });
  line.style.stroke = marker.style.fill = `var(${token})`;
  node.append(line, marker);
  return node;
}
