// What a choice changes besides itself, said under its control: a kernel brings an input, another kind leaves settings out.

/** @import { State, Updates } from "./types" */

import { el } from "./draw/dom.js";
import { changedFields } from "./state.js";
import { say } from "./words.js";

/** @param {string} field of the control @param {import("./state.js").Store} store @param {Updates} updates @returns {{ node: HTMLElement, choose: (patch: State) => void }} */
export function besides(field, store, updates) {
  const text = el("span", {});
  const undo = el("button", { type: "button", class: "button quiet" }, say("lesson.take_back"));
  const node = el("p", { class: "field-note", role: "status" }, text, " ", undo);
  node.hidden = true;
  /** @type {State | null} */
  let changed = null;
  undo.addEventListener("click", () => store.undo());
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
