// Moving an input by one pixel, to compare what becomes of it with what it was.

/** @import { Control, Pair, TraceRequest } from "../types" */

import { choiceField } from "../fields.js";
import { say } from "../words.js";

/** Where the input can be moved to, in rows and columns, and what it is called then. @type {Record<string, { shift: Pair, label: string, name: string }>} */
const SHIFTS = {
  left: { shift: [0, -1], label: say("pooling.left"), name: say("pooling.moved_left") },
  right: { shift: [0, 1], label: say("pooling.right"), name: say("pooling.moved_right") },
  up: { shift: [-1, 0], label: say("pooling.up"), name: say("pooling.moved_up") },
  down: { shift: [1, 0], label: say("pooling.down"), name: say("pooling.moved_down") },
};
const STILL = "none";
const MOVES = { [STILL]: say("option.none"), ...Object.fromEntries(Object.entries(SHIFTS).map(([name, { label }]) => [name, label])) };

export const shiftField = choiceField("shift", say("pooling.shift"), STILL, MOVES);

/** @type {Control<{ shift: string }>} */
export const shiftControl = { kind: "choice", field: "shift", label: say("pooling.shift_label") };

/** The same request with its input moved, where it is. @param {TraceRequest} request @param {string} where @returns {TraceRequest | undefined} */
export function shifted({ operation, body }, where) {
  const { shift, name } = SHIFTS[where] ?? {};
  return shift && name ? { operation, name, body: { ...body, shift } } : undefined;
}
