// The output size as the engine worked it out, in MathML, with the floor where it is taken.

/** @import { AxisGeometry, Geometry } from "../types" */

import { number } from "../format.js";
import { say } from "../words.js";
import { el, math } from "./dom.js";

/** @param {string | number} text */
const mn = (text) => math("mn", String(text));
/** @param {string} text */
const mo = (text) => math("mo", text);

/** The padding as the lesson writes it where both sides are alike, else side by side. @param {AxisGeometry} axis */
function padding({ padding: [before, after] }) {
  if (!before && !after) return [mo("+"), mn(2), mo("×"), mn(0)];
  if (before === after) return [mo("+"), mn(2), mo("×"), mn(before)];
  return [mo("+"), mn(before), mo("+"), mn(after)];
}

/** @param {AxisGeometry} axis @param {Node[]} inside */
const rounded = (axis, ...inside) =>
  math("mrow", mo(axis.ceil_mode ? "⌈" : "⌊"), ...inside, mo(axis.ceil_mode ? "⌉" : "⌋"));

/** The windows that rounding up would add beyond the input, where there are any. @param {AxisGeometry} axis */
const leftOut = ({ left_out: windows }) => (windows ? [mo("−"), mn(windows)] : []);

/** Both sides of the equation, the second on a line of its own where there is no room. @param {AxisGeometry} axis */
function formula(axis) {
  const top = math("mrow", mn(axis.input_size), mo("−"), mn(axis.effective_kernel_size), ...padding(axis));
  const quotient = rounded(axis, math("mfrac", top, mn(axis.stride)));
  const sides = [
    math("math", math("mrow", quotient, mo("+"), mn(1), ...leftOut(axis))),
    math(
      "math",
      math("mrow", mo("="), rounded(axis, mn(number(axis.quotient))), mo("+"), mn(1), ...leftOut(axis), mo("="), mn(axis.output_size)),
    ),
  ];
  for (const side of sides) side.setAttribute("displaystyle", "true");
  return el("div", { class: "equation" }, ...sides);
}

/** What each kind of axis has to say, where there is anything. */
const REMARKS = {
  both: (/** @type {AxisGeometry} */ axis) => [
    say("formula.spread_both", axis),
    say("formula.unread_both", axis),
    say("formula.overhang_both", axis),
    say("formula.left_out_both"),
  ],
  rows: (/** @type {AxisGeometry} */ axis) => [
    say("formula.spread_rows", axis),
    say("formula.unread_rows", axis),
    say("formula.overhang_rows", axis),
    say("formula.left_out_rows"),
  ],
  columns: (/** @type {AxisGeometry} */ axis) => [
    say("formula.spread_columns", axis),
    say("formula.unread_columns", axis),
    say("formula.overhang_columns", axis),
    say("formula.left_out_columns"),
  ],
};

/** @param {AxisGeometry} axis @param {keyof typeof REMARKS} kind */
function remarks(axis, kind) {
  const { kernel_size, effective_kernel_size, unread, overhang, left_out } = axis;
  const apply = [effective_kernel_size > kernel_size, unread > 0 && !left_out, overhang > 0, left_out > 0];
  return REMARKS[kind](axis)
    .filter((_, index) => apply[index])
    .join(" ");
}

/** @param {HTMLElement} host @param {Geometry} geometry */
export function drawFormula(host, { height, width }) {
  const alike = JSON.stringify(height) === JSON.stringify(width);
  const row = (/** @type {string} */ label, /** @type {AxisGeometry} */ axis, /** @type {keyof typeof REMARKS} */ kind) =>
    el(
      "div",
      { class: "formula-row" },
      el("span", { class: "legend" }, label),
      formula(axis),
      remarks(axis, kind) ? el("p", { class: "field-note" }, remarks(axis, kind)) : null,
    );
  const rows = alike
    ? [row(say("formula.both"), height, "both")]
    : [row(say("formula.height"), height, "rows"), row(say("formula.width"), width, "columns")];
  host.replaceChildren(...rows);
}
