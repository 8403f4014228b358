// A step of a deep network that learns: a bar for the values of each layer and one for its gradient.

/** @import { DepthFrame, DepthRow, DepthSize, Pair, Step, TraceLike } from "./types" */
/** @import { PairTimeline } from "./timeline.js" */
/** @import { Domain } from "./draw/axis.js" */

import { placeOf, tickText } from "./draw/axis.js";
import { digits, number, percent } from "./format.js";
import { tensor } from "./tensors.js";
import { say } from "./words.js";

/** @typedef {{ name: string, trace: TraceLike, step: Step }} Sided */
/** @typedef {{ value: Domain, gradient: Domain }} Domains */

const MOST = 2; // digits of a number beside its bar
const NAMES = { sigmoid: say("option.sigmoid"), tanh: say("backpropagation.tanh"), relu: say("option.relu") };
const SLOPES = { sigmoid: say("depth.slope_sigmoid"), tanh: say("depth.slope_tanh"), relu: say("depth.slope_relu") };
const IDLE = { sigmoid: say("depth.flat"), tanh: say("depth.flat"), relu: say("depth.dead") };
/** @type {Record<string, string>} */
const BEYOND = { infinite: say("depth.infinite"), nan: say("depth.nan") };

/** @param {TraceLike} trace @param {Step} step @returns {DepthFrame} */
export function depthFrame(trace, step) {
  const sides = sidesOf(trace, step);
  const domains = { value: domainOf(sides, "value_range"), gradient: domainOf(sides, "gradient_range") };
  return {
    at: step.index + 1,
    total: trace.total,
    sides: sides.map((side) => ({ name: side.name, idle: IDLE[activationOf(side.trace)], rows: rowsOf(side, domains) })),
    ends: { value: endsOf(domains.value), gradient: endsOf(domains.gradient) },
    series: sides.map(({ name, trace }, style) => ({ id: name, name: name || say("common.loss"), values: losses(trace), style })),
    sentence: sides.length > 1 ? sides.map(({ name, step }) => say("depth.of_side", { name, sentence: step.description })).join(" ") : step.description,
  };
}

/** One setting, or both. @param {TraceLike} trace @param {Step} step @returns {Sided[]} */
function sidesOf(trace, step) {
  if (!("one" in step)) return [{ name: "", trace, step }];
  const { one, two } = /** @type {PairTimeline} */ (trace);
  return [
    { name: nameOf(one), trace: one, step: /** @type {Step} */ (step["one"]) },
    { name: nameOf(two), trace: two, step: /** @type {Step} */ (step["two"]) },
  ];
}

/** @param {TraceLike} trace */
const activationOf = ({ params }) => /** @type {keyof typeof NAMES} */ (params["activation"]);

/** @param {TraceLike} trace */
function nameOf(trace) {
  const { title, initialisation } = trace.params;
  const activation = NAMES[activationOf(trace)];
  const options = typeof initialisation === "string" ? {} : /** @type {Record<string, unknown>} */ (initialisation);
  const [size] = Object.entries(options).flatMap(([option, value]) => (option === "name" ? [] : [Number(value)]));
  if (size === undefined) return say("depth.side", { activation, initialisation: String(title) });
  return say("depth.side_sized", { activation, size: number(size) });
}

/** @param {TraceLike} trace */
const losses = (trace) => /** @type {(number | null)[]} */ (tensor(trace, "loss").values);

/** The axis on which the bars of all settings and steps have room. @param {Sided[]} sides @param {string} name @returns {Domain} */
function domainOf(sides, name) {
  const ends = sides.map(({ trace }) => /** @type {Pair} */ (tensor(trace, name).values));
  return { low: Math.min(...ends.map(([low]) => low)), high: Math.max(...ends.map(([, high]) => high)), log: true };
}

/** @param {Domain} domain @returns {[string, string]} */
const endsOf = ({ low, high }) => [tickText(low), tickText(high)];

/** @param {Sided} side @param {Domains} domains @returns {DepthRow[]} */
function rowsOf({ trace, step }, domains) {
  /** @type {Record<string, any>} */
  const columns = step;
  return columns["values"].map((/** @type {number | null} */ value, /** @type {number} */ layer) => ({
    value: sized(value, columns["value_states"][layer], domains.value),
    gradient: sized(columns["gradients"][layer], columns["gradient_states"][layer], domains.gradient),
    idle: columns["idle"][layer] > 0 ? percent(columns["idle"][layer]) : "",
    terms: termsOf(columns, layer, activationOf(trace)),
  }));
}

/** @param {number | null} value @param {string} state @param {Domain} domain @returns {DepthSize} */
function sized(value, state, domain) {
  if (value === null) return { share: state === "infinite" ? 1 : null, text: BEYOND[state] ?? "", beyond: true };
  return { share: value > 0 ? placeOf(value, domain) : null, text: rounded(value), beyond: false };
}

/** @param {number | null} value */
function rounded(value) {
  if (value === null) return "–";
  const { text, exact } = digits(value, MOST);
  return exact ? text : `≈${text}`;
}

/** How a gradient gets through a layer: its slope, its weights, and what was measured behind it. @param {Record<string, any>} columns @param {number} layer @param {keyof typeof NAMES} activation */
function termsOf(columns, layer, activation) {
  const last = layer === columns["values"].length - 1;
  const terms = [{ sign: "", text: rounded(columns["above"][layer]), label: say("depth.above", { layer: layer + 1 }) }];
  if (!last) terms.push({ sign: "×", text: rounded(columns["slopes"][layer]), label: SLOPES[activation] });
  terms.push({ sign: "×", text: rounded(columns["stretches"][layer]), label: say("depth.stretch") });
  const passed = layer ? say("depth.passed", { layer }) : say("depth.passed_to_input");
  terms.push({ sign: "≈", text: rounded(columns["passed"][layer]), label: passed });
  if (layer) terms.push({ sign: "", text: rounded(columns["above"][layer - 1]), label: say("depth.measured") });
  return terms;
}
