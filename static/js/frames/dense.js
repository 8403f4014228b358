// A step of dense layers: one row of weights meets all that the layer reads.

/** @import { Frame, NetworkFigure, Panel, Step, TraceLike } from "../types" */

import { number, plural } from "../format.js";
import { denseLinks } from "../links.js";
import { grid, strengthOf, tensor } from "./common.js";

/** @typedef {{ in_features: number, out_features: number, activation: string }} Layer */

/** The layers of a trace. @param {TraceLike} trace */
const layersOf = (trace) => /** @type {Layer[]} */ (trace.params["layers"]);

/** @param {TraceLike} trace @param {string} name */
const vector = (trace, name) => /** @type {number[]} */ (tensor(trace, name).values);

/** @param {TraceLike} trace @param {Step} step @returns {Frame} */
export function denseFrame(trace, step) {
  const layers = layersOf(trace);
  const now = /** @type {number} */ (step["layer"]);
  const panels = [inputPanel(trace, now)];
  let first = 0;
  for (const [place, layer] of layers.entries()) {
    panels.push(weightPanel(trace, step, place), valuePanel(trace, step, place, first));
    first += layer.out_features;
  }
  return {
    panels,
    links: denseLinks(trace, ["input-0", ...(layers.length > 1 ? ["hidden-0"] : []), "output-0"]),
    operators: layers.flatMap(() => ["×", "="]),
    figure: networkFigure(trace, step),
    card: card(trace, step, /** @type {Layer} */ (layers[now])),
    sentence: step.description,
  };
}

/** @param {TraceLike} trace @param {number} now @returns {Panel} */
function inputPanel(trace, now) {
  const values = vector(trace, "input");
  return {
    id: "input",
    title: "Input",
    note: "",
    grids: [
      grid({
        id: "input-0",
        label: "Input",
        cols: 1,
        values,
        max: strengthOf(tensor(trace, "input")),
        region: now === 0 ? { row: 0, col: 0, height: values.length, width: 1, rowStep: 1, colStep: 1 } : null,
        edit: { field: "input", channel: 0 },
      }),
    ],
  };
}

/** @param {TraceLike} trace @param {Step} step @param {number} place @returns {Panel} */
function weightPanel(trace, step, place) {
  const weight = tensor(trace, `${place}.weight`);
  const [rows = 1, cols = 1] = weight.shape;
  const row = /** @type {number} */ (step.output_cell);
  return {
    id: `weight-${place}`,
    title: layersOf(trace).length > 1 ? `Weights ${place + 1}` : "Weights",
    note: `${rows} × ${cols}`,
    grids: [
      grid({
        id: `weight-${place}`,
        label: `Weights of layer ${place + 1}`,
        cols,
        values: /** @type {number[][]} */ (weight.values).flat(),
        max: strengthOf(weight),
        region: step["layer"] === place ? { row, col: 0, height: 1, width: cols, rowStep: 1, colStep: 1 } : null,
        edit: { field: `weight${place + 1}`, channel: 0 },
      }),
    ],
  };
}

/** What a layer gives, as far as the step. @param {TraceLike} trace @param {Step} step @param {number} place @param {number} first its first step @returns {Panel} */
function valuePanel(trace, step, place, first) {
  const layers = layersOf(trace);
  const last = place === layers.length - 1;
  const now = /** @type {number} */ (step["layer"]);
  const cell = /** @type {number} */ (step.output_cell);
  const values = vector(trace, `${place}.output`);
  const name = layers[place]?.activation;
  return {
    id: last ? "output" : "hidden",
    title: last ? "Output" : "Hidden",
    note: name && name !== "none" ? `after ${name === "relu" ? "ReLU" : name}` : "",
    grids: [
      grid({
        id: last ? "output-0" : "hidden-0",
        label: last ? "Output" : "Hidden values",
        cols: 1,
        values,
        max: strengthOf(tensor(trace, `${place}.output`)),
        filled: now > place ? values.length : now === place ? cell + 1 : 0,
        marked: now === place ? [cell, 0] : null,
        region: now === place + 1 ? { row: 0, col: 0, height: values.length, width: 1, rowStep: 1, colStep: 1 } : null,
        firstStep: first,
      }),
    ],
  };
}

/** @param {TraceLike} trace @param {Step} step @param {Layer} layer */
function card(trace, step, layer) {
  const place = /** @type {number} */ (step["layer"]);
  const cell = /** @type {number} */ (step.output_cell);
  const weights = /** @type {number[][]} */ (tensor(trace, `${place}.weight`).values)[cell] ?? [];
  const products = /** @type {number[]} */ (step.products);
  const window = /** @type {number[]} */ (step.window);
  const terms = weights.map((right, index) => ({
    left: window[index] ?? null,
    right,
    value: products[index] ?? null,
    padding: false,
    chosen: false,
  }));
  const sums = /** @type {number[]} */ (/** @type {unknown} */ (step.row_sums));
  const lines = [
    { label: "sum of the products", value: number(sums[0]) },
    { label: "with the bias of", value: `${number(step.bias)}: ${number(/** @type {number} */ (step["sum"]))}` },
  ];
  const activated = layer.activation !== "none";
  return {
    joiner: "+",
    max: null,
    blocks: [{ title: "", rows: [{ terms, sum: null }], sum: null }],
    lines,
    result: step.output,
    resultNote: activated ? `after ${layer.activation === "relu" ? "ReLU" : layer.activation}` : "no activation",
    where: `place ${cell + 1} · ${plural(/** @type {number} */ (trace.params["parameters"]), "parameter")} in all`,
  };
}

/** Every value as a dot and every weight as a line. @param {TraceLike} trace @param {Step} step @returns {NetworkFigure} */
function networkFigure(trace, step) {
  const layers = layersOf(trace);
  const now = /** @type {number} */ (step["layer"]);
  const cell = /** @type {number} */ (step.output_cell);
  return {
    kind: "network",
    values: [vector(trace, "input"), ...layers.map((_, place) => vector(trace, `${place}.output`))],
    weights: layers.map((_, place) => /** @type {number[][]} */ (tensor(trace, `${place}.weight`).values)),
    layer: now,
    cell,
  };
}
