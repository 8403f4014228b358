// Copies that travel over the page: a number, or a kernel that lies down on the cells under it.

/** @import { Frame, Part } from "../types" */

import { taps } from "./cells.js";
import { chipOf } from "./chips.js";
import { el } from "./dom.js";
import { paint } from "./scale.js";

const WRITTEN = 44; // pixels of a cell in which there is room for a second number under the first

/** @param {import("./chips.js").Chip} chip @param {string} name */
function pill({ text, value, max }, name) {
  const node = el("span", { class: name }, text);
  if (value !== null && max !== null) {
    const { fill, ink } = paint(value, max);
    Object.assign(node.style, { background: fill, color: ink });
  }
  return node;
}

/** A copy of a part. @param {Frame} frame @param {Part} what @param {{ width: number, height: number }} box how large it is where it arrives */
export function ghostOf(frame, what, box) {
  const ghost = what.kind === "grid" ? kernelOf(frame, what.grid, box) : pill(chipOf(frame, what), "flying");
  ghost.setAttribute("aria-hidden", "true");
  return ghost;
}

/** Its weights in the corners of the cells, so that the numbers under it can be read. @param {Frame} frame @param {string} id @param {{ width: number, height: number }} box */
function kernelOf(frame, id, { width, height }) {
  const model = frame.panels.flatMap(({ grids }) => grids).find((one) => one.id === id);
  const ghost = el("div", { class: "flying laid" });
  Object.assign(ghost.style, { width: `${width}px`, height: `${height}px` });
  if (!model) return ghost;
  const [across, down] = [width / model.cols, height / model.rows];
  for (const [row, col] of taps({ height: model.rows, width: model.cols })) {
    const weight = pill(chipOf(frame, { kind: "cell", grid: id, row, col }), "weight");
    if (across < WRITTEN) weight.textContent = "";
    Object.assign(weight.style, { right: `${width - (col + 1) * across}px`, bottom: `${height - (row + 1) * down}px` });
    ghost.append(weight);
  }
  return ghost;
}
