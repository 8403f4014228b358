// The ways of runners over a landscape: each with its dash and marker, the chosen one on top.

/** @import { Pair, RaceFrame, RaceRunner } from "../types" */

import { say } from "../words.js";
import { ticksOf, tickText } from "./axis.js";
import { colourOf, drawMarker, styleOf } from "./series.js";

/** @typedef {{ width: number, height: number, size: number, at: (weights: Pair) => Pair }} View from a place of the landscape to pixels; `size`: how many times as large as usual its words are */

export const TYPE = 12; // pixels of words, unless the style sheet has them larger
const INSET = 5; // between the border and a number along it
const EVERY = 90; // pixels between two of those at least

/** Lines that are drawn on each other, the wide one in the colour of the card: how wide, in which colour. @typedef {[number, string][]} Strokes */
/** @type {Strokes} */
const CROSS = [[4, "--card"], [1.75, "--ink"]];
/** @type {Strokes} */
const ARROWS = [[5, "--card"], [2, "--ink"]];
/** @type {Strokes} */
const CHOSEN = [[6, "--card"], [2.5, "--accent"]];
const FAR = 2; // pictures beyond the picture, from where on a way is no longer drawn
const ARROW = 36;
const BORDER = 9; // how far inside the picture a runner that left it is shown
const DOTTED = 7; // pixels between two places so that each has a dot of its own

/** @param {RaceFrame["landscape"]} landscape @param {number} width @param {number} height @param {number} [size] @returns {View} */
export function landscapeView({ xRange: [left, right], yRange: [low, high] }, width, height, size = 1) {
  return {
    width,
    height,
    size,
    at: ([x, y]) => [((x - left) / (right - left)) * width, ((high - y) / (high - low)) * height],
  };
}

/** As much of a way as can be seen: whoever is far out does not come back into the picture in between. @param {Pair[]} path @param {View} view */
function seen(path, { width, height, at }) {
  const points = path.map(at);
  const far = points.findIndex(
    ([x, y]) => Math.abs(x - width / 2) > (FAR + 0.5) * width || Math.abs(y - height / 2) > (FAR + 0.5) * height,
  );
  return far < 0 ? points : points.slice(0, far);
}

/**
 * @param {CanvasRenderingContext2D} context @param {RaceFrame} frame @param {View} view
 * @param {string} chosen @param {number} glide how much of this step is drawn, from 0 to 1
 */
export function drawPaths(context, frame, view, chosen, glide) {
  context.lineJoin = context.lineCap = "round";
  drawAxes(context, frame.landscape, view);
  for (const weights of frame.landscape.lowest) drawLowest(context, view.at(weights));
  const order = [...frame.runners].sort((one, other) => Number(one.name === chosen) - Number(other.name === chosen));
  if (frame.ahead) for (const runner of order) drawAhead(context, runner, frame.at, view);
  for (const runner of order) drawWay(context, runner, frame.at, view, runner.name === chosen, glide);
  const current = frame.runners.find(({ name }) => name === chosen);
  if (current?.running) drawDownhill(context, current, view);
  /** @type {{ runner: RaceRunner, spot: Spot }[]} */
  const spots = order.map((runner) => ({ runner, spot: spotOf(runner, view, glide) }));
  for (const { runner, spot } of spots) drawRunner(context, runner, spot, runner.name === chosen);
  drawNames(context, spots.reverse(), view, chosen);
}

/** The two weights along the borders. @param {CanvasRenderingContext2D} context @param {RaceFrame["landscape"]} landscape @param {View} view */
function drawAxes(context, { xRange, yRange }, { width, height, size, at }) {
  const ticks = (/** @type {Pair} */ [low, high], /** @type {number} */ room) => ticksOf({ low, high, log: false }, room / (EVERY * size)).filter((tick) => tick > low && tick < high);
  context.font = fontOf(size, 500);
  context.textBaseline = "alphabetic";
  for (const tick of ticks(xRange, width)) label(context, tickText(tick), at([tick, 0])[0], height - INSET * size, "center");
  for (const tick of ticks(yRange, height)) label(context, tickText(tick), INSET * size, at([0, tick])[1] + INSET * size, "left");
  label(context, "x", width - INSET * size, height - INSET * size, "right");
  label(context, "y", INSET * size, TYPE * size, "left");
}

/** @param {number} size @param {number} weight */
const fontOf = (size, weight) => `${weight} ${TYPE * size}px ${getComputedStyle(document.body).fontFamily}`;

/** A word that is read on any colour. @param {CanvasRenderingContext2D} context @param {string} text @param {number} x @param {number} y @param {CanvasTextAlign} align */
function label(context, text, x, y, align) {
  context.textAlign = align;
  context.lineWidth = 4;
  context.setLineDash([]);
  context.strokeStyle = colourOf("--card");
  context.strokeText(text, x, y);
  context.fillStyle = colourOf("--ink");
  context.fillText(text, x, y);
}

