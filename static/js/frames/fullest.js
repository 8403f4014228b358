// The fullest arithmetic of a timeline whose steps have more terms and fewer: each of them has the room of this one, so
// that nothing moves from step to step, and a step looks the same whichever way one came to it.

/** @import { Card, Cause, Panel, Step, Term, TermsShown, TraceLike } from "../types" */

import { factorAfter, number } from "../format.js";
import { cut, listOf } from "../nested.js";
import { say } from "../words.js";
import { filledIn, kept, listIn } from "./reading.js";

const LOOKED = 4096; // numbers of a tensor at which it is looked for the longest
const MARKS = 4; // meanings of marks that have room

/** The longest of some numbers, as a factor after another and as it stands alone. @type {(values: unknown[]) => number} */
const longest = kept((values) => {
  const numbers = values.flat(4).slice(0, LOOKED).map(Number);
  const lengthOf = (/** @type {number} */ value) => factorAfter(value).length + number(value).length / 100;
  return numbers.reduce((one, other) => (lengthOf(other) > lengthOf(one) ? other : one), 0);
});

/** Meanings of marks, neither the shortest nor the longest. @type {(causes: Cause[]) => Cause[]} */
const usual = kept((causes) => {
  const sorted = causes.toSorted((one, other) => one.text.length - other.text.length);
  return sorted.slice(Math.max(0, Math.floor((sorted.length - MARKS) / 2))).slice(0, MARKS);
});

/** The tensor that the local derivatives of a gradient are read from, where it is shown. @param {Panel[]} panels */
function readTensor(panels) {
  const read = panels.filter(({ role, grids }) => role !== "output" && grids[0] && grids[0].shows.tensor !== "grad_output");
  return read.at(-1)?.grids[0]?.shows.tensor;
}

/** The longest number of a tensor, or of the part of it that a block of several reads. @param {TraceLike} trace @param {string} name @param {number} block @param {number} count of blocks */
function longestOf(trace, name, block, count) {
  const values = listIn(trace, name);
  return longest(count > 1 && values.length === count ? listOf(values[block]) : values);
}

/** The terms of a block, all with the longest numbers that the tensors hold. @param {TraceLike} trace @param {TermsShown} terms @param {Panel[]} panels @param {number} block @param {number} count @returns {Term} */
function longestTerm(trace, { left }, panels, block, count) {
  const own = readTensor(panels);
  return {
    left: left ? (own ? longestOf(trace, own, block, count) : 0) : null,
    right: left ? longestOf(trace, "grad_output", block, count) : null,
    value: longest(listIn(trace, "output")),
    padding: false,
    chosen: false,
  };
}

/** @param {TraceLike} trace @param {TermsShown} terms of which not every step has all @param {Step} step @param {Panel[]} panels @returns {NonNullable<Card["fullest"]>} */
export function fullestOf(trace, terms, step, panels) {
  const [rows = 1, cols = listOf(step[terms.value]).length] = terms.shape ?? [];
  const planes = cut(step[terms.value], [rows, cols]);
  const several = planes.length * rows > 1;
  const blocks = planes.map((plane, block) => {
    const term = longestTerm(trace, terms, panels, block, planes.length);
    const short = { ...term, ...(term.right === null ? {} : { right: 0 }), value: 0 }; // seldom is more than one of a row so long, or than every other of the only one
    return {
      title: planes.length > 1 ? say("common.filter", { number: block + 1 }) : "",
      running: several,
      rows: plane.map((row) => ({ terms: row.map((_, col) => (col % (several ? row.length : 2) ? short : term)), sum: several ? term.value : null })),
      sum: null,
    };
  });
  return { blocks, causes: usual(terms.causes ?? []), result: longest(listIn(trace, "output")) };
}

/** The lines of an update as they are with the longest numbers: what lies between those that are shown is as long as they are. @param {TraceLike} trace @param {[string, string][]} lines @param {Step} step @returns {NonNullable<Card["fullest"]>} */
export function fullestLines(trace, lines, step) {
  const shown = Object.fromEntries(Object.keys(trace.tensors).map((name) => [name, longest(listIn(trace, name))]));
  const most = longest(Object.values(shown));
  const full = Object.fromEntries(Object.keys(step).map((name) => [name, shown[name] ?? most]));
  return { lines: lines.map(([label, text]) => ({ label, value: filledIn(text, { ...step, ...full }) })) };
}
