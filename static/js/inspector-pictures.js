// Arrays that are chosen by a picture: inputs by their names, the kernels that have a map, a kernel of one's own.

/** @import { Control, Presets, State, Updates } from "./types" */
/** @import { Store } from "./state.js" */

import { withCell, withPreset } from "./arrays.js";
import { el } from "./draw/dom.js";
import { GridView } from "./draw/grid.js";
import { drawSwatch, strongest } from "./draw/scale.js";
import { OWN } from "./fields.js";
import { grid } from "./frame.js";
import { OWN_NUMBERS, swatch } from "./inspector-kernels.js";
import { arrayIn, namesIn, typedIn } from "./values.js";
import { say } from "./words.js";

const CELL = 38; // pixels of a cell of one's own kernel

/** The inputs that have a name, as pictures. @param {Control} control @param {Store} store @param {Updates} updates @param {Presets} presets */
export function swatchChooser({ field, label }, store, updates, { inputs }) {
  const name = el("p", { class: "swatch-name" });
  const swatches = inputs.map((item) => {
    const input = el("input", { type: "radio", name: field, value: item.name, "aria-label": item.title });
    input.addEventListener("change", () => store.set({ [field]: withPreset(arrayIn(store.state, field), item.name) }));
    return { item, input, node: el("label", { class: "swatch", title: item.title }, input, swatch(item.values ?? [[0]])) };
  });
  updates.push((state) => {
    const choice = arrayIn(state, field);
    const chosen = "values" in choice ? null : choice.preset;
    const named = swatches.find(({ item }) => item.name === chosen)?.item;
    name.replaceChildren(...(named ? [el("b", {}, `${named.title}:`), ` ${named.note}`] : OWN_NUMBERS()));
    for (const { item, input } of swatches) input.checked = item.name === chosen;
  });
  return el("div", { role: "radiogroup", "aria-label": label }, el("div", { class: "swatches" }, ...swatches.map(({ node }) => node)), name);
}

/** Which kernels have a map: any number of them. @param {Control} control @param {Store} store @param {Updates} updates @param {Presets} presets */
export function kernelToggles({ field, label }, store, updates, { kernels }) {
  const shown = el("p", { class: "swatch-name", "aria-hidden": "true" });
  const own = { name: OWN, title: say("common.your_own"), finds: say("settings.kernel_below"), values: null };
  const boxes = [...kernels, own].map((item) => {
    const input = el("input", { type: "checkbox", value: item.name, "aria-label": item.title });
    const canvas = el("canvas", { "aria-hidden": "true" });
    const node = el("label", { class: "swatch", title: `${item.title}: ${item.finds}` }, input, canvas);
    const tell = () => shown.replaceChildren(el("b", {}, `${item.title}:`), ` ${item.finds}`);
    if (!shown.hasChildNodes() && namesIn(store.state, field).includes(item.name)) tell(); // nothing is empty before one points
    node.addEventListener("pointerenter", tell);
    input.addEventListener("focus", tell);
    input.addEventListener("change", () => {
      const now = namesIn(store.state, field);
      const names = boxes.map((box) => box.item.name).filter((name) => (name === item.name ? input.checked : now.includes(name)));
      if (names.length) store.set({ [field]: names });
      else input.checked = true; // a wall has at least one map
    });
    return { item, input, canvas, node };
  });
  const show = (/** @type {State} */ state) => {
    for (const { item, input, canvas } of boxes) {
      input.checked = namesIn(state, field).includes(item.name);
      drawSwatch(canvas, item.values ?? typedIn(state, OWN).values[0] ?? []);
    }
  };
  updates.push(show);
  document.addEventListener("themechange", () => show(store.state));
  return el("div", { role: "group", "aria-label": label }, el("div", { class: "swatches" }, ...boxes.map(({ node }) => node)), shown);
}

/** A kernel of the person's own, cell by cell. @param {Control} control @param {Store} store @param {Updates} updates */
export function ownKernel({ field, label }, store, updates) {
  const readout = el("p", { class: "field-note" }, say("settings.in_cells"));
  const view = new GridView({
    edit: (_, row, col, value) => store.set({ [field]: withCell(typedIn(store.state, field).values, 0, row, col, value) }),
    point: (text) => void (readout.textContent = text || say("settings.in_cells")),
  });
  updates.push((state) => {
    const plane = typedIn(state, field).values[0] ?? [];
    const values = plane.flat();
    view.show(grid({ id: "own", label, cols: plane[0]?.length ?? 1, values, max: strongest(values), edit: { field, channel: 0 } }), CELL);
  });
  return el("div", {}, view.box, readout);
}
