// Controls for lines of numbers: a slider for each, and which of them is the true one.

/** @import { Control, Updates } from "./types" */
/** @import { Store } from "./state.js" */

import { withCell } from "./arrays.js";
import { chip, el } from "./draw/dom.js";
import { slider } from "./draw/slider.js";
import { number } from "./format.js";
import { typedIn } from "./values.js";
import { say } from "./words.js";

/** By how much a number of a column is moved, here and on the stage. */
export const NOTCH = 0.5;

/** A slider for each number of a column. @param {Control} control @param {Store} store @param {Updates} updates */
export function vectorControl(control, store, updates) {
  const list = el("div", {});
  /** @type {ReturnType<typeof slider>[]} */
  const sliders = [];
  const add = (/** @type {number} */ index) => {
    const name = `${control.label} ${index + 1}`;
    const move = (/** @type {number} */ value) =>
      store.set({ [control.field]: withCell(typedIn(store.state, control.field).values, 0, index, 0, value) }, control.field + index);
    const made = slider(name, { move, rest: () => store.endGesture(), low: control.min ?? 0, high: control.max ?? 1, step: NOTCH });
    sliders.push(made);
    list.append(made.node);
  };
  updates.push((state) => {
    const column = typedIn(state, control.field).values[0] ?? [];
    const count = Math.min(column.length, control.count?.(state) ?? column.length);
    while (sliders.length < count) add(sliders.length);
    sliders.forEach(({ node, show }, index) => {
      const value = column[index]?.[0] ?? 0;
      node.hidden = index >= count;
      show(value, number(value));
    });
  });
  return list;
}

/** Which of the classes is true. @param {Control} control @param {Store} store @param {Updates} updates */
export function targetControl(control, store, updates) {
  const list = el("div", { class: "chips" });
  updates.push((state) => {
    const count = control.count?.(state) ?? 0;
    if (list.children.length !== count)
      list.replaceChildren(
        ...Array.from(
          { length: count },
          (_, index) => chip(() => store.set({ [control.field]: index }), { name: control.field, value: index }, say("settings.class", { index: index + 1 })).node,
        ),
      );
    list.querySelectorAll("input").forEach((input, index) => void (input.checked = index === state[control.field]));
  });
  return el("div", { role: "radiogroup", "aria-label": control.label }, list);
}
