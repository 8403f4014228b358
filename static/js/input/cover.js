// What a hand has just done to a cell is seen at once, over the cell; the frame that has it comes when it is computed.

/** @import { GridModel } from "../types" */

import { ROOM } from "../draw/cells.js";
import { paint } from "../draw/scale.js";
import { cellText } from "../format.js";

/** @param {import("../stage.js").Stage} stage @param {GridModel} model @param {number} row @param {number} col @param {number} value @returns {HTMLElement | undefined} the cell */
export function cover(stage, model, row, col, value) {
  const cell = stage.elementOfCell(model, row, col);
  if (!cell) return undefined;
  const { fill, ink } = paint(value, Math.max(model.max, Math.abs(value)));
  cell.classList.add("painted");
  cell.dataset["painted"] = cellText(value, ROOM.large).text;
  cell.style.setProperty("--painted", fill);
  cell.style.setProperty("--painted-ink", ink);
  return cell;
}

/** @param {HTMLElement} cell */
export function uncover(cell) {
  cell.classList.remove("painted");
  delete cell.dataset["painted"];
}
