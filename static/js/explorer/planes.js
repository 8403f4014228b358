// The values of a reason as planes: what stands where, and a picture of them.

/** @import { Plane } from "../draw/pictures.js" */

import { el } from "../draw/dom.js";
import { drawSwatch, strongest } from "../draw/scale.js";
import { drawMosaic, drawPicture, lines, mosaic } from "../draw/pictures.js";
import { mapsOf, planeOf, valuesIn } from "../nested.js";
import { ACROSS, positionIn } from "./positions.js";

/** Planes of rows, whatever the shape. @param {number[]} shape @param {unknown} values @returns {Plane[]} */
export function shapedPlanes(shape, values) {
  if (shape.length === 3) return mapsOf(values);
  return [shape.length === 2 ? planeOf(values) : lines(valuesIn(values), ACROSS)];
}

/** A plane as a small picture. @param {Plane} plane @param {number} max */
export function paintedPlane(plane, max) {
  const canvas = el("canvas", { "aria-hidden": "true" });
  drawSwatch(canvas, plane, max);
  return canvas;
}

/** All planes of some values in one small picture. @param {number[]} shape @param {unknown} values */
export function thumbOf(shape, values) {
  const planes = shapedPlanes(shape, values);
  const canvas = el("canvas", { "aria-hidden": "true" });
  drawMosaic(canvas, mosaic(planes), strongest(planes.flat(2)));
  return canvas;
}

/** Some cells of a shape on one plane, whatever map they are of. @param {number[]} shape @param {number[][]} cells */
export function marksOf(shape, cells) {
  const [height = 1, width = 1] = shape.length === 1 ? [Math.ceil((shape[0] ?? 1) / ACROSS), ACROSS] : shape.slice(-2);
  /** @type {Plane} */
  const plane = Array.from({ length: height }, () => new Array(width).fill(0));
  for (const cell of cells) {
    const { row, col } = positionIn(shape, cell);
    plane[row][col] = 1;
  }
  return paintedPlane(plane, 1);
}

/**
 * A picture, with some of it outlined: first row, first column, height, width.
 * @param {Plane[]} picture @param {readonly number[] | null} [outlined]
 */
export function outlinedPicture(picture, outlined) {
  const canvas = el("canvas", { "aria-hidden": "true" });
  drawPicture(canvas, picture);
  const box = el("span", { class: "outlined" }, canvas);
  if (!outlined) return box;
  const [top = 0, left = 0, height = 1, width = 1] = outlined;
  const mark = el("span", {});
  const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
  Object.assign(mark.style, {
    top: share(top, canvas.height),
    left: share(left, canvas.width),
    height: share(height, canvas.height),
    width: share(width, canvas.width),
  });
  box.append(mark);
  return box;
}
