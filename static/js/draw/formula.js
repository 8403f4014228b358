// The output size as the engine worked it out, in MathML, with the floor where it is taken.

/** @import { AxisGeometry, Geometry } from "../types" */

import { number, plural } from "../format.js";
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

/** @param {AxisGeometry} axis */
function formula(axis) {
  const top = math("mrow", mn(axis.input_size), mo("−"), mn(axis.effective_kernel_size), ...padding(axis));
  const node = math(
    "math",
    math(
      "mrow",
      rounded(axis, math("mfrac", top, mn(axis.stride))),
      mo("+"),
      mn(1),
      mo("="),
      rounded(axis, mn(number(axis.quotient))),
      mo("+"),
      mn(1),
      mo("="),
      mn(axis.output_size),
    ),
  );
  node.setAttribute("display", "block");
  return node;
}

/** @param {AxisGeometry} axis @param {string} rows "rows" or "columns" */
function remarks(axis, rows) {
  const one = rows.slice(0, -1);
  const said = [];
  if (axis.dilation > 1)
    said.push(`Dilation ${axis.dilation} spreads the kernel's ${axis.kernel_size} taps over ${axis.effective_kernel_size} ${rows}.`);
  if (axis.unread) said.push(`The floor leaves the last ${axis.unread > 1 ? plural(axis.unread, one) : one} unread.`);
  if (axis.overhang) said.push(`The last window overhangs the end by ${plural(axis.overhang, one)}.`);
  return said.join(" ");
}

/** @param {HTMLElement} host @param {Geometry} geometry */
export function drawFormula(host, { height, width }) {
  const alike = JSON.stringify(height) === JSON.stringify(width);
  const row = (/** @type {string} */ label, /** @type {AxisGeometry} */ axis, /** @type {string} */ rows) =>
    el(
      "div",
      { class: "formula-row" },
      el("span", { class: "legend" }, label),
      formula(axis),
      remarks(axis, rows) ? el("p", { class: "field-note" }, remarks(axis, rows)) : null,
    );
  const rows = alike
    ? [row("Height and width", height, "rows")]
    : [row("Height", height, "rows"), row("Width", width, "columns")];
  host.replaceChildren(...rows);
}
