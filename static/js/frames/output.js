// A step of the last layer: from logits to shares to a loss, one kind of arithmetic at a time.

/** @import { Figure, Frame, Panel, Step, TraceLike } from "../types" */

import { number, operand } from "../format.js";
import { rowLinks } from "../links.js";
import { grid, strengthOf, tensor } from "./common.js";

/** What each operation shows: the panels, and the phase that fills each. */
const SHOWN = /** @type {Record<string, { tensor: string, title: string, note: string, phase: string }[]>} */ ({
  cross_entropy: [
    { tensor: "shifted", title: "− largest", note: "", phase: "subtract" },
    { tensor: "powers", title: "eˣ", note: "", phase: "exponentiate" },
    { tensor: "probabilities", title: "Share", note: "", phase: "divide" },
  ],
  binary_cross_entropy_with_logits: [
    { tensor: "probabilities", title: "Yes", note: "", phase: "sigmoid" },
    { tensor: "complements", title: "No", note: "", phase: "complement" },
    { tensor: "terms", title: "Cost", note: "", phase: "loss" },
  ],
  mse: [
    { tensor: "differences", title: "Misses", note: "answer − truth", phase: "subtract" },
    { tensor: "squares", title: "Squares", note: "", phase: "square" },
  ],
});
const SPOKEN = /** @type {Record<string, string>} */ ({
  shifted: "Less the largest",
  powers: "Powers",
  probabilities: "Shares",
});
const ORDER = /** @type {Record<string, string[]>} */ ({
  cross_entropy: ["subtract", "exponentiate", "sum", "divide", "log", "loss"],
  binary_cross_entropy_with_logits: ["sigmoid", "complement", "loss", "sum", "divide"],
  mse: ["subtract", "square", "sum", "divide"],
});

/** @param {TraceLike} trace @param {string} name */
const vector = (trace, name) => /** @type {number[]} */ (tensor(trace, name).values);

/** How far a phase has come at this step. @param {string[]} order @param {Step} step @param {string} phase */
function filled(order, step, phase) {
  const now = order.indexOf(/** @type {string} */ (step["phase"]));
  const then = order.indexOf(phase);
  if (now === then) return /** @type {number} */ (step.output_cell) + 1;
  return now > then ? Number.POSITIVE_INFINITY : 0;
}

/** @param {TraceLike} trace @param {Step} step @returns {Frame} */
export function outputFrame(trace, step) {
  const order = ORDER[trace.op] ?? [];
  const phase = /** @type {string} */ (step["phase"]);
  const cell = /** @type {number} */ (step.output_cell);
  const shown = SHOWN[trace.op] ?? [];
  const column = (/** @type {string} */ name, /** @type {Partial<import("../types").GridModel>} */ more) =>
    grid({
      id: `${name}-0`,
      label: name,
      cols: 1,
      values: vector(trace, name),
      max: strengthOf(tensor(trace, name)),
      ...more,
    });
  const reads = { row: cell, col: 0, height: 1, width: 1, rowStep: 1, colStep: 1 };
  /** @type {Panel[]} */
  const panels = [
    {
      id: "input",
      title: trace.op === "mse" ? "Answers" : "Logits",
      note: "",
      grids: [
        column("input", {
          label: trace.op === "mse" ? "Answers" : "Logits",
          edit: { field: "logits", channel: 0 },
          drag: true,
          region: phase === order[0] ? reads : null,
        }),
      ],
    },
    ...shown.map((part, place) => ({
      id: part.tensor === "probabilities" ? "output" : part.tensor,
      title: part.title,
      note: part.note,
      grids: [
        column(part.tensor, {
          label: SPOKEN[part.tensor] ?? part.title,
          filled: filled(order, step, part.phase),
          marked: part.phase === phase ? /** @type {[number, number]} */ ([cell, 0]) : null,
          region: shown[place + 1]?.phase === phase || (part.tensor === "powers" && phase === "sum") ? reads : null,
        }),
      ],
    })),
  ];
  return {
    panels,
    links: rowLinks(panels.flatMap((panel) => panel.grids.map(({ id }) => id))),
    operators: panels.slice(1).map(() => "→"),
    figure: figure(trace, step, order),
    card: card(trace, step),
    sentence: step.description,
  };
}

/** @param {TraceLike} trace @param {Step} step */
function card(trace, step) {
  const named = /** @type {string} */ (step["phase"]);
  const phase = named === "loss" && trace.op !== "cross_entropy" ? "cost" : named;
  const window = /** @type {number[]} */ (step.window);
  const last = step.index === trace.total - 1;
  return {
    joiner: ",",
    max: null,
    blocks: [],
    lines: [{ label: TITLES[phase] ?? phase, value: EQUATIONS[phase]?.(window) ?? "" }],
    result: step.output,
    resultNote: last ? "the loss" : "gives",
    where: last ? "smaller is better; 0 is perfect" : `step “${named}” for value ${Number(step.output_cell) + 1}`,
  };
}

/** @type {Record<string, string>} */
const TITLES = {
  subtract: "subtract",
  exponentiate: "e to the power of",
  sum: "the sum so far",
  divide: "divide",
  log: "logarithm of",
  loss: "the loss",
  cost: "the cost",
  sigmoid: "sigmoid of",
  complement: "the rest",
  square: "square",
};

/** @type {Record<string, (window: number[]) => string>} */
const EQUATIONS = {
  subtract: ([a = 0, b = 0]) => `${number(a)} − ${operand(b)}`,
  exponentiate: ([a = 0]) => number(a),
  sum: ([a = 0, b = 0]) => `${number(a)} + ${operand(b)}`,
  divide: ([a = 0, b = 0]) => `${number(a)} ÷ ${operand(b)}`,
  log: ([a = 0]) => number(a),
  loss: ([a = 0, b = 0]) => `${number(a)} − ${operand(b)}`,
  cost: ([a = 0, b = 0]) => `share of yes ${number(a)}, truth ${number(b)}`,
  sigmoid: ([a = 0]) => number(a),
  complement: ([a = 0, b = 0]) => `${number(a)} − ${operand(b)}`,
  square: ([a = 0, b = 0]) => `${operand(a)} × ${operand(b)}`,
};

/** Shares of 1 as bars, the true one marked. @param {TraceLike} trace @param {Step} step @param {string[]} order @returns {Figure | undefined} */
function figure(trace, step, order) {
  if (trace.op === "mse") return undefined;
  const binary = trace.op !== "cross_entropy";
  const shares = vector(trace, "probabilities");
  const truth = tensor(trace, "target").values;
  const done = filled(order, step, binary ? "sigmoid" : "divide");
  if (!binary)
    return {
      kind: "bars",
      labels: shares.map((_, k) => `class ${k + 1}`),
      values: shares,
      filled: done,
      truth: Number(truth),
    };
  const values = [shares[0] ?? 0, vector(trace, "complements")[0] ?? 0];
  const target = /** @type {number[]} */ (truth)[0];
  const both = done > 0 ? (filled(order, step, "complement") > 0 ? 2 : 1) : 0;
  return { kind: "bars", labels: ["yes", "no"], values, filled: both, truth: target === 1 ? 0 : target === 0 ? 1 : -1 };
}
