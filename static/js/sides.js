// Where two settings stand: left and right, or above and below. By that people call them.

import { say } from "./words.js";

/** @import { Frame, Panel } from "./types" */

const NAMES = {
  beside: [say("places.left"), say("places.right")],
  stacked: [say("places.above"), say("places.below")],
};
/** @type {keyof typeof NAMES} */
let now = "beside";

/** What the first or the second of two settings is called. @param {0 | 1} index */
export const sideName = (index) => NAMES[now][index] ?? "";

/** A control or a field whose label says where its setting stands now. @template {{ label: string }} T @param {0 | 1} index @param {(side: string) => string} called @param {T} part @returns {T} */
export const atSide = (index, called, part) =>
  Object.defineProperty(part, "label", { get: () => called(sideName(index)), enumerable: true });

/** Whether two settings share no line; of one at a time the switch between them stands left and right. @param {Frame["sides"]} sides @param {Panel[][]} lines */
export function areStacked(sides, lines) {
  const [first = [], second = []] = (sides ?? []).map(({ panels }) => panels);
  const holds = (/** @type {Panel[]} */ line, /** @type {string[]} */ own, /** @type {string[]} */ other) =>
    line.some(({ id }) => own.includes(id) && !other.includes(id));
  return !lines.some((line) => holds(line, first, second) && holds(line, second, first));
}

/** Say where they stand now; `sideschange` is heard where that is new. @param {boolean} stacked */
export function setSides(stacked) {
  const next = stacked ? "stacked" : "beside";
  if (next === now) return;
  now = next;
  document.dispatchEvent(new Event("sideschange"));
}
