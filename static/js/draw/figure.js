// Figures beside the grids: a curve with a point on it, a network of dots and lines, bars. Numbers come as they are.

/** @import { BarsFigure, CurveFigure, Figure, NetworkFigure, Pair } from "../types" */

import { cellText, number } from "../format.js";
import { shape, showShape } from "../picture/shapes.js";
import { say } from "../words.js";
import { paint, strongest } from "./scale.js";

/** How large a figure is where nothing says so: in pixels. */
export const USUAL = { width: 640, height: 190 };
const WIDEST = 2; // a curve, in its heights: a slope of 1 is seen as one
const MARGIN = 26;
const DOT = 12;
const SIDE = 80; // beside a network, at most
const THICKEST = 5;
const PALE = 0.35; // the weights of other cells: no opacity of an element, which costs a browser a layer for each
const TYPE = 13; // pixels of its type, where nothing says so
const LETTER = 0.62; // the width of a character, in that
const APART = 6; // pixels between two texts

/** @param {string} text @param {number} x @param {number} y @param {string} [anchor] */
const label = (text, x, y, anchor = "middle") => shape("text", { x, y, "text-anchor": anchor }, text);

/** @typedef {{ width: number, height: number, type?: number }} Size in pixels of the screen, that of its type too: what is written in it is as large as it says */

/** How wide a text is, about. @param {string} text @param {Size} size */
const widthOf = (text, { type = TYPE }) => LETTER * type * text.length;

/** @param {HTMLElement} host @param {Figure | undefined} figure @param {Size | null} [size] */
export function drawFigure(host, figure, size) {
  host.hidden = !figure;
  if (!figure) return host.replaceChildren();
  const room = size ?? USUAL;
  const { width, height } = room;
  return showShape(host, figureOf(figure, { ...room, width: figure.kind === "curve" ? Math.min(width, WIDEST * height) : width }));
}

/** A figure as an SVG. @param {Figure} figure @param {Size} size @param {import("../picture/shapes.js").Shape["attributes"]} [more] its place @param {import("./scale.js").Shades} [shades] */
export function figureOf(figure, size, more = {}, shades = undefined) {
  const { parts, label } = drawn(figure, size, shades);
  const { width, height } = size;
  const attributes = { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label, class: figure.kind, ...more };
  return shape("svg", attributes, ...parts);
}

/** What a figure is made of, and what it says. @param {Figure} figure @param {Size} size @param {import("./scale.js").Shades} [shades] */
function drawn(figure, size, shades) {
  if (figure.kind === "curve") return { parts: [...curve(figure, size), ...axesOf(figure, size)], label: curveLabel(figure) };
  if (figure.kind === "network") return { parts: network(figure, size, shades), label: networkLabel(figure) };
  const { loss } = figure;
  if (loss) return { parts: withLoss(figure, loss, size), label: `${barsLabel(figure)}; ${lossLabel(loss)}` };
  return { parts: bars(figure, size), label: barsLabel(figure) };
}

/** @param {CurveFigure} figure */
const curveLabel = ({ at: [x, y] }) => say("figure.curve", { x: number(x), y: number(y) });

/** @param {CurveFigure} figure */
const lossLabel = ({ at: [share, loss] }) => say("figure.loss_curve", { share: number(share), loss: number(loss) });

/** The shares and the curve of the loss beside each other; where there is no room for both, the curve, which says more now. @param {BarsFigure} figure @param {CurveFigure} loss @param {Size} size */
function withLoss(figure, loss, size) {
  const half = { ...size, width: size.width / 2 };
  const hasRoom = widthOf(say("figure.loss_share"), half) + 2 * MARGIN + 2 * beginOf(loss, half) < half.width && fitting(figure.values, pitchOf(figure, half), half);
  if (!hasRoom) return lossCurve(loss, size);
  return [...bars(figure, half), shape("g", { transform: `translate(${half.width} 0)` }, ...lossCurve(loss, half))];
}

