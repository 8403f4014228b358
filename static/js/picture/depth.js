// A step of a deep network that learns as a picture: a bar for each layer's values and gradient, and each one's way back.

/** @import { DepthFrame, DepthRow, DepthSide, DepthSize } from "../types" */
/** @import { Look } from "./sheet.js" */

import { number } from "../format.js";
import { needed } from "../needed.js";
import { say } from "../words.js";
import { shape } from "./shapes.js";
import { Sheet } from "./sheet.js";
import { LINE, tableOf } from "./table.js";
import { EDGE, whole } from "./whole.js";

const NUMBER = 28; // the room of a layer's number
const BAR = 240;
const DIGITS = 90; // beside a bar
const THICK = 14;
const COLUMNS = [NUMBER, NUMBER + BAR + DIGITS]; // where the bars begin
const IDLE = NUMBER + 2 * (BAR + DIGITS);

/** @param {DepthSize} size @param {number} x @param {number} y the line that its number stands on @param {string} kind @param {Sheet} sheet */
function bar({ share, text }, x, y, kind, sheet) {
  const box = { x, y: y - THICK + 2, height: THICK, rx: 3 };
  const token = kind === "values" ? "--accent" : "--positive";
  return [
    shape("rect", { ...box, width: BAR, fill: sheet.token("--zero") }),
    shape("rect", { ...box, width: BAR * (share ?? 0), fill: sheet.token(token), class: `bar ${kind}` }),
    sheet.text(text, x + BAR + 8, y, { size: 13, weight: 600 }),
  ];
}

/** The layers of a network, one below the other. @param {DepthSide} side @param {DepthFrame["ends"]} ends @param {number} top @param {Sheet} sheet */
function layers({ rows, idle }, ends, top, sheet) {
  const fill = sheet.token("--ink-soft");
  const heads = [say("depth.values"), say("depth.gradients")].flatMap((title, index) => {
    const [x, [low, high]] = [EDGE + (COLUMNS[index] ?? 0), index ? ends.gradient : ends.value];
    return [
      sheet.text(title, x, top + 14, { weight: 600 }),
      sheet.text(low, x, top + 14 + LINE, { size: 11, fill }),
      sheet.text(high, x + BAR, top + 14 + LINE, { size: 11, anchor: "end", fill }),
    ];
  });
  const title = rows.some((row) => row.idle) ? [sheet.text(idle, EDGE + IDLE, top + 14, { size: 13, fill })] : [];
  const shapes = rows.flatMap((row, layer) => {
    const y = top + 14 + (layer + 2) * LINE;
    const label = sheet.text(String(layer + 1), EDGE, y, { size: 13, weight: 600 });
    const sized = [...bar(row.value, EDGE + NUMBER, y, "values", sheet), ...bar(row.gradient, EDGE + (COLUMNS[1] ?? 0), y, "gradients", sheet)];
    const idle = row.idle ? [sheet.text(row.idle, EDGE + IDLE, y, { size: 13 })] : [];
    return [label, ...sized, ...idle];
  });
  return { shapes: [...heads, ...title, ...shapes], width: IDLE + DIGITS, height: 14 + (rows.length + 1) * LINE };
}

/** How the gradient gets back through each layer, as an equation. @param {DepthRow} row @param {number} layer */
function way({ terms }, layer) {
  const parts = terms.map(({ sign, text, label }) => `${sign ? `${sign} ` : ""}${sign === "≈" ? text.replace("≈", "") : text} (${label})`);
  return [say("depth.way_back", { layer: layer + 1 }), parts.join(" ")];
}

/** One network: its layers, its loss, and the way back through each. @param {DepthFrame} frame @param {number} index of it @param {number} top @param {Sheet} sheet */
function network({ sides, ends, series, at }, index, top, sheet) {
  const side = needed(sides[index]);
  const head = side.name ? LINE : 0;
  const above = layers(side, ends, top + head, sheet);
  const losses = series[index]?.values ?? [];
  const [before, after] = [losses[at - 1], losses[at]].map((loss) => number(loss ?? null));
  const rows = [[say("common.loss"), `${before} → ${after}`], ...side.rows.map(way)];
  const below = tableOf(["", ""], rows, sheet, EDGE, top + head + above.height);
  const name = head ? [sheet.text(side.name, EDGE, top + 14, { weight: 700 })] : [];
  return { shapes: [...name, ...above.shapes, ...below.shapes], width: Math.max(above.width, below.width), height: head + above.height + below.height };
}

/** The picture of a step. @param {DepthFrame} frame @param {number} time in milliseconds @param {Look} look */
export function drawAt(frame, time, look) {
  const sheet = new Sheet([], time, { ...look, rules: "" });
  let [width, y] = [0, EDGE];
  const drawn = frame.sides.flatMap((_, index) => {
    const one = network(frame, index, y + (index ? EDGE : 0), sheet);
    width = Math.max(width, one.width);
    y += one.height + (index ? EDGE : 0);
    return one.shapes;
  });
  return whole(drawn, { width, height: y }, frame.sentence, sheet);
}
