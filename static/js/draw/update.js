// The arithmetic of one update: each line in words and in numbers, for x and for y.

/** @import { UpdateCard } from "../types" */

import { el } from "./dom.js";
import { sample, styleOf } from "./series.js";

const ROOM = 108; // characters of both equations that stand beside each other on a desktop

/** @param {HTMLElement} host @param {UpdateCard} card */
export function drawUpdate(host, { title, style, note, lines }) {
  const head = el(
    "tr",
    {},
    el("th", { scope: "col", colspan: 2, class: "update-title" }, sample(styleOf(style)), title, el("span", {}, note)),
    ...(lines.length ? [el("th", { scope: "col" }, "x"), el("th", { scope: "col" }, "y")] : []),
  );
  const rows = lines.map(({ label, letter, formula, x, y, last }) =>
    el(
      "tr",
      last ? { class: "update-last" } : {},
      el("th", { scope: "row" }, label, el("i", {}, letter)),
      el("td", { class: "update-formula" }, formula),
      el("td", { class: "update-number", "data-axis": "x" }, x),
      el("td", { class: "update-number", "data-axis": "y" }, y),
    ),
  );
  const table = el("table", { class: "update" }, el("thead", {}, head), el("tbody", {}, ...rows));
  const longest = (/** @type {"x" | "y"} */ axis) => Math.max(0, ...lines.map((line) => line[axis].length));
  table.classList.toggle("tight", longest("x") + longest("y") > ROOM);
  host.replaceChildren(table);
}
