// The four sides of padding, each with an amount of its own.

/** @import { Control, PaddingChoice, Updates } from "./types" */
/** @import { Store } from "./state.js" */

import { el } from "./draw/dom.js";
import { slider } from "./draw/slider.js";
import { rangeOf } from "./limits.js";
import { paddingIn } from "./values.js";
import { say } from "./words.js";

const SIDES = [say("side.above"), say("side.below"), say("side.left"), say("side.right")];

const MOST = 3; // on a side, where the engine gives no range

/** The amounts on all four sides; by name they are the engine's to find. @param {PaddingChoice} choice */
function amounts(choice) {
  if (typeof choice === "string") return null;
  const [height = 0, width = height] = choice;
  return choice.length === 4 ? choice : [height, height, width, width];
}

/** @param {Control} control @param {Store} store @param {Updates} updates */
export function sidesControl(control, store, updates) {
  const fields = SIDES.map((side, index) => {
    const move = (/** @type {number} */ value) => {
      const now = [...(amounts(paddingIn(store.state, control.field)) ?? [0, 0, 0, 0])];
      now[index] = value;
      const [top, bottom, left, right] = now;
      store.set({ [control.field]: top === bottom && left === right ? [top, left] : now }, control.field + index);
    };
    return slider(side, { move, rest: () => store.endGesture(), high: MOST });
  });
  updates.push((state, limits) => {
    const now = amounts(paddingIn(state, control.field));
    const range = rangeOf(limits, control.limit);
    fields.forEach(({ input, show }, index) => {
      input.setAttribute("aria-label", say("settings.part", { label: control.label, part: SIDES[index] ?? "" }));
      const [, high = MOST] = range?.[index < 2 ? "height" : "width"] ?? [];
      const value = now?.[index];
      input.max = String(Math.max(high, value ?? 0));
      show(value ?? 0, value === undefined ? "–" : String(value));
    });
  });
  return el("details", {}, el("summary", {}, say("settings.each_side_own")), ...fields.map(({ node }) => node));
}
