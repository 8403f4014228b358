// A step of a race: where everybody is, and the arithmetic of the update that brought them there.

/** @import { Pair, RaceFrame, RaceStep, RaceTrace, RaceWords, UpdateCard, UpdateLine } from "./types" */
/** @import { Series } from "./draw/chart.js" */

import { digits, superscript } from "./format.js";
import { kept } from "./frames/reading.js";
import { say } from "./words.js";

const BEFORE = "_before";

/** @type {Record<string, string>} */
const EVENTS = {
  diverges: say("race.diverges"),
  stopped: say("race.diverged"),
  leaves: say("race.leaves"),
  still: say("race.still"),
  misled: say("race.misled"),
  overshoots: say("race.overshoots"),
  arrives: say("race.arrives"),
};

/** What stays the same from step to step. @type {(trace: RaceTrace) => { landscape: RaceFrame["landscape"], paths: Pair[][], series: Series[] }} */
const constant = kept(({ params, tensors }) => {
  const { values: path } = tensors.path;
  return {
    landscape: {
      key: params.landscape,
      title: params.title,
      note: params.note,
      relief: tensors.relief.values,
      levels: tensors.level_relief.values,
      xRange: params.x_range,
      yRange: params.y_range,
      lowest: params.lowest,
      start: params.start,
    },
    paths: params.runners.map((_, index) => path.map((row) => pointIn(row[index]))),
    series: params.runners.map(({ name, title, number: style }, index) => ({
      id: name,
      name: title,
      values: path.map((row) => row[index]?.[2]),
      style,
    })),
  };
});

/** @param {RaceTrace["tensors"]["path"]["values"][number][number]} at @returns {Pair} */
const pointIn = ([x, y]) => [x, y];

/** @param {RaceTrace} trace @param {RaceStep} step @param {{ ahead: boolean }} state @returns {RaceFrame} */
export function optimizersFrame(trace, step, state) {
  const { landscape, paths, series } = constant(trace);
  const described = trace.params.runners;
  /** @type {unknown} */
  const output = step.output; // of all of them
  const ends = Array.isArray(output) ? output : [];
  const runners = described.map((one, index) => ({
    name: one.name,
    title: one.title,
    style: one.number,
    path: paths[index],
    position: step.position[index],
    output: ends[index],
    gradient: step.gradient[index],
    trueGradient: step.true_gradient[index],
    loss: step.new_loss[index],
    rate: step.learning_rate[index],
    running: step.running[index],
    event: EVENTS[step.event[index]] ?? "",
    lines: one.lines.length + 1,
  }));
  return {
    at: step.index + 1,
    total: trace.total,
    ahead: state.ahead,
    landscape,
    runners,
    series,
    card: (name) => card(trace, step, Math.max(0, described.findIndex((one) => one.name === name))),
    sentence: step.description,
  };
}

/** @param {RaceTrace} trace @param {RaceStep} step @param {number} index @returns {UpdateCard} */
function card(trace, step, index) {
  const { runners, words } = trace.params;
  const runner = runners[index];
  const style = runner.number;
  const update = step.index + 1;
  if (!step.running[index]) return { title: runner.title, style, note: say("race.no_update"), lines: [] };
  const rate = step.learning_rate[index];
  /** @param {string} name @param {number} axis @returns {number} */
  const value = (name, axis) => {
    if (name === "values") return step.position[index][axis];
    if (name === "gradient") return step.gradient[index][axis];
    if (name === "rate") return rate;
    if (name === "t") return update;
    const [own, column] = [runner.constants[name], step[`${runner.name}.${name}`]];
    return own ?? (Array.isArray(column) ? column[axis] : undefined) ?? Number(name);
  };
  const most = (/** @type {number} */ line, /** @type {number} */ axis) => step.digits[index]?.[line]?.[axis];
  const lines = runner.lines.map(({ name, formula }, line) => ({
    label: words[name]?.word ?? name,
    letter: words[name]?.letter ?? "",
    formula: inLetters(formula, words),
    x: equation(formula, name, (token) => value(token, 0), most(line + 1, 0)),
    y: equation(formula, name, (token) => value(token, 1), most(line + 1, 1)),
    last: line === runner.lines.length - 1,
  }));
  return {
    title: runner.title,
    style,
    note: say("race.update", { update, text: digits(rate).text }),
    lines: [gradientLine(trace, step, index), ...lines],
  };
}

/** @param {RaceTrace} trace @param {RaceStep} step @param {number} index @returns {UpdateLine} */
function gradientLine(trace, step, index) {
  const noisy = trace.params.noise > 0;
  const text = (/** @type {number} */ axis) => {
    /** @type {Record<string, number>} */
    const known = { slope: step.true_gradient[index][axis], noise: step.noise[axis], sum: step.gradient[index][axis] };
    const { text, exact } = digits(known["sum"]);
    if (!noisy) return exact ? text : `≈ ${text}`;
    return equation(["slope", "+", "noise"], "sum", (name) => known[name], step.digits[index]?.[0]?.[axis]);
  };
  return { label: say("training.gradient"), letter: "g", formula: noisy ? say("race.slope_noise") : say("race.slope_loss"), x: text(0), y: text(1), last: false };
}

/** @param {string[]} formula @param {RaceWords} words */
function inLetters(formula, words) {
  const letters = formula.map((token) =>
    token.endsWith(BEFORE) ? `${words[token.slice(0, -BEFORE.length)]?.letter}₀` : (words[token]?.letter ?? token),
  );
  return joined(letters);
}

/**
 * A formula with its numbers and what it comes to: = where all is written out in full, ≈ where something was rounded.
 * @param {string[]} formula @param {string} name @param {(name: string) => number} value @param {number} [most] digits of its numbers, with which it holds as it is printed
 */
function equation(formula, name, value, most) {
  let exact = true;
  const written = formula.map((token, index) => {
    if (!/^\w/.test(token)) return token;
    const short = digits(/^\d/.test(token) ? Number(token) : value(token), most);
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
