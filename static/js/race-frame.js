// A step of a race: where everybody is, and the arithmetic of the update that brought them there.

/** @import { Pair, RaceFrame, RaceRunner, State, Step, TraceLike, UpdateCard, UpdateLine } from "./types" */
/** @import { Series } from "./draw/chart.js" */

import { digits, superscript } from "./format.js";
import { tensor } from "./frame.js";
import { say } from "./words.js";

/** @typedef {Record<string, { word: string, letter: string }>} Words */
/** @typedef {{ name: string, title: string, learning_rate: number, constants: Record<string, number>, lines: { name: string, formula: string[] }[] }} Described a runner as the engine describes it */

const BEFORE = "_before";

/** In the order of their dashes and markers, which a runner keeps whoever else runs. */
export const RUNNERS = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"];

const EVENTS = {
  diverges: say("race.diverges"),
  stopped: say("race.diverged"),
  leaves: say("race.leaves"),
  still: say("race.still"),
  misled: say("race.misled"),
  overshoots: say("race.overshoots"),
  arrives: say("race.arrives"),
};

/** What stays the same from step to step, once for each trace. @type {WeakMap<TraceLike, { landscape: RaceFrame["landscape"], paths: Pair[][], series: Series[] }>} */
const kept = new WeakMap();

/** @param {TraceLike} trace */
function constant(trace) {
  let found = kept.get(trace);
  if (!found) {
    const { params } = trace;
    const described = /** @type {Described[]} */ (params["runners"]);
    const start = /** @type {Pair} */ (params["start"]);
    const path = /** @type {[number, number, number | null][][]} */ (tensor(trace, "path").values);
    found = {
      landscape: {
        key: String(params["landscape"]),
        title: String(params["title"]),
        note: String(params["note"]),
        relief: /** @type {number[][]} */ (tensor(trace, "relief").values),
        levels: /** @type {number[]} */ (tensor(trace, "level_relief").values),
        xRange: /** @type {Pair} */ (params["x_range"]),
        yRange: /** @type {Pair} */ (params["y_range"]),
        lowest: /** @type {Pair[]} */ (params["lowest"]),
        start,
      },
      paths: described.map((_, index) => path.map((row) => /** @type {Pair} */ (row[index]?.slice(0, 2)))),
      series: described.map(({ name, title }, index) => ({
        id: name,
        name: title,
        values: path.map((row) => row[index]?.[2]),
        style: RUNNERS.indexOf(name),
      })),
    };
    kept.set(trace, found);
  }
  return found;
}

/** @param {TraceLike} trace @param {Step} step @param {State} state @returns {RaceFrame} */
export function optimizersFrame(trace, step, state) {
  const { landscape, paths, series } = constant(trace);
  const described = /** @type {Described[]} */ (trace.params["runners"]);
  const columns = /** @type {Record<string, any>} */ (step);
  const runners = described.map(
    (one, index) =>
      /** @type {RaceRunner} */ ({
        name: one.name,
        title: one.title,
        style: RUNNERS.indexOf(one.name),
        path: paths[index],
        position: columns["position"][index],
        output: columns["output"][index],
        gradient: columns["gradient"][index],
        trueGradient: columns["true_gradient"][index],
        loss: columns["new_loss"][index],
        rate: columns["learning_rate"][index],
        running: columns["running"][index],
        event: EVENTS[/** @type {keyof typeof EVENTS} */ (columns["event"][index])] ?? "",
      }),
  );
  return {
    at: step.index + 1,
    total: trace.total,
    ahead: state["ahead"],
    landscape,
    runners,
    series,
    lines: Math.max(...described.map(({ lines }) => lines.length)) + 1,
    card: (name) => card(trace, columns, Math.max(0, described.findIndex((one) => one.name === name))),
    sentence: step.description,
  };
}

/** @param {TraceLike} trace @param {Record<string, any>} columns @param {number} index @returns {UpdateCard} */
function card(trace, columns, index) {
  const runner = /** @type {Described} */ (/** @type {Described[]} */ (trace.params["runners"])[index]);
  const words = /** @type {Words} */ (trace.params["words"]);
  const style = RUNNERS.indexOf(runner.name);
  const update = columns["index"] + 1;
  if (!columns["running"][index])
    return { title: runner.title, style, note: say("race.no_update"), lines: [] };
  const rate = columns["learning_rate"][index];
  /** @param {string} name @param {number} axis @returns {number} */
  const value = (name, axis) => {
    if (name === "values") return columns["position"][index][axis];
    if (name === "gradient") return columns["gradient"][index][axis];
    if (name === "rate") return rate;
    if (name === "t") return update;
    const [own, column] = [runner.constants[name], columns[`${runner.name}.${name}`]];
    return own ?? column?.[axis] ?? Number(name);
  };
  const lines = runner.lines.map(({ name, formula }, line) => ({
    label: words[name]?.word ?? name,
    letter: words[name]?.letter ?? "",
    formula: inLetters(formula, words),
    x: equation(formula, name, (token) => value(token, 0)),
    y: equation(formula, name, (token) => value(token, 1)),
    last: line === runner.lines.length - 1,
  }));
  return {
    title: runner.title,
    style,
    note: say("race.update", { update, text: digits(rate).text }),
    lines: [gradientLine(trace, columns, index), ...lines],
  };
}

/** @param {TraceLike} trace @param {Record<string, any>} columns @param {number} index @returns {UpdateLine} */
function gradientLine(trace, columns, index) {
  const noisy = Number(trace.params["noise"]) > 0;
  const text = (/** @type {number} */ axis) => {
    const known = { slope: columns["true_gradient"][index][axis], noise: columns["noise"][axis], sum: columns["gradient"][index][axis] };
    const { text, exact } = digits(known.sum);
    if (!noisy) return exact ? text : `≈ ${text}`;
    return equation(["slope", "+", "noise"], "sum", (name) => known[/** @type {keyof typeof known} */ (name)]);
  };
  return { label: say("training.gradient"), letter: "g", formula: noisy ? say("race.slope_noise") : say("race.slope_loss"), x: text(0), y: text(1), last: false };
}

/** @param {string[]} formula @param {Words} words */
function inLetters(formula, words) {
  const letters = formula.map((token) =>
    token.endsWith(BEFORE) ? `${words[token.slice(0, -BEFORE.length)]?.letter}₀` : (words[token]?.letter ?? token),
  );
  return joined(letters);
}

/**
 * A formula with its numbers and what it comes to: = where all is written out in full, ≈ where something was rounded.
 * @param {string[]} formula @param {string} name @param {(name: string) => number} value
 */
function equation(formula, name, value) {
  let exact = true;
  const written = formula.map((token, index) => {
    if (!/^\w/.test(token)) return token;
    const short = digits(/^\d/.test(token) ? Number(token) : value(token));
    exact &&= short.exact;
    const leads = (index === 0 || formula[index - 1] === "(") && formula[index + 1] !== "²";
    return short.text.startsWith("−") && !leads ? `(${short.text})` : short.text;
  });
  const result = digits(value(name));
  return `${joined(written)} ${exact && result.exact ? "=" : "≈"} ${result.text}`;
}

/** Tokens with the spaces that a person puts between them; powers as superscripts. @param {string[]} tokens */
function joined(tokens) {
  let text = "";
  tokens.forEach((token, index) => {
    if (token === "^") return;
    if (tokens[index - 1] === "^") text += token === "t" ? "ᵗ" : superscript(token);
    else if (token === ")" || token === "²" || !text || /[(√]$/.test(text)) text += token;
    else text += ` ${token}`;
  });
  return text;
}