/** @param {CurveFigure} figure @param {Size} size */
function lossCurve(figure, size) {
  const { width, height } = size;
  const room = width - 2 * Math.max(MARGIN, beginOf(figure, size)) - widthOf("0", size) - 2 * APART;
  const fits = (/** @type {string} */ text) => widthOf(text, size) <= room;
  const [title, below] = [say("figure.loss"), say("figure.loss_share")];
  return [
    ...curve(figure, size),
    ...(fits(title) ? [label(title, width - MARGIN, MARGIN, "end")] : []),
    ...(fits(below) ? [label(below, width / 2, height - 6)] : []),
  ];
}

/** The value at an end of an axis, in three digits. @param {number} value */
function end(value) {
  const short = Number(value.toPrecision(3));
  return short === value ? number(value) : `≈${number(short)}`;
}

/** Where a curve begins: the highest value of one that begins at 0 stands before its axis. @param {Pick<CurveFigure, "xs" | "ys">} figure @param {Size} size */
const beginOf = ({ xs, ys }, size) => (Math.min(...xs) < 0 ? MARGIN : Math.max(MARGIN, widthOf(end(Math.max(...ys)), size) + APART));

/** What stands along the axes of a function: the names of its grids, that of what comes out under its highest value. @param {CurveFigure} figure @param {Size} size */
function axesOf({ xs, ys }, size) {
  const { width, height, type = TYPE } = size;
  const [after, axis, y] = [say("figure.after"), along({ xs, ys }, size)(0), MARGIN + 1.3 * type];
  const hasRoom = widthOf(after, size) < axis - 8; // left of the axis, where most functions are low
  return [label(say("figure.before"), width / 2, height - 6), hasRoom ? label(after, axis - 8, y, "end") : label(after, axis + 8, y, "start")];
}

/** From where to where a curve goes, with 0 in it. @param {number[]} xs @returns {Pair} */
const endsOf = (xs) => [Math.min(0, ...xs), xs.at(-1) ?? 1];

/** Where along its axis a value stands. @param {Pick<CurveFigure, "xs" | "ys">} figure @param {Size} size */
function along(figure, size) {
  const [left, right] = endsOf(figure.xs);
  const begins = beginOf(figure, size);
  return (/** @type {number} */ x) => begins + ((x - left) / (right - left)) * (size.width - MARGIN - begins);
}

/** @param {CurveFigure} figure @param {Size} size */
function curve({ xs, ys, at }, size) {
  const { width, height } = size;
  const [left, right] = endsOf(xs);
  const low = Math.min(0, ...ys);
  const high = Math.max(...ys, low + 1e-9);
  const begins = beginOf({ xs, ys }, size);
  const px = along({ xs, ys }, size);
  const py = (/** @type {number} */ y) => height - MARGIN - ((y - low) / (high - low)) * (height - 2 * MARGIN);
  const path = xs.map((x, index) => `${index ? "L" : "M"}${px(x)} ${py(ys[index] ?? 0)}`).join("");
  const [x, y] = at;
  return [
    shape("path", {
      class: "axis",
      d: `M${begins} ${py(0)}H${width - MARGIN}M${px(0)} ${MARGIN / 2}V${height - MARGIN}`,
    }),
    shape("path", { class: "line", d: path }),
    shape("path", { class: "guide", d: `M${px(x)} ${py(0)}V${py(y)}H${px(0)}` }),
    shape("circle", { class: "point", cx: px(x), cy: py(y), r: 7 }),
    label(number(left), begins, height - 6),
    label(number(right), width - MARGIN, height - 6),
    label(end(high), px(0) - 8, MARGIN, "end"),
    ...(low < 0 ? [label(end(low), px(0) + 8, height - MARGIN, "start")] : []), // right of the axis, where functions are high
  ];
}

/** @param {NetworkFigure} figure */
function networkLabel({ values, layer, cell }) {
  const [inputs = 0, hidden = 0, outputs] = values.map((list) => list.length);
  const step = { cell: cell + 1, layer: layer + 1 };
  if (outputs === undefined) return say("figure.network", { inputs, outputs: hidden, ...step });
  return say("figure.network_deep", { inputs, hidden, outputs, ...step });
}

