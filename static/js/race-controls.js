// Settings of races and of deep networks: ready-made ones, who runs at which rate, what weights begin as, and sliders of
// fractions and over powers of ten.

/** @import { Bench, Build, Control, State, Updates } from "./types" */
/** @import { Store } from "./state.js" */

import { BEGINNINGS, named, RUNNERS } from "./catalogue.js";
import { fromNotch, notches, toNotch } from "./draw/decades.js";
import { chip, el } from "./draw/dom.js";
import { sample, styleOf } from "./draw/series.js";
import { slider } from "./draw/slider.js";
import { namesIn, numberIn, ratesIn, textIn } from "./values.js";
import { say } from "./words.js";

const [LOW, HIGH] = [-4, 1]; // learning rates from 10⁻⁴ to 10

/** A slider for a fraction. @param {Control} control @param {Store} store @param {Updates} updates */
export function fractionControl({ field, label, min = 0, max = 1, step = 0.05 }, store, updates) {
  const set = (/** @type {number} */ value) => store.set({ [field]: value }, field);
  const { node, show } = slider(label, { low: min, high: max, step, move: set, rest: () => store.endGesture() });
  updates.push((state) => show(numberIn(state, field), String(state[field])));
  return node;
}

/** A slider for a number between two powers of ten. @param {number} low @param {number} high @returns {Build} */
export const decadesControl = (low, high) => ({ field, label }, store, updates) => {
  const move = (/** @type {number} */ notch) => store.set({ [field]: fromNotch(notch, low) }, field);
  const { node, show } = slider(label, { high: notches(low, high), move, rest: () => store.endGesture() });
  updates.push((state) => show(toNotch(numberIn(state, field), low), String(state[field])));
  return node;
};

/** Races that show something, each with one choice. @param {{ title: string, state: State }[]} races @returns {Build} */
export const racesControl = (races) => ({ label }, store, updates) => {
  const chips = races.map(({ title, state }) => {
    /** @type {State} */
    const whole = { ...store.initial, ...state };
    return { whole, ...chip(() => store.give(whole), { name: "race", value: title }, title) };
  });
  updates.push((state) => {
    for (const { input, whole } of chips)
      input.checked = store.fields.every(({ name, format }) => format(state[name]) === format(whole[name]));
  });
  return el("div", { class: "chips", role: "radiogroup", "aria-label": label }, ...chips.map(({ node }) => node));
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

/** Who runs, and at which rate: one for all, or a rate for each. @param {Control} _ @param {Store} store @param {Updates} updates @param {Bench} [page] */
export function runnersControl(_, store, updates, page) {
  const { landscapes = [] } = page?.known ?? {};
  const high = notches(LOW, HIGH);
  const rest = () => store.endGesture();
  const suited = (/** @type {State} */ state, /** @type {string} */ name) =>
    landscapes.find((landscape) => landscape.name === state["landscape"])?.rates[name] ?? 0.1;
  const { input: together, node: choice } = chip(({ checked }) => store.set({ rate: checked ? 0.1 : null }), { type: "checkbox" }, say("race.one_rate"));
  const all = slider(say("race.rate_all"), { high, rest, move: (notch) => store.set({ rate: fromNotch(notch, LOW) }, "rate") });
  const rows = Object.entries(RUNNERS).map(([name, title], index) => {
    const box = el("input", { type: "checkbox", "aria-label": say("race.runs", { title }) });
    box.addEventListener("change", () => {
      const now = namesIn(store.state, "runners");
      const chosen = Object.keys(RUNNERS).filter((other) => (other === name ? box.checked : now.includes(other)));
      if (chosen.length) store.set({ runners: chosen });
      else box.checked = true; // somebody has to run
    });
    const move = (/** @type {number} */ notch) => store.set({ rates: { ...ratesIn(store.state, "rates"), [name]: fromNotch(notch, LOW) } }, `rate ${name}`);
    const own = slider(title, { high, rest, move });
    own.input.setAttribute("aria-label", say("race.rate_of", { title }));
    const chip = el("label", { class: "chip runner-chip" }, box, sample(styleOf(index)), title);
    own.node.querySelector("label")?.replaceWith(chip);
    return { name, box, own };
  });
  updates.push((state) => {
    const rate = state["rate"] === null ? null : numberIn(state, "rate");
    const [rates, runners] = [ratesIn(state, "rates"), namesIn(state, "runners")];
    together.checked = rate !== null;
    all.node.hidden = rate === null;
    if (rate !== null) all.show(toNotch(rate, LOW), String(rate));
    for (const { name, box, own } of rows) {
      const value = rate ?? rates[name] ?? suited(state, name);
      box.checked = runners.includes(name);
      own.show(toNotch(value, LOW), String(value));
      own.input.disabled = rate !== null || !box.checked;
    }
  });
  return el("div", { class: "runner-rates" }, ...rows.map(({ own }) => own.node), el("div", { class: "chips" }, choice), all.node);
}
