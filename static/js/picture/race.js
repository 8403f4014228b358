// A step of a race as a picture: the landscape with everybody's way, who is where, and the arithmetic of every update.

/** @import { RaceFrame, RaceRunner } from "../types" */
/** @import { View } from "../draw/paths.js" */
/** @import { Shape } from "./shapes.js" */
/** @import { Look } from "./sheet.js" */

import { STRONGEST, TOP } from "../draw/landscape.js";
import { landscapeView, soFar, spotOf } from "../draw/paths.js";
import { styleOf } from "../draw/series.js";
import { digits, number } from "../format.js";
import { say } from "../words.js";
import { shape } from "./shapes.js";
import { Sheet, widthOf } from "./sheet.js";
import { LINE, tableOf } from "./table.js";
import { EDGE, whole } from "./whole.js";

const MAP = { width: 540, height: 360 };
const HEAD = 24;
const GLIDE_MS = 220; // as on the page
const MARKER = 6.5;
const BOLD = 19; // a bold title is as wide as type of this size
const SAMPLE = 22; // the room of a marker before a name

/** The relief in bands between the contour lines, each one path of lines of cells. @param {RaceFrame["landscape"]} landscape @param {Sheet} sheet @returns {Shape[]} */
function ground({ relief, levels }, sheet) {
  const edges = [0, ...levels, TOP];
  const [wide, tall] = [MAP.width / (relief[0]?.length ?? 1), MAP.height / relief.length];
  const paths = edges.slice(1).map(() => "");
  relief.forEach((heights, row) => {
    const bands = heights.map((height) => levels.filter((level) => level <= height).length);
    for (let col = 0, from = 0; col < bands.length; col += 1) {
      if (bands[col + 1] === bands[col]) continue;
      const [x, y, width] = [from * wide, row * tall, (col + 1 - from) * wide].map((length) => Math.round(length * 100) / 100);
      paths[bands[col] ?? 0] += `M${x} ${y}h${width}v${tall}h-${width}z`;
      from = col + 1;
    }
  });
  return paths.map((d, band) => {
    const flat = ((edges[band] ?? 0) + (edges[band + 1] ?? TOP)) / 2;
    return shape("path", { d, fill: sheet.paint(STRONGEST * flat, TOP).fill, "shape-rendering": "crispEdges" });
  });
}

/** @param {import("../types").Pair[]} points */
const line = (points) => points.map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");

/** A runner's way so far. @param {RaceRunner} runner @param {number} at @param {View} view @param {number} share of the step @param {Sheet} sheet @returns {Shape[]} */
function way({ name, path, style }, at, view, share, sheet) {
  const { dash, token } = styleOf(style);
  const d = line(soFar(path, at, view, share));
  const joined = { d, fill: "none", "stroke-linejoin": "round", "stroke-linecap": "round" };
  const dashed = dash.length ? { "stroke-dasharray": dash.join(" ") } : {};
  return [
    shape("path", { ...joined, stroke: sheet.token("--card"), "stroke-width": 4.5, opacity: 0.75 }),
    shape("path", { ...joined, ...dashed, stroke: sheet.token(token), "stroke-width": 2, class: "way", "data-runner": name }),
  ];
}

/** @param {number} style @param {number} x @param {number} y @param {number} radius @param {Sheet} sheet */
function marker(style, x, y, radius, sheet) {
  const { path, token } = styleOf(style);
  const rim = { stroke: sheet.token("--card"), "stroke-width": 3 / radius, "paint-order": "stroke" };
  return shape("path", { d: path, transform: `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${radius})`, fill: sheet.token(token), ...rim });
}

