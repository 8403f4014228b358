// A frame at a time of its step as one SVG that needs nothing else: no page, no font, no style sheet.

/** @import { Frame, TraceAnswer } from "../types" */
/** @import { Shape } from "./shapes.js" */

import { chipOf } from "../draw/chips.js";
import { figureOf, USUAL } from "../draw/figure.js";
import { taps } from "../draw/cells.js";
import { frame } from "../frame.js";
import { asideOf, eased, lengthOf } from "../motion.js";
import { stepIn } from "../timeline.js";
import { cardOf } from "./card.js";
import { panelsOf } from "./panels.js";
import { shape, written } from "./shapes.js";
import { Sheet, widthOf } from "./sheet.js";

const EDGE = 28;
const LEAST = 640; // wide
const SENTENCE = 16;
const LINE = 24;

/** What a picture looks like: a colour for each name of a token, and rules for its figures. @typedef {{ tokens: Record<string, string>, rules: string }} Look */

/** A text in lines. @param {string} text @param {number} room */
function lines(text, room) {
  return text.split(" ").reduce((/** @type {string[]} */ found, word) => {
    const longer = `${found.at(-1) ?? ""} ${word}`.trim();
    if (found.length && widthOf(longer, SENTENCE) <= room) found[found.length - 1] = longer;
    else found.push(word);
    return found;
  }, []);
}

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
    return [sheet.chip(chip, { x: x + (asideOf(to) * eased(share) - 0.5) * width, y: y - 13, width, height: 26 }, 14)];
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
export function drawAt(shown, time, { tokens, rules }) {
  const sheet = new Sheet(shown.motion, time, (name) => tokens[name] ?? "");
  const panels = panelsOf(shown, sheet, EDGE, EDGE);
  const room = Math.max(LEAST, panels.width);
  let y = EDGE + panels.height + EDGE;
  const drawn = [...panels.shapes];
  if (shown.figure) {
    const opacity = sheet.share({ kind: "figure" });
    drawn.push(shape("g", { class: "figure", opacity }, figureOf(shown.figure, USUAL, { x: EDGE, y }, sheet.shades)));
    y += USUAL.height + EDGE;
  }
  drawn.push(shape("path", { d: `M${EDGE} ${y - 12}H${EDGE + room}`, stroke: sheet.token("--line") }));
  const card = cardOf(shown, sheet, EDGE, y, room);
  const width = Math.max(room, card.width);
  y += card.height + EDGE;
  const sentence = lines(shown.sentence, width);
  const opacity = sheet.share({ kind: "sentence" });
  drawn.push(...card.shapes, shape("g", { class: "sentence" }, ...sentence.map((words, index) => sheet.text(words, EDGE, y + index * LINE, { size: SENTENCE, opacity }))));
  const size = { width: Math.ceil(width + 2 * EDGE), height: Math.ceil(y + sentence.length * LINE) };
  const ground = shape("rect", { ...size, fill: sheet.token("--card") });
  const style = shown.figure ? [shape("style", {}, rules)] : [];
  const fonts = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', 'Liberation Sans', sans-serif";
  const attributes = { xmlns: "http://www.w3.org/2000/svg", ...size, viewBox: `0 0 ${size.width} ${size.height}`, role: "img", "font-family": fonts };
  return written(shape("svg", attributes, shape("title", {}, shown.sentence), ...style, ground, ...drawn, ...flying(shown, sheet)));
}

/**
 * The picture of a step of a trace.
 * @param {TraceAnswer} answer as the API gives it, with its card @param {number} index of a step that it has
 * @param {number | null} time in milliseconds; null: when the step has come about @param {Look} look
 */
export function pictureOf(answer, index, time, look) {
  const trace = { ...answer, total: answer.steps.total, at: (/** @type {number} */ at) => stepIn(answer.steps, at) };
  const step = trace.at(index);
  if (!step) throw new Error(`step ${index} is not among those of the answer`);
  const shown = frame(trace, step);
  return drawAt(shown, time ?? lengthOf(shown.motion), look);
}
