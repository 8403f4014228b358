// A map, taken apart: the maps that it is made of, each with its kernel and the sums of its products; all added up, the
// bias, what the layer gives and what the next one makes of it. A number that is typed into a kernel bends the network.

/** @import { Tensor } from "../types" */
/** @import { Answer, Answers, Layer } from "./model.js" */
/** @import { Plane as Values } from "../nested.js" */
/** @import { Change, Channel } from "./bending.js" */

import { byRole, el } from "../draw/dom.js";
import { zoomOf } from "../draw/room.js";
import { strongest } from "../draw/scale.js";
import { latest } from "../input/latest.js";
import { takePasted } from "../input/paste.js";
import { mapsOf, planeOf, valuesIn } from "../nested.js";
import { lines } from "../draw/pictures.js";
import { needed } from "../needed.js";
import { say } from "../words.js";
import { answerText } from "./bars.js";
import { isOff } from "./bending.js";
import { ask } from "./model.js";
import { cellNames, nameIn, titleIn, titleOf } from "./names.js";
import { acrossOf, weightIn } from "./positions.js";
import { Plane } from "./plane.js";
import { Rows } from "./rows.js";

const MOST_ROWS = 64; // maps that are shown one by one

/** @typedef {Answers["parts"]} Parts */
/** @typedef {{ answer: Answer, layer: number, channel: number }} ChannelView */
/** @typedef {ChannelView & { parts: Parts }} Taken */
/** @typedef {{ bend: (changes: Change[]) => void, turn: (channel: Channel) => void, open: (at: string) => void }} PartsEvents */

/** @param {(Tensor | null)[]} tensors */
const largest = (...tensors) => strongest(tensors.flatMap((tensor) => valuesIn(tensor?.values)));
/** A plane of one long row in several. @param {Values} plane */
const folded = (plane) => (plane.length === 1 ? lines(plane[0] ?? [], acrossOf(plane[0]?.length ?? 0)) : plane);

/** The place of a number of a line; what is clicked may be right of the last one. @param {number} layer @param {Answer} answer @param {number} row @param {number} col */
function numberAt(layer, { model }, row, col) {
  const [count = 1] = model.layers[layer]?.output_shape ?? [];
  return `${layer},${Math.min(row * acrossOf(count) + col, count - 1)}`;
}

/** Whether two look at the same channel of the same network. @param {ChannelView | null} one @param {ChannelView} other */
const isOfOne = (one, other) => one?.answer.model.id === other.answer.model.id && one.layer === other.layer && one.channel === other.channel;

export class PartsView {
  #host = byRole("parts");
  #readout = el("p", { class: "readout", "aria-hidden": "true" });
  #rows = new Rows(() => this.#draw());
  /** @type {ChannelView | null} */ #wanted = null;
  /** @type {Taken | null} */ #shown = null;
  #shape = "";
  /** @type {Map<string, Plane>} */ #planes = new Map();
  #answerLine = el("p", { class: "parts-answer" });
  #switch = el("button", { type: "button", class: "button" });
  #ask;

