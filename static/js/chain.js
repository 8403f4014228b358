// The chain rule of one number, written out: a line for each of its paths to the loss, the local derivatives along it
// and their product, and what the products add up to.

/** @import { ChainPath, ChainRule } from "./types" */

import { el } from "./draw/dom.js";
import { paint, strongest } from "./draw/scale.js";
import { isExact, number, operand } from "./format.js";
import { say } from "./words.js";

/** @param {string} text */
const op = (text) => el("td", { class: "op" }, text);

/** Local derivatives with what stands between them. @param {(number | null)[]} local */
const factors = (local) => local.flatMap((value, place) => (place ? [op("×"), el("td", {}, operand(value))] : [el("td", {}, number(value))]));

/** What follows an equals sign, which ≈ takes the place of. @param {number | null} value */
const equals = (value) => op(value !== null && isExact(value) ? "=" : "");

/** @param {ChainPath} path @param {number} max */
function line({ local, product }, max) {
  const chip = el("span", { class: "chip-value" }, number(product));
  if (product !== null) {
    const { fill, ink } = paint(product, max);
    Object.assign(chip.style, { background: fill, color: ink });
  }
  return el("tr", {}, ...factors(local), equals(product), el("td", {}, chip));
}

/** A line under the paths: what it is, and a number. @param {string} label @param {number | null} value @param {number} columns */
const total = (label, value, columns) => el("tr", {}, el("th", { scope: "row", colspan: columns }, label), el("td", {}, el("b", {}, number(value))));

/** @param {ChainRule} chain @param {(path: ChainPath | null) => void} point a line, or none, is pointed at */
function table({ made_by, paths, rest, rest_sum, sum }, point) {
  const max = strongest(paths.map(({ product }) => product));
  const columns = 2 * made_by.length;
  const heads = made_by.flatMap((title, place) => [...(place ? [el("td")] : []), el("th", { scope: "col" }, title)]);
  const lines = paths.map((path) => {
    const node = line(path, max);
    node.addEventListener("pointerenter", () => point(path));
    return node;
  });
  const body = el("tbody", {}, ...lines);
  body.addEventListener("pointerleave", () => point(null));
  const below = [...(rest ? [total(say("chain.rest", { count: rest }), rest_sum, columns)] : []), total(say("chain.sum"), sum, columns)];
  return el(
    "table",
    { class: "chain-table" },
    el("thead", {}, el("tr", {}, ...heads, el("td"), el("th", { scope: "col" }, say("chain.product")))),
    body,
    el("tfoot", {}, ...below),
  );
}

/** @param {HTMLElement} host @param {ChainRule | null} chain none: the step has no number with paths @param {(path: ChainPath | null) => void} point */
export function drawChain(host, chain, point) {
  if (!chain) host.replaceChildren(el("p", {}, say("chain.none")));
  else host.replaceChildren(el("p", {}, chain.finding), ...(chain.paths.length ? [table(chain, point)] : []));
}
