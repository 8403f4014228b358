// Choosing a kernel by its name: they are grouped by what they find, and bring an input on which they find something.

/** @import { Control, Limits, Pair, Presets, State, Updates } from "./types" */
/** @import { Store } from "./state.js" */

import { sizeOf, withPreset } from "./arrays.js";
import { buttonTo, el } from "./draw/dom.js";
import { drawSwatch } from "./draw/scale.js";
import { rangeOf } from "./limits.js";
import { changedFields } from "./state.js";
import { arrayIn } from "./values.js";
import { say } from "./words.js";

const SMALLEST = 7; // rows and columns of an input that is brought
const OPENING = "lesson"; // the input that the page opens with, too small for most kernels

/** What is said of numbers that a person typed. */
export const OWN_NUMBERS = () => [el("b", {}, `${say("common.your_own")}:`), ` ${say("settings.in_cells")}`];

/** Numbers as a small picture. @param {number[][]} values */
export function swatch(values) {
  const canvas = el("canvas", { "aria-hidden": "true" });
  const paint = () => drawSwatch(canvas, values);
  paint();
  document.addEventListener("themechange", paint);
  return canvas;
}

/** What a choice changes besides itself, said under its control: a kernel brings an input, another kind leaves settings out. @param {string} field of the control @param {Store} store @param {Updates} updates @returns {{ node: HTMLElement, choose: (patch: State) => void }} */
export function besides(field, store, updates) {
  const text = el("span", {});
  const undo = buttonTo(() => store.undo(), { class: "button quiet" }, say("lesson.take_back"));
  const node = el("p", { class: "field-note", role: "status" }, text, " ", undo);
  node.hidden = true;
  /** @type {State | null} */
  let changed = null;
  updates.push((state) => void (node.hidden = state !== changed));
  const choose = (/** @type {State} */ patch) => {
    const before = store.state;
    store.set(patch);
    const others = changedFields(store.fields, before, store.state).filter(({ name }) => name !== field);
    text.textContent = say("settings.also", { names: others.map(({ label }) => label).join(", ") });
    changed = others.length ? store.state : null;
    node.hidden = changed === null;
  };
  return { node, choose };
}

/** @typedef {Presets["kernels"][number]} Kernel */

/** @param {Kernel} kernel @returns {Pair} */
const sizeOfKernel = ({ values }) => [values.length, values[0]?.length ?? 1];

/** The input that a kernel brings with it: where the page's own first one is still there, or is too small for it. @param {State} state @param {Kernel} kernel @returns {State} */
function brought(state, kernel) {
  const input = arrayIn(state, "input");
  if ("values" in input) return {}; // nobody loses numbers of their own
  const [[height, width], [rows, cols]] = [sizeOf(input), sizeOfKernel(kernel)];
  if (kernel.shows === input.preset || (input.preset !== OPENING && height > rows && width > cols)) return {};
  return { input: withPreset(input, kernel.shows, [Math.max(height, SMALLEST), Math.max(width, SMALLEST)]) };
}

/** Whether a kernel fits the input, or brings one that it fits. @param {State} state @param {Kernel} kernel @param {Limits | undefined} limits @param {string} [name] of the limit of its size */
function isPossible(state, kernel, limits, name = "kernel_size") {
  const range = rangeOf(limits, name);
  const [height, width] = sizeOfKernel(kernel);
  if (!range || !("values" in arrayIn(state, "input"))) return true;
  return height >= range.height[0] && height <= range.height[1] && width >= range.width[0] && width <= range.width[1];
}

/** @param {Control} control @param {Store} store @param {Updates} updates @param {Presets} presets */
export function kernelChooser(control, store, updates, { kernels }) {
  const also = besides(control.field, store, updates);
  const options = kernels.map((kernel) => {
    const input = el("input", { type: "radio", name: control.field, value: kernel.name });
    input.addEventListener("change", () => {
      const { state } = store;
      const chosen = withPreset(arrayIn(state, control.field), kernel.name, sizeOfKernel(kernel));
      also.choose({ [control.field]: chosen, ...(control.limit ? {} : brought(state, kernel)) }); // a layer behind another reads no input
    });
    const node = el("label", { class: "chip named", title: kernel.finds }, input, swatch(kernel.values), kernel.title);
    return { kernel, input, node };
  });
  const groups = [...new Set(kernels.map(({ group }) => group))].map((group) => {
    const own = options.filter(({ kernel }) => kernel.group === group).map(({ node }) => node);
    return el("div", { role: "group", "aria-label": group }, el("div", { class: "legend", "aria-hidden": "true" }, group), el("div", { class: "chips" }, ...own));
  });
  const name = el("span", {});
  const finds = el("p", { class: "swatch-name" });
  updates.push((state, limits) => {
    const choice = arrayIn(state, control.field);
    const chosen = "values" in choice ? undefined : kernels.find((kernel) => kernel.name === choice.preset);
    name.textContent = chosen?.title ?? say("common.your_own");
    finds.replaceChildren(...(chosen ? [chosen.finds] : [say("settings.in_cells")]));
    for (const { kernel, input } of options) {
      input.checked = kernel === chosen;
      input.disabled = !isPossible(state, kernel, limits, control.limit);
    }
  });
  const list = el("div", { role: "radiogroup", "aria-label": control.label }, ...groups);
  const box = el("details", { class: "chooser" }, el("summary", { class: "button" }, name), list);
  return el("div", {}, box, finds, also.node);
}