/** Where every runner would like to be. @param {CanvasRenderingContext2D} context @param {Pair} weights */
function drawLowest(context, [x, y]) {
  context.setLineDash([]);
  for (const [width, colour] of CROSS) {
    context.lineWidth = width;
    context.strokeStyle = colourOf(colour);
    context.beginPath();
    for (const [dx, dy] of [[6, 0], [0, 6]]) {
      context.moveTo(x - dx, y - dy);
      context.lineTo(x + dx, y + dy);
    }
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {Pair[]} points */
function trace(context, points) {
  context.beginPath();
  points.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
}

/** What is still to come, thin. @param {CanvasRenderingContext2D} context @param {RaceRunner} runner @param {number} at @param {View} view */
function drawAhead(context, { path, style }, at, view) {
  context.globalAlpha = 0.45;
  context.lineWidth = 1;
  context.setLineDash([]);
  context.strokeStyle = colourOf(styleOf(style).token);
  trace(context, seen(path, view).slice(at));
  context.stroke();
  context.globalAlpha = 1;
}

/** The points of a way up to a step, of whose own a share is gone. @param {Pair[]} path @param {number} at @param {View} view @param {number} share */
export function soFar(path, at, view, share) {
  const points = seen(path.slice(0, at + 1), view);
  const [from, to] = points.slice(-2);
  if (from && to && points.length === at + 1) points[at] = between(from, to, share);
  return points;
}

/** @param {CanvasRenderingContext2D} context @param {RaceRunner} runner @param {number} at @param {View} view @param {boolean} chosen @param {number} glide */
function drawWay(context, { path, style }, at, view, chosen, glide) {
  const { dash, token } = styleOf(style);
  const points = soFar(path, at, view, glide);
  trace(context, points);
  context.setLineDash([]);
  context.strokeStyle = colourOf("--card");
  context.globalAlpha = 0.75;
  context.lineWidth = chosen ? 6.5 : 4.5;
  context.stroke();
  context.globalAlpha = 1;
  context.setLineDash(dash);
  context.strokeStyle = context.fillStyle = colourOf(token);
  context.lineWidth = chosen ? 3 : 2;
  context.stroke();
  points.forEach(([x, y], index) => {
    const [fromX, fromY] = points[index - 1] ?? [x, y];
    if (Math.hypot(x - fromX, y - fromY) < DOTTED) return;
    context.beginPath();
    context.arc(x, y, chosen ? 3 : 2.25, 0, 2 * Math.PI);
    context.fill();
  });
}

/** @param {Pair} from @param {Pair} to @param {number} share @returns {Pair} */
const between = (from, to, share) => [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];

/** Against the gradient that the optimizer was given: downhill, as far as it knows. @param {CanvasRenderingContext2D} context @param {RaceRunner} runner @param {View} view */
function drawDownhill(context, { position, gradient, trueGradient }, view) {
  const from = view.at(position);
  const noisy = gradient[0] !== trueGradient[0] || gradient[1] !== trueGradient[1];
  if (noisy) drawArrow(context, from, trueGradient, [2, 4]);
  drawArrow(context, from, gradient, []);
}

/** @param {CanvasRenderingContext2D} context @param {Pair} from @param {Pair} uphill @param {number[]} dash */
function drawArrow(context, [x, y], [dx, dy], dash) {
  if (!dx && !dy) return;
  const angle = Math.atan2(dy, -dx); // y points up in the landscape and down on the screen
  const [toX, toY] = [x + ARROW * Math.cos(angle), y + ARROW * Math.sin(angle)];
  const wing = (/** @type {number} */ turn) => [toX - 8 * Math.cos(angle + turn), toY - 8 * Math.sin(angle + turn)];
  const [[ax = 0, ay = 0], [bx = 0, by = 0]] = [wing(0.5), wing(-0.5)];
  for (const [width, colour] of ARROWS) {
    context.lineWidth = width;
    context.strokeStyle = colourOf(colour);
    context.setLineDash(dash);
    trace(context, [[x, y], [toX, toY]]);
    context.stroke();
    context.setLineDash([]);
    trace(context, [[ax, ay], [toX, toY], [bx, by]]);
    context.stroke();
  }
}

/** @typedef {{ x: number, y: number, outside: boolean }} Spot */

/** Where a runner is drawn: at the border where it left the picture. @param {RaceRunner} runner @param {View} view @param {number} glide @returns {Spot} */
export function spotOf({ position, output }, { at, width, height }, glide) {
  const [x, y] = between(at(position), at(output), glide);
  const inside = [Math.max(BORDER, Math.min(width - BORDER, x)), Math.max(BORDER, Math.min(height - BORDER, y))];
  const outside = x < 0 || y < 0 || x > width || y > height;
  return outside ? { x: inside[0] ?? 0, y: inside[1] ?? 0, outside } : { x, y, outside };
}

/** @param {CanvasRenderingContext2D} context @param {RaceRunner} runner @param {Spot} spot @param {boolean} chosen */
function drawRunner(context, { style }, { x, y, outside }, chosen) {
  if (chosen) {
    context.setLineDash([]);
    for (const [width, colour] of CHOSEN) {
      context.lineWidth = width;
      context.strokeStyle = colourOf(colour);
      context.beginPath();
      context.arc(x, y, 12, 0, 2 * Math.PI);
      context.stroke();
    }
  }
  drawMarker(context, styleOf(style), x, y, outside ? 5 : 6.5);
}

/** The names, the chosen one's first, as far as they do not hide each other. @param {CanvasRenderingContext2D} context @param {{ runner: RaceRunner, spot: Spot }[]} spots @param {View} view @param {string} chosen */
function drawNames(context, spots, { width, size }, chosen) {
  /** @type {[number, number, number][]} */
  const taken = [];
  context.textBaseline = "middle";
  for (const { runner, spot } of spots) {
    context.font = fontOf(size, runner.name === chosen ? 700 : 500);
    const text = spot.outside ? say("race.outside", { title: runner.title }) : runner.title;
    const wide = context.measureText(text).width;
    const left = spot.x + 16 + wide > width ? spot.x - 16 - wide : spot.x + 16;
    if (taken.some(([x, y, w]) => Math.abs(y - spot.y) < 15 * size && left < x + w + 4 && x < left + wide + 4)) continue;
    taken.push([left, spot.y, wide]);
    label(context, text, left, spot.y, "left");
  }
}
