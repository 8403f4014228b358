// The settings of a deep network that no other page has: what its weights begin as, and numbers over powers of ten.

/** @import { Build } from "./types" */

import { BEGINNINGS, named } from "./catalogue.js";
import { fromNotch, notches, toNotch } from "./draw/decades.js";
import { chip, el } from "./draw/dom.js";
import { slider } from "./draw/slider.js";
import { numberIn, textIn } from "./values.js";

/** A slider for a number between two powers of ten. @param {number} low @param {number} high @returns {Build} */
export const decadesControl = (low, high) => ({ field, label }, store, updates) => {
  const move = (/** @type {number} */ notch) => store.set({ [field]: fromNotch(notch, low) }, field);
  const { node, show } = slider(label, { high: notches(low, high), move, rest: () => store.endGesture() });
  updates.push((state) => show(toNotch(numberIn(state, field), low), String(state[field])));
  return node;
};

/** What the weights begin as: those that the engine knows, and what each does. @param {string} spread the field of the one number that some take @returns {Build} */
export const initialisationControl = (spread) => ({ field, label }, store, updates) => {
  const note = el("p", { class: "field-note" });
  const chips = BEGINNINGS.map(({ name, title, opens }) => {
    const [own] = Object.values(opens);
    const choose = () => store.set({ [field]: name, ...(own === undefined ? {} : { [spread]: own }) });
    return { name, ...chip(choose, { name: field, value: name }, title) };
  });
  updates.push((state) => {
    for (const { name, input } of chips) input.checked = state[field] === name;
    note.textContent = named(BEGINNINGS, textIn(state, field))?.sentence ?? "";
  });
  const list = el("div", { class: "chips" }, ...chips.map(({ node }) => node));
  return el("div", { role: "radiogroup", "aria-label": label }, el("div", { class: "legend", "aria-hidden": "true" }, label), list, note);
};
