// Controls for lines of numbers: a slider for each, and which of them is the true one.

/** @import { Control, Updates } from "./types" */
/** @import { Store } from "./state.js" */

import { withCell } from "./arrays.js";
import { chip, el } from "./draw/dom.js";
import { number } from "./format.js";
import { typedIn } from "./values.js";
import { say } from "./words.js";

/** By how much a number of a column is moved, here and on the stage. */
export const NOTCH = 0.5;

/** A slider for each number of a column. @param {Control} control @param {Store} store @param {Updates} updates */
export function vectorControl(control, store, updates) {
  const list = el("div", {});
  /** @type {{ node: HTMLElement, input: HTMLInputElement, output: HTMLElement }[]} */
  const sliders = [];
  const add = (/** @type {number} */ index) => {
    const name = `${control.label} ${index + 1}`;
    const input = el("input", {
      type: "range",
      min: control.min ?? 0,
      max: control.max ?? 1,
      step: NOTCH,
      "aria-label": name,
    });
    const output = el("output", {});
    input.addEventListener("input", () => {
      const { values } = typedIn(store.state, control.field);
      store.set({ [control.field]: withCell(values, 0, index, 0, Number(input.value)) }, control.field + index);
    });
    input.addEventListener("change", () => store.endGesture());
    const node = el("div", { class: "field" }, el("span", { "aria-hidden": "true" }, name), input, output);
    sliders.push({ node, input, output });
    list.append(node);
  };
  updates.push((state) => {
    const column = typedIn(state, control.field).values[0] ?? [];
    const count = Math.min(column.length, control.count?.(state) ?? column.length);
    while (sliders.length < count) add(sliders.length);
    sliders.forEach(({ node, input, output }, index) => {
      const value = column[index]?.[0] ?? 0;
      const [low, high] = [Number(input.min), Number(input.max)];
      node.hidden = index >= count;
      input.value = String(value);
      input.style.setProperty("--fill", `${(100 * (Math.min(high, Math.max(low, value)) - low)) / (high - low)}%`);
      output.textContent = number(value);
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
