// The chain rule of one number, written out: a line for each of its paths to the loss, the local derivatives along it
// and their product, and what the products add up to.

/** @import { ChainPath, ChainRule } from "./types" */

import { el } from "./draw/dom.js";
import { paint, strongest } from "./draw/scale.js";
import { isExact, number, operand } from "./format.js";
import { say } from "./words.js";

/** What stands before a number. @param {string} text */
const op = (text) => el("span", { class: "op" }, text);

/** Where on the way a factor leads to. @param {number[]} cell */
function indexText(cell) {
  const [first = 0, second = 0] = cell.map((at) => at + 1);
  const [row = 0, column = 0] = cell.slice(-2).map((at) => at + 1);
  if (cell.length === 1) return say("chain.in_line", { index: first });
  return cell.length === 2 ? say("chain.in_matrix", { from: second, to: first }) : say("chain.in_maps", { map: first, row, column });
}

/** Local derivatives, each with the sign before it, the layer that it is of and the cell that it leads to. @param {ChainPath} path @param {string[]} layers */
const factors = ({ local, cells }, layers) =>
  local.map((value, index) =>
    el(
      "td",
      { role: "cell" },
      op(index ? "×" : ""),
      el("span", { class: "factor" }, (index ? operand : number)(value)),
      el("small", {}, el("span", { class: "of-layer", "aria-hidden": "true" }, layers[index] ?? ""), indexText(cells[index] ?? [])),
    ),
  );

/** What follows an equals sign, which ≈ takes the place of. @param {number | null} value */
const equals = (value) => op(value !== null && isExact(value) ? "=" : "");

/** @param {ChainPath} path @param {string[]} layers @param {number} max */
function line(path, layers, max) {
  const { product } = path;
  const chip = el("span", { class: "chip-value" }, number(product));
  if (product !== null) {
    const { fill, ink } = paint(product, max);
    Object.assign(chip.style, { background: fill, color: ink });
  }
  return el("tr", { role: "row" }, ...factors(path, layers), el("td", { role: "cell" }, equals(product), chip));
}

/** A line under the paths: what it is, and a number. @param {string} label @param {number | null} value @param {number} columns */
const total = (label, value, columns) =>
  el("tr", { role: "row" }, el("th", { scope: "row", role: "rowheader", colspan: columns }, label), el("td", { role: "cell" }, el("b", {}, number(value))));

/** @param {string} text */
const head = (text) => el("th", { scope: "col", role: "columnheader" }, text);

/** Roles are said, since on a phone its cells stand below each other and a browser sees no table any more. @param {ChainRule} chain @param {(path: ChainPath | null) => void} point a line, or none, is pointed at */
function table({ made_by, paths, rest, rest_sum, sum }, point) {
  const max = strongest(paths.map(({ product }) => product));
  const columns = made_by.length;
  const lines = paths.map((path) => {
    const node = line(path, made_by, max);
    node.addEventListener("pointerenter", () => point(path));
    return node;
  });
  const body = el("tbody", { role: "rowgroup" }, ...lines);
  body.addEventListener("pointerleave", ({ pointerType }) => pointerType === "touch" || point(null)); // what a finger showed stays
  const below = [...(rest ? [total(say("chain.rest", { count: rest }), rest_sum, columns)] : []), total(say("chain.sum"), sum, columns)];
  return el(
    "table",
    { class: "chain-table", role: "table" },
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...made_by.map(head), head(say("chain.product")))),
    body,
    el("tfoot", { role: "rowgroup" }, ...below),
  );
}

/** Where the paths end whose product is 0: how many of them, and why. @param {ChainRule} chain */
function ended({ stopped, ends, total }) {
  const rows = Object.values(stopped).map((count, at) => {
    const bar = el("i", { class: "ended-bar" });
    bar.style.width = `${(100 * count) / total}%`;
    return el("tr", {}, el("th", { scope: "row" }, ends[at] ?? ""), el("td", {}, el("b", {}, String(count))), el("td", { class: "ended-share" }, bar));
  });
  return el("table", { class: "ended" }, el("caption", {}, say("chain.ended")), el("tbody", {}, ...rows));
}

/** @param {HTMLElement} host @param {ChainRule | null} chain none: the step has no number with paths @param {(path: ChainPath | null) => void} point */
export function drawChain(host, chain, point) {
  if (!chain) host.replaceChildren(el("p", {}, say("chain.none")));
  else {
    const parts = [...(chain.paths.length ? [table(chain, point)] : []), ...(chain.ends.length ? [ended(chain)] : [])];
    host.replaceChildren(el("p", {}, chain.finding), ...parts);
  }
}