/** The landscape with everybody on it. @param {RaceFrame} frame @param {number} share of the step @param {Sheet} sheet */
function map(frame, share, sheet) {
  const view = landscapeView(frame.landscape, MAP.width, MAP.height);
  const lowest = frame.landscape.lowest.map((weights) => {
    const [x, y] = view.at(weights);
    return shape("path", { d: `M${x - 6} ${y}h12M${x} ${y - 6}v12`, stroke: sheet.token("--ink"), "stroke-width": 2, class: "lowest" });
  });
  const markers = frame.runners.map((runner) => {
    const { x, y, outside } = spotOf(runner, view, share);
    return marker(runner.style, x, y, outside ? 5 : MARKER, sheet);
  });
  const ways = frame.runners.flatMap((runner) => way(runner, frame.at, view, share, sheet));
  const attributes = { x: EDGE, y: EDGE + HEAD, ...MAP, viewBox: `0 0 ${MAP.width} ${MAP.height}`, class: "landscape" };
  return shape("svg", attributes, ...ground(frame.landscape, sheet), ...lowest, ...ways, ...markers);
}

/** Who runs, at what rate, and how high each is now. @param {RaceFrame} frame @param {Sheet} sheet @param {number} left @param {number} top */
function runners(frame, sheet, left, top) {
  const rows = frame.runners.map(({ title, loss, rate, running, event }) => [title, number(loss), running ? say("race.rate", { text: digits(rate).text }) : "", event]);
  const table = tableOf(["", say("common.loss"), "", ""], rows, sheet, left + SAMPLE, top);
  const samples = frame.runners.map(({ style }, index) => marker(style, left + SAMPLE / 2 - 4, top + (index + 2) * LINE - 5, MARKER - 1, sheet));
  return { shapes: [...samples, ...table.shapes], width: table.width + SAMPLE, height: table.height };
}

/** Everybody's update, line by line. @param {RaceFrame} frame @param {Sheet} sheet @param {number} top */
function updates(frame, sheet, top) {
  let [y, width] = [top, 0];
  const shapes = frame.runners.flatMap(({ name, style }) => {
    const { title, note, lines } = frame.card(name);
    const head = [
      marker(style, EDGE + SAMPLE / 2 - 4, y + LINE - 5, MARKER - 1, sheet),
      sheet.text(title, EDGE + SAMPLE, y + LINE, { weight: 600 }),
      sheet.text(note, EDGE + SAMPLE + widthOf(title, BOLD) + 10, y + LINE, { size: 13, fill: sheet.token("--ink-soft") }),
    ];
    const rows = lines.map(({ label, letter, formula, x, y: down }) => [label, letter, formula, x, down]);
    const table = tableOf(["", "", "", "x", "y"], rows, sheet, EDGE + SAMPLE, y + LINE);
    y += LINE + (lines.length ? table.height : 0) + LINE / 2;
    width = Math.max(width, SAMPLE + table.width);
    return [shape("g", { "data-runner": name }, ...head, ...(lines.length ? table.shapes : []))];
  });
  return { shapes, width, height: y - top };
}

/** The picture of a step of a race. @param {RaceFrame} frame @param {number} time in milliseconds @param {Look} look */
export function drawAt(frame, time, look) {
  const sheet = new Sheet([], time, { ...look, rules: "" });
  const { title, note } = frame.landscape;
  const head = [
    sheet.text(title, EDGE, EDGE + 14, { weight: 600 }),
    sheet.text(note, EDGE + widthOf(title, BOLD) + 10, EDGE + 14, { fill: sheet.token("--ink-soft") }),
  ];
  const beside = runners(frame, sheet, 2 * EDGE + MAP.width, EDGE + HEAD);
  const top = EDGE + HEAD + Math.max(MAP.height, beside.height) + EDGE / 2;
  const below = updates(frame, sheet, top);
  const width = Math.max(MAP.width + EDGE + beside.width, below.width);
  const drawn = [...head, map(frame, Math.min(1, time / GLIDE_MS), sheet), ...beside.shapes, ...below.shapes];
  return whole(drawn, { width, height: top + below.height }, frame.sentence, sheet);
}
