// The panels of a picture: grids side by side with the signs between them, each cell as large as its digits need.

/** @import { Frame, GridModel, Panel, Part, Region } from "../types" */
/** @import { Sheet } from "./sheet.js" */
/** @import { Shape } from "./shapes.js" */

import { bandOf, isUnread, kindOf, ROOM } from "../draw/cells.js";
import { chipOf } from "../draw/chips.js";
import { isPart } from "../draw/extent.js";
import { leadOf } from "../draw/layout.js";
import { arrow, boxOf } from "../draw/overlays.js";
import { cellText } from "../format.js";
import { say } from "../words.js";
import { partWords, seenOf } from "./part.js";
import { shape } from "./shapes.js";
import { widthOf } from "./sheet.js";

const CELL = 36;
const GAP = 2;
const PITCH = CELL + GAP;
const DIGITS = 13;
const MARK = 10; // why a number is 0, in the corner of its cell
const HEAD = 24; // the title over a panel
const EDGE = 5; // around the cells of a part, for lines
const CAPTION = 18;
const BETWEEN = 16; // two grids of a panel
const SIGN = 44; // the room of a sign
const BELOW = 28; // between two lines of panels
const WIDEST = { file: 1600, paper: 900 }; // of a line, where the panels have to be on several
const WRAPPED = 16; // cells in a line of a vector
const FEW = 4; // grids of a panel beside each other

/** How many rows and columns a grid takes; a vector goes on below. @param {GridModel} model @param {boolean} isPaper */
function extent(model, isPaper) {
  const { rows, cols } = seenOf(model, isPaper);
  return model.wrap ? [Math.ceil(cols / WRAPPED), Math.min(cols, WRAPPED)] : [rows, cols];
}

/** Where a cell is on its grid, in pixels. @param {GridModel} model @param {number} row @param {number} col */
const cornerOf = ({ wrap }, row, col) =>
  wrap ? { x: (col % WRAPPED) * PITCH, y: Math.floor(col / WRAPPED) * PITCH } : { x: col * PITCH, y: row * PITCH };

/** What stands in a cell at this time, and of what kind it is. @param {Frame} frame @param {GridModel} model @param {number} index @param {Sheet} sheet */
function contents(frame, model, index, sheet) {
  /** @type {Part} */
  const part = { kind: "cell", grid: model.id, row: Math.floor(index / model.cols), col: index % model.cols };
  const kind = kindOf(model, index);
  const share = sheet.share(part);
  if (share > 0) return { part, kind, share, chip: chipOf(frame, part) };
  const was = model.before?.values?.[index];
  if (was === undefined || was === null) return { part, kind: "pending", share: 1, chip: null };
  return { part, kind, share: 1, chip: { ...chipOf(frame, part), text: chipOf({ ...frame, panels: [] }, part).text || String(was), value: was } };
}

/** @param {Frame} frame @param {GridModel} model @param {number} index @param {number} left @param {number} top @param {Sheet} sheet @returns {Shape[]} */
function cell(frame, model, index, left, top, sheet) {
  const { part, kind, share, chip } = contents(frame, model, index, sheet);
  const { x, y } = cornerOf(model, part.row, part.col);
  const box = { x: left + x, y: top + y, width: CELL, height: CELL };
  sheet.put(part, box);
  if (kind === "outside") return [];
  const outline = shape("rect", { x: box.x + 0.5, y: box.y + 0.5, width: CELL - 1, height: CELL - 1, rx: 4, fill: "none", stroke: sheet.token("--outline"), class: kind, ...(kind === "padding" ? { "stroke-dasharray": "3 2" } : {}) });
  const size = chip && chip.text.length > 4 ? DIGITS - 2 : DIGITS;
  const middle = [box.x + CELL / 2, box.y + CELL / 2 + size * 0.36];
  const note = model.notes?.get(index)?.mark;
  const marked = note && chip && kind !== "pending" ? [noted(sheet, note, box, kind === "padding" ? undefined : chip, share)] : [];
  if (kind === "padding") return [outline, sheet.text(chip?.text ?? "", middle[0] ?? 0, middle[1] ?? 0, { size, anchor: "middle", fill: sheet.token("--ink-soft") }), ...marked];
  if (!chip || kind === "pending") return [outline];
  const unread = isUnread(model, index) ? [shape("path", { d: `M${box.x} ${box.y + CELL}L${box.x + CELL} ${box.y}`, stroke: sheet.token("--ink-soft"), fill: "none" })] : [];
  const token = bandOf(model, index);
  const band = token ? [shape("rect", { x: box.x, y: box.y + CELL - 4, width: CELL, height: 4, rx: 2, fill: sheet.token(token), opacity: share, class: "band" })] : [];
  return [...(share < 1 ? [outline] : []), sheet.chip(chip, box, size, share), ...band, ...unread, ...marked];
}

