// Cells switched off: what they said and what the logit did, side by side, for the largest ones and for two controls.

/** @import { Switched, Why } from "./why.js" */

import { el } from "../draw/dom.js";
import { number } from "../format.js";
import { say } from "../words.js";
import { marksOf } from "./planes.js";

/** The rows of the table. @param {Why} why */
export function switchedOff({ shape, logit, largest, controls }) {
  if (!largest || !controls) return [];
  const { grad_cam: cam, random } = controls;
  const rows = [
    { name: say("why.by_contribution"), own: largest },
    ...(cam ? [{ name: say("why.grad_cam"), own: cam }] : []),
    { name: say("why.by_chance"), own: random },
  ];
  return rows.map(({ name, own }) => row(name, own, shape, logit));
}

/** @param {string} name @param {Switched} switched @param {number[]} shape @param {number | null} before */
const row = (name, { cells, sum, logit, fall }, shape, before) =>
  el(
    "tr",
    {},
    el("th", { scope: "row" }, marksOf(shape, cells), name),
    el("td", {}, number(sum)),
    el("td", {}, say("why.from_to", { before: number(before), after: number(logit) })),
    el("td", {}, number(fall)),
  );