/** @param {NetworkFigure} figure @param {Size} size @param {import("./scale.js").Shades} [shades] */
function network({ values, weights, layer, cell }, { width, height }, shades) {
  const side = Math.min(SIDE, width / 6);
  const px = (/** @type {number} */ column) =>
    values.length === 1 ? width / 2 : side + (column / (values.length - 1)) * (width - 2 * side);
  const py = (/** @type {number} */ index, /** @type {number} */ count) => ((index + 0.5) / count) * height;
  const edges = weights.map((rows, column) => {
    const max = strongest(rows.flat());
    return rows.map((row, to) => row.map((weight, from) => {
      const [y1, y2] = [py(from, row.length), py(to, rows.length)];
      return {
        x1: px(column),
        y1,
        x2: px(column + 1),
        y2,
        "stroke-width": max ? Math.max(0.5, (THICKEST * Math.abs(weight)) / max) : 0.5,
        ...(weight < 0 ? { "stroke-dasharray": "6 4" } : {}), // the sign is not told by colour alone
        style: `stroke: ${paint(weight, max, shades).fill}`,
      };
    }));
  });
  const current = edges[layer]?.[cell] ?? []; // drawn once more, above all others
  const lines = [
    ...edges.flat(2).map((edge) => shape("line", { class: "edge", "stroke-opacity": PALE, ...edge })),
    ...current.map((edge) => shape("line", { class: "edge current", ...edge })),
  ];
  const dots = values.flatMap((list, column) => {
    const max = strongest(list);
    return list.map((value, index) => {
      const known = column <= layer || (column === layer + 1 && index <= cell);
      const current = column === layer + 1 && index === cell;
      return shape("circle", {
        class: `dot${known ? "" : " pending"}${current ? " current" : ""}`,
        cx: px(column),
        cy: py(index, list.length),
        r: Math.min(DOT, height / list.length / 2 - 1),
        ...(known ? { style: `fill: ${paint(value, max, shades).fill}` } : {}),
      });
    });
  });
  return [...lines, ...dots];
}

/** @param {BarsFigure} figure */
const barsLabel = ({ labels, values, filled, truth }) =>
  values
    .slice(0, filled)
    .map((share, index) => {
      const values = { label: labels[index] ?? "", value: number(share) };
      return index === truth ? say("figure.share_true", values) : say("figure.share", values);
    })
    .join("; ") || say("figure.no_share");

/** @param {number} value */
function short(value) {
  const { text, rounded } = cellText(value, 5);
  return rounded && !/^[<>]/.test(text) ? `≈${text}` : text;
}

/** How the numbers above bars are written, the longest way first. */
const WRITTEN = [number, short, (/** @type {number} */ value) => cellText(value, 4).text];

/** The longest way to write numbers in which they stand beside each other; none has the room, maybe. @param {number[]} values @param {number} pitch @param {Size} size */
const fitting = (values, pitch, size) => WRITTEN.find((write) => values.every((value) => widthOf(write(value), size) + APART <= pitch));

/** @param {BarsFigure} figure @param {Size} size */
const pitchOf = ({ values }, { width }) => (width - 2 * MARGIN) / values.length;

/** @param {BarsFigure} figure @param {Size} size */
function bars(figure, size) {
  const { labels, values, filled, truth } = figure;
  const pitch = pitchOf(figure, size);
  const write = fitting(values.slice(0, filled), pitch, size);
  const [longest = ""] = labels.toSorted((one, other) => other.length - one.length);
  const slim = (widthOf(say("figure.is_true", { label: longest }), size) + widthOf(longest, size)) / 2 + APART > pitch;
  const tall = size.height - 2 * MARGIN - 10;
  return values.flatMap((value, index) => {
    const x = MARGIN + index * pitch + pitch * 0.15;
    const width = pitch * 0.7;
    const known = index < filled;
    const height = known ? Math.max(1, value * tall) : 0;
    const name = (slim ? labels[index]?.split(" ").at(-1) : labels[index]) ?? "";
    const marked = slim ? `${name} ✓` : say("figure.is_true", { label: name });
    return [
      shape("rect", { class: "slot", x, y: MARGIN, width, height: tall, rx: 4 }),
      shape("rect", { class: index === truth ? "bar truth" : "bar", x, y: MARGIN + tall - height, width, height, rx: 4 }),
      label(index === truth ? marked : name, x + width / 2, size.height - 10),
      ...(known && write ? [label(write(value), x + width / 2, MARGIN - 8)] : []),
    ];
  });
}
