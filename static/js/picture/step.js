// A step of an operation as a picture: its panels, its figure and its arithmetic at a time of the step.

/** @import { Frame } from "../types" */
/** @import { Shape } from "./shapes.js" */
/** @import { Look } from "./sheet.js" */

import { chipOf } from "../draw/chips.js";
import { figureOf, USUAL } from "../draw/figure.js";
import { taps } from "../draw/cells.js";
import { asideOf, eased, opacityAt } from "../motion.js";
import { drawnCard } from "./card.js";
import { drawnPanels } from "./panels.js";
import { shape } from "./shapes.js";
import { Sheet, widthOf } from "./sheet.js";
import { EDGE, whole } from "./whole.js";

const [LEAST, LEAST_ON_PAPER] = [640, 400]; // wide

/** Whatever travels, on its way. @param {Frame} shown @param {Sheet} sheet @returns {Shape[]} */
const flying = (shown, sheet) =>
  sheet.flying.flatMap(({ movement: { what, from, to }, share }) => {
    const [start, end] = [from && sheet.boxOf(from), sheet.boxOf(to)];
    if (!start || !end) return [];
    const middle = (/** @type {"x" | "y"} */ axis, /** @type {"width" | "height"} */ side) => {
      const [one, other] = [start[axis] + start[side] / 2, end[axis] + end[side] / 2];
      return one + (other - one) * eased(share);
    };
    const [x, y] = [middle("x", "width"), middle("y", "height")];
    if (what.kind === "grid") return [laid(shown, sheet, what.grid, { x: x - end.width / 2, y: y - end.height / 2, width: end.width, height: end.height })];
    const chip = chipOf(shown, what);
    const width = Math.max(34, widthOf(chip.text, 14) + 10);
    return [sheet.chip(chip, { x: x + (asideOf(to) * eased(share) - 0.5) * width, y: y - 13, width, height: 26 }, 14, opacityAt(share))];
  });

/** A kernel over cells: its weights in their corners, so that the numbers under it can be read. @param {Frame} shown @param {Sheet} sheet @param {string} id @param {import("./sheet.js").Box} box @returns {Shape} */
function laid(shown, sheet, id, { x, y, width, height }) {
  const model = shown.panels.flatMap(({ grids }) => grids).find((one) => one.id === id);
  const [rows, cols] = [model?.rows ?? 1, model?.cols ?? 1];
  const weights = taps({ height: rows, width: cols }).map(([row, col]) => {
    const chip = chipOf(shown, { kind: "cell", grid: id, row, col });
    const wide = widthOf(chip.text, 11) + 6;
    return sheet.chip(chip, { x: x + ((col + 1) * width) / cols - wide, y: y + ((row + 1) * height) / rows - 14, width: wide, height: 14 }, 11);
  });
  return shape("g", { class: "laid" }, shape("rect", { x, y, width, height, rx: 5, fill: "none", stroke: sheet.token("--accent"), "stroke-width": 2 }), ...weights);
}

/**
 * Draw a frame at a time of its step.
 * @param {Frame} shown @param {number} time in milliseconds; from the motion's length on the step has come about
 * @param {Look} look
 */
export function drawAt(shown, time, look) {
  const sheet = new Sheet(shown.motion, time, shown.figure ? look : { ...look, rules: "" });
  const panels = drawnPanels(shown, sheet, EDGE, EDGE);
  const room = Math.max(sheet.isPaper ? LEAST_ON_PAPER : LEAST, panels.width);
  let y = EDGE + panels.height + EDGE;
  const drawn = [...panels.shapes];
  if (shown.figure) {
    const opacity = sheet.share({ kind: "figure" });
    drawn.push(shape("g", { class: "figure", opacity }, figureOf(shown.figure, USUAL, { x: EDGE, y }, sheet.shades)));
    y += USUAL.height + EDGE;
  }
  drawn.push(shape("path", { d: `M${EDGE} ${y - 12}H${EDGE + room}`, stroke: sheet.token("--line") }));
  const card = drawnCard(shown, sheet, EDGE, y, room);
  const width = Math.max(room, card.width);
  return whole([...drawn, ...card.shapes], { width, height: y + card.height }, shown.sentence, sheet, flying(shown, sheet));
}
