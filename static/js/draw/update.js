// The arithmetic of one update: each line in words and in numbers, for x and for y.

/** @import { UpdateCard } from "../types" */

import { unbroken } from "../format.js";
import { el } from "./dom.js";
import { sample, styleOf } from "./series.js";

const ROOM = { usual: 56, close: 60 }; // characters of an equation before a projector, where that for x stands alone

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
      el("td", { class: "update-number", "data-axis": "x" }, unbroken(x)),
      el("td", { class: "update-number", "data-axis": "y" }, unbroken(y)),
    ),
  );
  const table = el("table", { class: "update" }, el("thead", {}, head), el("tbody", {}, ...rows));
  const longest = Math.max(0, ...lines.map(({ x }) => x.length));
  table.classList.toggle("close", longest > ROOM.usual);
  table.classList.toggle("tight", longest > ROOM.close);
  host.replaceChildren(table);
}
