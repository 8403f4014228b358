// A step of a deep network that learns as a picture: a bar for each layer's values and gradient, and each one's way back.

/** @import { DepthFrame, DepthPair, DepthPairStep, DepthRow, DepthSize, DepthStep, DepthTrace } from "../types" */
/** @import { Look } from "./whole.js" */

import { depthFrame } from "../depth-frame.js";
import { number } from "../format.js";
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

/** The layers, one below the other. @param {DepthFrame} frame @param {Sheet} sheet */
function layers({ sides: [side], ends }, sheet) {
  const rows = side?.rows ?? [];
  const fill = sheet.token("--ink-soft");
  const heads = [say("depth.values"), say("depth.gradients")].flatMap((title, index) => {
    const [x, [low, high]] = [EDGE + (COLUMNS[index] ?? 0), index ? ends.gradient : ends.value];
    return [
      sheet.text(title, x, EDGE + 14, { weight: 600 }),
      sheet.text(low, x, EDGE + 14 + LINE, { size: 11, fill }),
      sheet.text(high, x + BAR, EDGE + 14 + LINE, { size: 11, anchor: "end", fill }),
    ];
  });
  const title = rows.some((row) => row.idle) ? [sheet.text(side?.idle ?? "", EDGE + IDLE, EDGE + 14, { size: 13, fill })] : [];
  const shapes = rows.flatMap((row, layer) => {
    const y = EDGE + 14 + (layer + 2) * LINE;
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

/** The picture of a step. @param {DepthTrace | DepthPair} trace @param {DepthStep | DepthPairStep} step @param {number} time in milliseconds @param {Look} look */
export function depthAt(trace, step, time, { tokens }) {
  const sheet = new Sheet([], time, (name) => tokens[name] ?? "");
  const frame = depthFrame(trace, step);
  const above = layers(frame, sheet);
  const losses = frame.series[0]?.values ?? [];
  const [before, after] = [losses[frame.at - 1], losses[frame.at]].map((loss) => number(loss ?? null));
  const rows = [[say("common.loss"), `${before} → ${after}`], ...(frame.sides[0]?.rows ?? []).map(way)];
  const below = tableOf(["", ""], rows, sheet, EDGE, EDGE + above.height);
  const width = Math.max(above.width, below.width);
  return whole([...above.shapes, ...below.shapes], { width, height: EDGE + above.height + below.height }, frame.sentence, sheet);
}
