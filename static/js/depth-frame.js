// A step of a deep network that learns: a bar for the values of each layer and one for its gradient.

/** @import { DepthFrame, DepthPair, DepthPairStep, DepthRow, DepthSize, DepthStep, DepthTrace } from "./types" */
/** @import { Domain } from "./draw/axis.js" */

import { DEPTH_ACTIVATIONS } from "./catalogue.js";
import { shareOf, tickText } from "./draw/axis.js";
import { digits, number, percent, TERM_DIGITS } from "./format.js";
import { say } from "./words.js";

/** @typedef {{ name: string, trace: DepthTrace, step: DepthStep }} Sided */
/** @typedef {{ value: Domain, gradient: Domain }} Domains */

const MOST = 2; // digits of a number beside its bar
/** @type {Record<string, string>} */
const SLOPES = { sigmoid: say("depth.slope_sigmoid"), tanh: say("depth.slope_tanh"), relu: say("depth.slope_relu") };
/** @type {Record<string, string>} */
const BEYOND = { infinite: say("depth.infinite"), nan: say("depth.nan") };

/** @param {DepthTrace | DepthPair} trace @param {DepthStep | DepthPairStep} step @returns {DepthFrame} */
export function depthFrame(trace, step) {
  const sides = sidesOf(trace, step);
  const domains = { value: domainOf(sides, "value_range"), gradient: domainOf(sides, "gradient_range") };
  return {
    at: step.index + 1,
    total: trace.total,
    sides: sides.map((side) => ({ name: side.name, idle: side.trace.params.activation === "relu" ? say("depth.dead") : say("depth.flat"), rows: rowsOf(side, domains) })),
    ends: { value: endsOf(domains.value), gradient: endsOf(domains.gradient) },
    series: sides.map(({ name, trace }, style) => ({ id: name, name: name || say("common.loss"), values: trace.tensors.loss.values, style })),
    sentence: sides.length > 1 ? sides.map(({ name, step }) => say("depth.of_side", { name, sentence: step.description })).join("\n") : step.description,
  };
}

/** One setting, or both. @param {DepthTrace | DepthPair} trace @param {DepthStep | DepthPairStep} step @returns {Sided[]} */
function sidesOf(trace, step) {
  if (isPair(step)) return "one" in trace ? [named(trace.one, step.one), named(trace.two, step.two)] : [];
  return "one" in trace ? [] : [{ name: "", trace, step }];
}

/** @param {DepthStep | DepthPairStep} step @returns {step is DepthPairStep} */
const isPair = (step) => "one" in step;

/** @param {DepthTrace} trace @param {DepthStep} step @returns {Sided} */
const named = (trace, step) => ({ name: nameOf(trace), trace, step });

/** @param {DepthTrace} trace */
function nameOf({ params: { activation: kind, title, initialisation } }) {
  const activation = DEPTH_ACTIVATIONS[kind] ?? kind;
  const options = typeof initialisation === "string" ? {} : initialisation;
  const [size] = Object.entries(options).flatMap(([option, value]) => (option === "name" ? [] : [Number(value)]));
  if (size === undefined) return say("depth.side", { activation, initialisation: title });
  return say("depth.side_sized", { activation, size: number(size) });
}

/** The axis on which the bars of all settings and steps have room. @param {Sided[]} sides @param {"value_range" | "gradient_range"} name @returns {Domain} */
function domainOf(sides, name) {
  const ends = sides.map(({ trace }) => trace.tensors[name].values);
  return { low: Math.min(...ends.map(([low]) => low)), high: Math.max(...ends.map(([, high]) => high)), log: true };
}

/** @param {Domain} domain @returns {[string, string]} */
const endsOf = ({ low, high }) => [tickText(low), tickText(high)];

/** @param {Sided} side @param {Domains} domains @returns {DepthRow[]} */
function rowsOf({ trace, step }, domains) {
  return step.values.map((value, layer) => {
    const idle = step.idle[layer] ?? 0;
    return {
      value: sized(value, step.value_states[layer], domains.value),
      gradient: sized(step.gradients[layer] ?? null, step.gradient_states[layer], domains.gradient),
      idle: idle > 0 ? percent(idle) : "",
      terms: termsOf(step, layer, trace.params.activation),
    };
  });
}

/** @param {number | null} value @param {string | undefined} state @param {Domain} domain @returns {DepthSize} */
function sized(value, state, domain) {
  if (value === null) return { share: state === "infinite" ? 1 : null, text: BEYOND[state ?? ""] ?? "", beyond: true };
  return { share: value > 0 ? shareOf(value, domain) : null, text: rounded(value), beyond: false };
}

/** @param {number | null | undefined} value @param {number} [most] digits @param {string} [sign] what stands before it where some are left out */
function rounded(value, most = MOST, sign = "≈") {
  if (value === null || value === undefined) return "–";
  const { text, exact } = digits(value, most);
  return exact ? text : `${sign}${text}`;
}

/** How a gradient gets through a layer: its slope, its weights, and what was measured behind it. @param {DepthStep} step @param {number} layer @param {string} activation */
function termsOf(step, layer, activation) {
  const last = layer === step.values.length - 1;
  const terms = [{ sign: "", text: rounded(step.above[layer], TERM_DIGITS), label: say("depth.above", { layer: layer + 1 }) }];
  if (!last) terms.push({ sign: "×", text: rounded(step.slopes[layer], TERM_DIGITS), label: SLOPES[activation] ?? activation });
  terms.push({ sign: "×", text: rounded(step.stretches[layer], TERM_DIGITS), label: say("depth.stretch") });
  const passed = layer ? say("depth.passed", { layer }) : say("depth.passed_to_input");
  terms.push({ sign: "≈", text: rounded(step.passed[layer], MOST, ""), label: passed });
  if (layer) terms.push({ sign: "", text: rounded(step.above[layer - 1]), label: say("depth.measured", { layer }) });
  return terms;
}
