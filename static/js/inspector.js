// The settings beside the stage, built from an operation's table. What cannot be computed cannot be reached:
// the ranges are those that the engine gave with the last trace.

/** @import { Bench, Build, Control, Inspected, Limits, Pair, Presets, State, Updates } from "./types" */
/** @import { AxesSetting } from "./inspector-settings.js" */

import { buttonTo, chip, el } from "./draw/dom.js";
import { slider } from "./draw/slider.js";
import { readCell } from "./input/numbers.js";
import { besides, kernelChooser } from "./inspector-kernels.js";
import { kernelToggles, ownKernel, swatchChooser } from "./inspector-pictures.js";
import { channelsSetting, pairSetting, plainSetting, seedSetting, sizeSetting } from "./inspector-settings.js";
import { choicesOf, overlap, rangeOf } from "./limits.js";
import { optionsOf } from "./operations/shared.js";
import { messageOf, say } from "./words.js";

let unique = 0;
const newId = () => `control-${(unique += 1)}`;

const TEN = 10; // digits stand in two rows of five

/** The settings of one page. */
export class Inspector {
  /** @type {Updates} */ #updates = [];
  formula = el("div", { class: "formula" });

  /** @param {HTMLElement} host @param {Inspected} inspected @param {import("./state.js").Store} store @param {Presets} presets @param {Bench} [page] @param {Build} [tools] with which a grid is filled */
  constructor(host, inspected, store, presets, page, tools) {
    this.store = store;
    this.page = page;
    this.tools = tools;
    this.presets = presets;
    const cards = inspected.cards.map((card) => ({ ...card, node: this.#card(card) }));
    this.formulaCard = el("section", { class: "card" }, el("h2", {}, say("settings.output_size")), this.formula);
    const of = (/** @type {boolean} */ behind) => cards.filter(({ more = false }) => more === behind).map(({ node }) => node);
    const more = of(true).length ? [this.#more(of(true), fieldsOfMore(inspected))] : [];
    host.replaceChildren(...of(false), this.formulaCard, ...more);
  }

  /** @param {Inspected["cards"][number]} card */
  #card({ title, controls }) {
    const made = controls.map((control) => this.#control(control));
    const head = el("h2", {});
    const node = el("section", { class: "card" }, head, ...made);
    this.#updates.push((state) => {
      const text = typeof title === "string" ? title : title(state);
      if (head.textContent !== text) head.textContent = text;
      node.hidden = made.every((control) => control.hidden);
    });
    return node;
  }

  /** What a beginner does without; it opens by itself where a link has set something in it. @param {HTMLElement[]} cards @param {string[]} fields that are set there and nowhere else */
  #more(cards, fields) {
    const node = el("details", { class: "more" }, el("summary", { class: "button" }, say("settings.more")), ...cards);
    let set = false;
    this.#updates.push((state) => {
      node.hidden = cards.every((card) => card.hidden);
      const now = fields.some((field) => JSON.stringify(state[field]) !== JSON.stringify(this.store.initial[field]));
      if (now && !set) node.open = true;
      set = now;
    });
    return node;
  }

  /** @param {State} state @param {Limits | undefined} limits */
  update(state, limits) {
    for (const update of this.#updates) update(state, limits);
  }

  /** @param {Control} control @returns {HTMLElement} */
  #control(control) {
    const make = {
      swatches: () => swatchChooser(control, this.store, this.#updates, this.presets),
      kernels: () => kernelChooser(control, this.store, this.#updates, this.presets),
      toggles: () => kernelToggles(control, this.store, this.#updates, this.presets),
      own: () => ownKernel(control, this.store, this.#updates),
      size: () => this.#axes(control, sizeSetting(control)),
      pair: () => this.#axes(control, pairSetting(control)),
      choice: () => this.#choice(control),
      number: () => this.#number(control, { ...plainSetting(control), read: this.#readerOf(control) }),
      seed: () => this.#number(control, seedSetting(control)),
      flag: () => this.#flag(control),
      whole: () => this.#whole(control, plainSetting(control)),
      channels: () => this.#whole(control, channelsSetting(control)),
      tools: () => this.#built(control, this.tools),
      custom: () => this.#built(control, control.build),
    };
    const node = make[control.kind]();
    node.dataset["field"] = control.field;
    const { when } = control;
    if (when) this.#updates.push((state) => void (node.hidden = !when(state)));
    return node;
  }

  /** @param {Control} control */
  #fieldOf({ field }) {
    return this.store.fields.find(({ name }) => name === field);
  }

  /** How a number is read: as in a link, by the same rules. @param {Control} control */
  #readerOf(control) {
    const parse = this.#fieldOf(control)?.parse ?? readCell;
    return (/** @type {string} */ text) => Number(parse(text));
  }

  /** @param {Control} control @param {Build | undefined} build */
  #built(control, build) {
    return build?.(control, this.store, this.#updates, this.page) ?? el("div", {});
  }

  /** One slider for both axes, or one for each. @param {Control} control @param {AxesSetting} setting */
  #axes(control, setting) {
    const both = this.#slider(control.label, (value) => this.#set(control, setting, () => [value, value]));
    const part = (/** @type {string} */ name, /** @type {(value: number, now: Pair) => Pair} */ change) => ({
      name,
      ...this.#slider(name, (value) => this.#set(control, setting, (now) => change(value, now))),
    });
    const rows = part(say("settings.rows"), (value, [, width]) => [value, width]);
    const cols = part(say("settings.columns"), (value, [height]) => [height, value]);
    /** @type {Pair} */
    const own = [control.min ?? 1, control.max ?? 1]; // where the engine gives no range
    const rangesNow = () => rangeOf(this.#limits, control.limit) ?? { height: own, width: own };
    let apart = false;
    const toggle = buttonTo(() => {
      const [height, width] = setting.get(this.store.state) ?? [1, 1];
      const ranges = rangesNow();
      const [low, high] = overlap(ranges.height, ranges.width);
      const together = Math.max(low, Math.min(high, height, width));
      const split = apart || height !== width;
      if (split && low > high) return; // no one value does for both
      apart = !split;
      if (split && height !== width) this.#set(control, setting, () => [together, together]);
      this.update(this.store.state, this.#limits);
    }, { class: "button icon", "aria-pressed": "false", title: say("settings.apart") }, "⇅");
    both.node.append(toggle);
    rows.node.classList.add("sub");
    cols.node.classList.add("sub");
    const node = el("div", {}, both.node, rows.node, cols.node);
    this.#updates.push((state, limits) => {
      const { label } = control; // of one of two settings by where it stands now
      both.node.querySelector("label")?.replaceChildren(label);
      toggle.setAttribute("aria-label", say("settings.apart_label", { label }));
      for (const { name, input } of [rows, cols]) input.setAttribute("aria-label", say("settings.part", { label, part: name }));
      this.#limits = limits;
      const value = setting.get(state);
      const ranges = rangesNow();
      const split = apart || (value !== null && value[0] !== value[1]);
      rows.node.hidden = cols.node.hidden = !split;
      both.input.hidden = split;
      toggle.setAttribute("aria-pressed", String(split));
      const range = overlap(ranges.height, ranges.width);
      both.show(
        value && value[0] === value[1] ? value[0] : null,
        range,
        split && value ? `${value[0]} × ${value[1]}` : undefined,
      );
      rows.show(value?.[0] ?? null, ranges.height);
      cols.show(value?.[1] ?? null, ranges.width);
    });
    return node;
  }

  /** @type {Limits | undefined} */ #limits = undefined;

  /** @param {Control} control @param {AxesSetting} setting @param {(now: Pair) => Pair} change */
  #set(control, setting, change) {
    const { height: [low], width: [narrow] } = rangeOf(this.#limits, control.limit) ?? { height: [0], width: [0] };
    const now = setting.get(this.store.state) ?? [low, narrow]; // where the sliders stand
    this.store.set({ [control.field]: setting.put(this.store.state, change(now)) }, control.field + control.kind);
  }

  /** @param {string} label @param {(value: number) => void} set */
  #slider(label, set) {
    const made = slider(label, { move: set, rest: () => this.store.endGesture() });
    const { node, input } = made;
    /** @param {number | null} value @param {Pair | null} range @param {string} [text] */
    const show = (value, range, text = value === null ? "–" : String(value)) => {
      const [low, high] = range ?? [value ?? 0, value ?? 0];
      input.min = String(low);
      input.max = String(high);
      input.disabled = low >= high;
      made.show(value ?? low, text);
    };
    return { node, input, show };
  }

  /** @param {Control} control */
  #choice(control) {
    const also = besides(control.field, this.store, this.#updates);
    const list = this.#chips(control, (patch) => also.choose(patch));
    const legend = el("div", { class: "legend", "aria-hidden": "true" }, control.label);
    const group = el("div", { role: "radiogroup", "aria-label": control.label }, legend, list, also.node);
    this.#updates.push(() => {
      if (legend.textContent === control.label) return;
      legend.textContent = control.label;
      group.setAttribute("aria-label", control.label);
    });
    return group;
  }

  /** A chip for each of the options of a control. @param {Control} control @param {(patch: State) => void} set */
  #chips(control, set) {
    const options = control.options ?? optionsOf(this.#fieldOf(control)?.options ?? {});
    const chips = options.map(({ value, ...named }) => {
      const text = document.createTextNode("");
      const choose = () => set(control.write?.(this.store.state, value) ?? { [control.field]: value });
      const call = (/** @type {State} */ state) => void (text.data = "called" in named ? named.called(state) : named.label);
      return { value, call, ...chip(choose, { name: control.field + control.kind, value }, text) };
    });
    this.#updates.push((state, limits) => {
      const possible = control.possible?.(state, limits) ?? choicesOf(limits, control.limit);
      for (const { value, input, call } of chips) {
        call(state);
        input.checked = (control.read?.(state) ?? state[control.field]) === value;
        input.disabled = possible !== undefined && !possible.includes(value);
      }
    });
    const isTen = options.length === TEN && options.every((option) => "label" in option && option.label.length === 1);
    return el("div", { class: isTen ? "chips ten" : "chips" }, ...chips.map(({ node }) => node));
  }

  /** @param {Control} control @param {{ get: (state: State) => number, put: (state: State, value: number) => unknown, read: (text: string) => number }} setting */
  #number(control, setting) {
    const id = newId();
    const input = el("input", { type: "text", id, inputmode: "text", autocomplete: "off", size: 8 });
    const error = el("p", { class: "field-error", role: "alert" });
    input.addEventListener("change", () => {
      error.textContent = "";
      try {
        this.store.set({ [control.field]: setting.put(this.store.state, setting.read(input.value)) });
      } catch (problem) {
        error.textContent = `${control.label}: ${messageOf(problem)}.`;
      }
    });
    this.#updates.push((state) => {
      error.textContent = "";
      if (document.activeElement !== input || input.value === "") input.value = String(setting.get(state));
    });
    const field = el("div", { class: "field" }, el("label", { for: id }, control.label), input);
    const suggested = control.options ? el("div", { role: "radiogroup", "aria-label": control.label }, this.#chips(control, (patch) => this.store.set(patch))) : null; // numbers that one click sets
    return el("div", {}, field, suggested, error);
  }

  /** @param {Control} control */
  #flag(control) {
    const { input, node } = chip(({ checked }) => this.store.set({ [control.field]: checked }), { type: "checkbox" }, control.label);
    this.#updates.push((state, limits) => {
      input.checked = state[control.field] === true;
      const possible = choicesOf(limits, control.limit);
      input.disabled = possible !== undefined && !possible.includes(!input.checked);
    });
    return el("div", { class: "chips" }, node);
  }

  /** @param {Control} control @param {{ get: (state: State) => number, put: (state: State, value: number) => unknown }} setting */
  #whole(control, setting) {
    const { node, show } = this.#slider(control.label, (value) => {
      const patch = control.write?.(this.store.state, value) ?? {
        [control.field]: setting.put(this.store.state, value),
      };
      this.store.set(patch, control.field + control.kind);
    });
    const { low = 1, high = 1 } = this.#fieldOf(control) ?? {};
    this.#updates.push((state) => show(Number(control.read?.(state) ?? setting.get(state)), [control.min ?? low, control.max ?? high]));
    return node;
  }
}

/** The fields that are set behind *More* alone. @param {Inspected} inspected */
function fieldsOfMore({ cards }) {
  const fields = (/** @type {boolean} */ behind) =>
    cards.filter(({ more = false }) => more === behind).flatMap(({ controls }) => controls.map(({ field }) => field));
  const first = fields(false);
  return fields(true).filter((field) => !first.includes(field));
}