/** The mark of a cell, in its upper right corner. @param {Sheet} sheet @param {string} mark @param {{ x: number, y: number }} box @param {import("../draw/chips.js").Chip | undefined} chip that it lies on @param {number} opacity */
function noted(sheet, mark, { x, y }, chip, opacity) {
  const ink = chip && chip.value !== null && chip.max !== null ? { fill: sheet.paint(chip.value, chip.max, chip.hue).ink } : {};
  return shape("g", { class: "note" }, sheet.text(mark, x + CELL - 3, y + MARK, { size: MARK, anchor: "end", weight: 700, opacity, ...ink }));
}

/** A double line, dark and light, around cells; around each of them where they are spread. @param {Region} region @param {GridModel} model @param {number} left @param {number} top @param {Sheet} sheet @returns {Shape[]} */
function windowOver(region, model, left, top, sheet) {
  const { row, col, height, width, rowStep, colStep } = region;
  const spread = rowStep > 1 || colStep > 1;
  const around = (/** @type {number} */ r, /** @type {number} */ c, /** @type {number} */ down, /** @type {number} */ across) => {
    const { x, y } = cornerOf(model, r, c);
    const box = { x: left + x - 2, y: top + y - 2, width: across * PITCH - GAP + 4, height: down * PITCH - GAP + 4, rx: 5, fill: "none" };
    return [
      shape("rect", { ...box, stroke: sheet.token("--card"), "stroke-width": 5 }),
      shape("rect", { ...box, stroke: sheet.token("--accent"), "stroke-width": 3, class: "window" }),
    ];
  };
  if (!spread) return around(row, col, height, width);
  return Array.from({ length: height * width }, (_, k) => around(row + Math.floor(k / width) * rowStep, col + (k % width) * colStep, 1, 1)).flat();
}

/** @param {Frame} frame @param {GridModel} model @param {number} left @param {number} top @param {Sheet} sheet @returns {Shape} */
function grid(frame, model, left, top, sheet) {
  const [rows = 0, cols = 0] = extent(model, sheet.isPaper);
  const caption = model.caption ? [sheet.text(`${model.captionWord ?? ""} ${model.caption}`.trim(), left, top - 6, { size: 12, fill: sheet.token(model.tint ? `--${model.tint}` : "--ink-soft") })] : [];
  const box = { x: left, y: top, width: cols * PITCH - GAP, height: rows * PITCH - GAP };
  sheet.put({ kind: "grid", grid: model.id }, box);
  const seen = seenOf(model, sheet.isPaper);
  const { x, y } = model.wrap ? { x: 0, y: 0 } : cornerOf(model, seen.row, seen.col);
  const drawn = gridParts(frame, model, left - x, top - y, sheet);
  return shape("g", { "data-grid": model.id }, shape("title", {}, model.label), ...caption, ...(isPart(model, seen) ? [cut(drawn, box)] : drawn));
}

/** As much as lies in a box, with the lines around its cells. @param {Shape[]} drawn @param {{ x: number, y: number, width: number, height: number }} box */
function cut(drawn, { x, y, width, height }) {
  const size = { x: x - EDGE, y: y - EDGE, width: width + 2 * EDGE, height: height + 2 * EDGE };
  return shape("svg", { ...size, viewBox: Object.values(size).join(" ") }, ...drawn);
}

/** All that lies on a grid. @param {Frame} frame @param {GridModel} model @param {number} left @param {number} top @param {Sheet} sheet @returns {Shape[]} */
function gridParts(frame, model, left, top, sheet) {
  const { row, col, rows, cols } = seenOf(model, sheet.isPaper);
  const isSeen = (/** @type {number} */ r, /** @type {number} */ c) => r >= row && r < row + rows && c >= col && c < col + cols;
  const cells = Array.from({ length: model.rows * model.cols }, (_, index) =>
    isSeen(Math.floor(index / model.cols), index % model.cols) ? cell(frame, model, index, left, top, sheet) : [],
  ).flat();
  const over = model.region ? windowOver(sheet.window(model.id, model.region), model, left, top, sheet) : [];
  if (model.region) sheet.put({ kind: "window", grid: model.id, region: model.region }, boxOver(model.region, left, top));
  const [scale, at] = [{ pitch: PITCH, size: CELL }, { fill: "none", transform: `translate(${left} ${top})` }];
  const arrows = (model.arrows ?? []).map(({ from, to }) => shape("path", { d: arrow(from, to, scale), ...at, stroke: sheet.token("--accent"), "stroke-width": 1.75 }));
  const windows = (model.windows ?? []).map((one, index) => {
    const lost = one.won === false ? { "stroke-dasharray": "3 3" } : {};
    return shape("rect", { ...boxOf(one, index, scale), ...at, rx: 3, stroke: sheet.token("--frame"), "stroke-width": 1.5, ...lost });
  });
  return [...cells, ...marks(model, left, top, sheet), ...windows, ...over, ...arrows];
}

