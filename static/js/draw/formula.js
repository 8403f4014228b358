// The output size as the engine worked it out, in MathML, with the floor where it is taken.

/** @import { AxisGeometry, Geometry } from "../types" */

import { number } from "../format.js";
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

/** Both sides of the equation, the second on a line of its own where there is no room. @param {AxisGeometry} axis */
function formula(axis) {
  const top = math("mrow", mn(axis.input_size), mo("−"), mn(axis.effective_kernel_size), ...padding(axis));
  const quotient = rounded(axis, math("mfrac", top, mn(axis.stride)));
  const sides = [
    math("math", math("mrow", quotient, mo("+"), mn(1))),
    math(
      "math",
      math("mrow", mo("="), rounded(axis, mn(number(axis.quotient))), mo("+"), mn(1), mo("="), mn(axis.output_size)),
    ),
  ];
  for (const side of sides) side.setAttribute("displaystyle", "true");
  return el("div", { class: "equation" }, ...sides);
}

/** @param {AxisGeometry} axis @param {string} one "row", "column" or both */
function remarks(axis, one) {
  const rows = one.includes(" ") ? "rows and columns" : `${one}s`;
  const count = (/** @type {number} */ number) => (number > 1 ? `${number} ${rows}` : one);
  const said = [];
  if (axis.dilation > 1)
    said.push(
      `Dilation ${axis.dilation} spreads the kernel's ${axis.kernel_size} taps over ${axis.effective_kernel_size} ${rows}.`,
    );
  if (axis.unread) said.push(`The floor leaves the last ${count(axis.unread)} of the padded input unread.`);
  if (axis.overhang)
    said.push(`The last windows overhang the end by ${axis.overhang > 1 ? "" : "one "}${count(axis.overhang)}.`);
  return said.join(" ");
}

/** @param {HTMLElement} host @param {Geometry} geometry */
export function drawFormula(host, { height, width }) {
  const alike = JSON.stringify(height) === JSON.stringify(width);
  const row = (/** @type {string} */ label, /** @type {AxisGeometry} */ axis, /** @type {string} */ one) =>
    el(
      "div",
      { class: "formula-row" },
      el("span", { class: "legend" }, label),
      formula(axis),
      remarks(axis, one) ? el("p", { class: "field-note" }, remarks(axis, one)) : null,
    );
  const rows = alike
    ? [row("Height and width", height, "row and column")]
    : [row("Height", height, "row"), row("Width", width, "column")];
  host.replaceChildren(...rows);
}
