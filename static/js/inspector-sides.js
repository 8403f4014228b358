// The four sides of padding, each with an amount of its own.

/** @import { Control, PaddingChoice, Updates } from "./types" */
/** @import { Store } from "./state.js" */

import { el } from "./draw/dom.js";
import { rangeOf } from "./limits.js";
import { paddingIn } from "./values.js";
import { say } from "./words.js";

const SIDES = [say("side.above"), say("side.below"), say("side.left"), say("side.right")];

/** The amounts on all four sides; by name they are the engine's to find. @param {PaddingChoice} choice */
function amounts(choice) {
  if (typeof choice === "string") return null;
  const [height = 0, width = height] = choice;
  return choice.length === 4 ? choice : [height, height, width, width];
}

/** @param {Control} control @param {Store} store @param {Updates} updates */
export function sidesControl(control, store, updates) {
  const fields = SIDES.map((side, index) => {
    const input = el("input", { type: "range", min: 0, max: 3, step: 1 });
    const output = el("output", {});
    input.addEventListener("input", () => {
      const now = [...(amounts(paddingIn(store.state, control.field)) ?? [0, 0, 0, 0])];
      now[index] = Number(input.value);
      const [top, bottom, left, right] = now;
      store.set({ [control.field]: top === bottom && left === right ? [top, left] : now }, control.field + index);
    });
    input.addEventListener("change", () => store.endGesture());
    const node = el("div", { class: "field sub" }, el("span", { "aria-hidden": "true" }, side), input, output);
    return { node, input, output };
  });
  updates.push((state, limits) => {
    const now = amounts(paddingIn(state, control.field));
    const range = rangeOf(limits, control.limit);
    fields.forEach(({ input, output }, index) => {
      input.setAttribute("aria-label", say("settings.part", { label: control.label, part: SIDES[index] ?? "" }));
      const [, high = 3] = range?.[index < 2 ? "height" : "width"] ?? [];
      const value = now?.[index];
      input.max = String(Math.max(high, value ?? 0));
      input.value = String(value ?? 0);
      input.style.setProperty("--fill", `${(100 * Number(input.value)) / Math.max(1, Number(input.max))}%`);
      output.textContent = value === undefined ? "–" : String(value);
    });
  });
  return el("details", {}, el("summary", {}, say("settings.each_side_own")), ...fields.map(({ node }) => node));
}