  /** @param {PartsEvents} events @param {(act: () => unknown) => Promise<void>} attempt says why something could not be done */
  constructor(events, attempt) {
    this.events = events;
    this.#ask = latest((/** @type {ChannelView} */ view) => attempt(() => this.#load(view)));
    this.#switch.addEventListener("click", () => {
      if (this.#shown) events.turn({ layer: this.#shown.layer, channel: this.#shown.channel });
    });
    takePasted((element) => this.#sheetOf(element));
    document.addEventListener("themechange", () => this.#draw());
  }

  /** Look at a channel; without one there is nothing to look at. @param {ChannelView | null} view */
  look(view) {
    this.#wanted = view;
    this.#host.hidden = !view || !isOfOne(this.#shown, view);
    if (view) this.#ask(view);
  }

  /** @param {ChannelView} view */
  async #load(view) {
    const { answer, layer, channel } = view;
    const parts = await ask(answer.model, "parts", answer.chosen, { layer, channel });
    if (!isOfOne(this.#wanted, view)) return;
    this.#shown = { ...view, parts };
    this.#host.hidden = false;
    this.#draw();
  }

  #draw() {
    if (!this.#shown) return;
    const { answer, layer, channel, parts } = this.#shown;
    const shape = JSON.stringify([answer.model.id, layer, channel, parts.channels, parts.inputs.shape, parts.kernels?.shape, parts.output.shape]);
    if (shape !== this.#shape) this.#build();
    this.#shape = shape;
    const off = isOff(answer.chosen.off, { layer, channel });
    this.#switch.setAttribute("aria-pressed", String(off));
    this.#answerLine.textContent = answerText(answer); // the answer's own place may be out of sight
    this.#fill(parts);
  }

  /** @param {Parts} parts */
  #fill({ inputs, kernels, partials, sum, bias, output, activation }) {
    const [given, weights, made] = [largest(inputs), largest(kernels), largest(partials, sum, output)];
    this.#readout.textContent = ""; // the number that it says may be another now
    this.#rows.fold(mapsOf(partials?.values).map((plane) => strongest(plane.flat())));
    const zoom = zoomOf(this.#host); // once: asking between planes lays out what is drawn of them
    const show = (/** @type {string} */ id, /** @type {Values} */ values, /** @type {number} */ max) => this.#planes.get(id)?.show(values, max, zoom);
    const ofRows = (/** @type {string} */ name, /** @type {Values[]} */ planes, /** @type {number} */ max) =>
      planes.forEach((plane, index) => this.#rows.isShown(index) && show(`${name}-${index}`, plane, max));
    ofRows("input", mapsOf(inputs?.values).map(folded), given);
    ofRows("kernel", mapsOf(kernels?.values).map(folded), weights);
    ofRows("partial", mapsOf(partials?.values), made);
    if (sum) show("sum", planeOf(sum.values), made);
    if (bias !== null) show("bias", [[bias]], Math.abs(bias));
    show("output", planeOf(output.values), made);
    if (activation) show("activation", planeOf(activation.values), largest(activation));
  }

  #build() {
    const { answer, layer, channel, parts } = needed(this.#shown);
    this.#planes.clear();
    /** @type {Layer} */
    const own = answer.model.layers[layer];
    const isMap = own.output_shape.length === 3;
    this.#switch.textContent = isMap ? say("explorer.switch_off") : say("explorer.switch_number_off");
    const count = Math.min(parts.channels.length, MOST_ROWS);
    const rows = parts.channels.slice(0, count).map((map, index) => this.#row(map, index));
    const open = (/** @type {number} */ at) => (/** @type {number} */ row, /** @type {number} */ col) => this.events.open(isMap ? `${at},${channel},${row},${col}` : `${at},${channel}`);
    const next = answer.model.layers[layer + 1];
    const names = (/** @type {number} */ at) => cellNames(answer.model, at)?.slice(channel, channel + 1);
    const ends = [
      ...(parts.sum ? [this.#figure("sum", say("explorer.part_sum"), { open: open(layer) })] : []),
      ...(parts.bias === null ? [] : ["+", this.#figure("bias", say("explorer.part_bias"), parts.bias_name ? { edit: (_, __, value) => this.#bend(parts.bias_name, [channel], value) } : {})]),
      ...(parts.sum ? ["="] : []),
      this.#figure("output", titleOf(layer, own), { open: open(layer) }, names(layer)),
      ...(parts.activation && next ? ["→", this.#figure("activation", titleOf(layer + 1, next), { open: open(layer + 1) }, names(layer + 1))] : []),
    ];
    this.#host.replaceChildren(
      el("div", { class: "parts-head" }, el("h2", {}, isMap ? say("explorer.parts_of_map") : say("explorer.parts_of_number")), this.#answerLine, this.#switch),
      ...(parts.weight ? [el("p", { class: "field-note" }, say("explorer.bend_hint"))] : []),
      ...this.#rows.nodes(rows),
      ...(parts.channels.length > count ? [el("p", { class: "field-note" }, say("explorer.more_maps", { count: parts.channels.length - count }))] : []),
      el("div", { class: "part-row" }, ...ends.map((part) => (typeof part === "string" ? el("span", { class: "sign" }, part) : part))),
      this.#readout,
    );
  }

  /** A map that this one is made of, its kernel, and the sums of their products. @param {number} map @param {number} index */
  #row(map, index) {
    const { answer, parts } = needed(this.#shown);
    const { read } = parts;
    const isLine = read !== null && answer.model.layers[read]?.output_shape.length === 1;
    const named = { unit: isLine ? titleOf(read, answer.model.layers[read]) : nameIn(answer.model, read, map) };
    const opens = (/** @type {number} */ row, /** @type {number} */ col) => this.events.open(isLine ? numberAt(read, answer, row, col) : `${read},${map}`);
    const label = isLine ? named.unit : titleIn(answer.model, read, map);
    const input = this.#figure(`input-${index}`, label, read === null ? {} : { open: opens }, isLine ? cellNames(answer.model, read) : undefined);
    if (!parts.kernels) return el("li", { class: "part-row" }, input);
    const edit = parts.weight ? { edit: (/** @type {number} */ row, /** @type {number} */ col, /** @type {number} */ value) => this.#bend(parts.weight, this.#indexOf(index, row, col), value) } : {};
    return el(
      "li",
      { class: "part-row" },
      input,
      el("span", { class: "sign" }, "×"),
      this.#figure(`kernel-${index}`, isLine ? say("explorer.part_weights", named) : say("explorer.part_kernel", named), edit),
      el("span", { class: "part-sums" }, el("span", { class: "sign" }, "="), this.#figure(`partial-${index}`, say("explorer.part_products", named), {})),
    );
  }

  /** @param {string} id @param {string} label @param {Partial<import("./plane.js").PlaneEvents>} events @param {string[]} [names] of its cells */
  #figure(id, label, events, names) {
    const plane = new Plane(id, label, { point: (text) => void (this.#readout.textContent = text), ...events }, names);
    this.#planes.set(id, plane);
    return el("figure", {}, el("figcaption", {}, label), plane.node);
  }

  /** Where a number of a kernel is in the layer's weights. @param {number} index of the kernel @param {number} row @param {number} col */
  #indexOf(index, row, col) {
    const { channel, layer, answer, parts } = needed(this.#shown);
    if (answer.model.layers[layer]?.output_shape.length === 3) return [channel, index, row, col];
    return [channel, weightIn(parts.kernels?.shape ?? [], index, row, col)];
  }

  /** @param {string | null} parameter @param {number[]} index @param {number} value */
  #bend(parameter, index, value) {
    if (parameter) this.events.bend([{ parameter, index, value }]);
  }

  /** The kernels as grids that numbers can be pasted onto. @param {Element | null} element */
  #sheetOf(element) {
    const { weight, kernels, channels = [] } = this.#shown?.parts ?? {};
    const channel = channels.findIndex((_, index) => this.#planes.get(`kernel-${index}`)?.node.contains(element));
    if (channel < 0 || !weight || !kernels || !element) return null;
    const cell = element.closest("[aria-colindex]");
    const [row, col] = [Number(cell?.parentElement?.getAttribute("aria-rowindex")) - 1, Number(cell?.getAttribute("aria-colindex")) - 1];
    const now = mapsOf(kernels?.values).map(folded);
    const keep = async (/** @type {number[][][]} */ given) => {
      const changes = given.flatMap((rows, index) =>
        rows.flatMap((cells, at) => cells.flatMap((value, across) => (value === now[index]?.[at]?.[across] ? [] : [{ parameter: weight, index: this.#indexOf(index, at, across), value }]))),
      );
      if (changes.length) this.events.bend(changes);
      return "";
    };
    const sheet = { label: say("explorer.kernels"), array: "weight", planes: () => now.map((plane) => plane.map((row) => row.map(Number))), limits: () => null, keep, tell: (/** @type {string} */ text) => void (this.#readout.textContent = text) };
    /** @type {import("../types").Pair} */
    const at = [row, col];
    return { sheet, spot: { channel, cell: at } };
  }
}