/** @param {Region} region @param {number} left @param {number} top */
const boxOver = ({ row, col, height, width, rowStep, colStep }, left, top) => ({
  x: left + col * PITCH,
  y: top + row * PITCH,
  width: ((width - 1) * colStep + 1) * PITCH - GAP,
  height: ((height - 1) * rowStep + 1) * PITCH - GAP,
});

/** @param {GridModel} model @param {number} left @param {number} top @param {Sheet} sheet @returns {Shape[]} */
function marks(model, left, top, sheet) {
  if (!model.marked || (model.region && sheet.share({ kind: "choice" }) === 0)) return [];
  const { x, y } = cornerOf(model, model.marked[0], model.marked[1]);
  return [shape("rect", { x: left + x + 1.5, y: top + y + 1.5, width: CELL - 3, height: CELL - 3, rx: 3, fill: "none", stroke: sheet.token("--accent"), "stroke-width": 3, class: "marked" })];
}

/** Whether a number of a grid is rounded in its cell. @param {GridModel} model */
const isRounded = ({ values, filled }) => values.some((value, index) => index < filled && typeof value === "number" && cellText(value, ROOM.large).rounded);

/** @param {Panel} panel @param {boolean} isPaper */
function noteOf({ note, grids }, isPaper) {
  const [part] = grids.map((model) => partWords(model, isPaper));
  return [note, part, grids.some(isRounded) ? say("stage.rounded") : ""].filter(Boolean).join(" · ");
}

/** How much room a panel takes, and where its grids begin in it. @param {Panel} panel @param {boolean} isPaper */
function measured(panel, isPaper) {
  const { title, grids } = panel;
  const captions = grids.some(({ caption }) => caption) ? CAPTION : 0;
  const [rows = 0, cols = 0] = [0, 1].map((axis) => Math.max(0, ...grids.map((model) => extent(model, isPaper)[axis] ?? 0)));
  const across = Math.min(grids.length, FEW);
  const [wide, tall] = [cols * PITCH - GAP + BETWEEN, rows * PITCH - GAP + BETWEEN + captions];
  const head = widthOf(`${title}  ${noteOf(panel, isPaper)}`, 15);
  return {
    width: Math.max(across * wide - BETWEEN, head),
    height: HEAD + Math.ceil(grids.length / FEW) * tall - BETWEEN,
    corners: grids.map((_, index) => ({ x: (index % FEW) * wide, y: HEAD + captions + Math.floor(index / FEW) * tall })),
  };
}

/** Which panels share a line. @param {Frame} frame @param {boolean} isPaper @returns {Panel[][]} */
function linesOf({ panels, lines }, isPaper) {
  if (lines) return lines.wide.map((ids) => panels.filter(({ id }) => ids.includes(id)));
  let room = 0;
  return panels.reduce((/** @type {Panel[][]} */ found, panel) => {
    const { width } = measured(panel, isPaper);
    room -= width + SIGN;
    if (room >= 0) found.at(-1)?.push(panel);
    else {
      found.push([panel]);
      room = (isPaper ? WIDEST.paper : WIDEST.file) - width;
    }
    return found;
  }, []);
}

/**
 * All the panels, from a corner on.
 * @param {Frame} frame @param {Sheet} sheet @param {number} left @param {number} top
 * @returns {{ shapes: Shape[], width: number, height: number }}
 */
export function drawnPanels(frame, sheet, left, top) {
  let [width, y] = [0, top];
  const lines = linesOf(frame, sheet.isPaper);
  const order = frame.panels.map(({ id }) => id);
  const shapes = lines.flatMap((line, at) => {
    const sizes = line.map((panel) => measured(panel, sheet.isPaper));
    const height = Math.max(...sizes.map((size) => size.height));
    let x = left;
    const drawn = line.flatMap((panel, index) => {
      const size = sizes[index];
      const signed = index > 0 ? SIGN : 0;
      x += signed;
      const from = y + (height - size.height) / 2;
      const sign = signed ? [sheet.text(panel.sign, x - SIGN / 2, y + (height + HEAD) / 2 + 8, { size: 24, anchor: "middle", fill: sheet.token("--ink-soft") })] : [];
      const parted = index ? "" : leadOf(order, lines, at);
      const lead = parted ? [shape("tspan", { fill: sheet.token("--ink-soft") }, `${parted} `)] : [];
      const title = shape("tspan", { "font-weight": 600, fill: sheet.token("--ink") }, panel.title);
      const note = shape("tspan", { dx: GAP * 4, fill: sheet.token("--ink-soft") }, noteOf(panel, sheet.isPaper));
      const head = shape("text", { x, y: from + 14, "font-size": 14 }, ...lead, title, note);
      const grids = panel.grids.map((model, k) => grid(frame, model, x + (size.corners[k]?.x ?? 0), from + (size.corners[k]?.y ?? 0), sheet));
      x += size.width;
      return [...sign, shape("g", { "data-panel": panel.id }, head, ...grids)];
    });
    width = Math.max(width, x - left);
    y += height + BELOW;
    return drawn;
  });
  return { shapes, width, height: y - BELOW - top };
}
