// What is chosen before a run: data, network, optimizer and the rest, in cards beside the stage.

/** @import { Presets, State } from "../types" */
/** @import { Store } from "../state.js" */
/** @import { Check } from "./editor.js" */
/** @import { Chosen, Layer } from "./settings.js" */

import { ApiError, sentence } from "../api.js";
import { AUGMENTATION, BEGINNINGS, freshOf, OPTIMIZERS, SCHEDULES } from "../catalogue.js";
import { chip, el } from "../draw/dom.js";
import { slider } from "../draw/slider.js";
import { grouped, number } from "../format.js";
import { say } from "../words.js";
import { chosen, LOSSES, nearestStop } from "./choices.js";
import { examplesOf } from "./checking.js";
import { Editor, ofNetwork } from "./editor.js";
import { fieldOf } from "./requests.js";
import { fieldNamed } from "./settings.js";
import { drawSample } from "../draw/pictures.js";
import { entry, flag, Options, select } from "./pieces.js";

const BATCHES = [1, 8, 32, 128, null];
const DROPOUTS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
const DIRECTED = ["orientations", "angles"];
const TURNED = say("training.turned_note");

/** @typedef {Presets["datasets"][number]} Dataset */
/** @typedef {Presets["architectures"][number]} Architecture */

/** @param {Node[]} children @param {string} title */
const card = (title, ...children) => el("section", { class: "card setup-card" }, el("h2", {}, title), ...children);

export class Setup {
  /** @type {Map<string, { complain: (text: string) => void }>} */ #entries = new Map();
  sizes = el("p", { class: "field-note" });
  /** @type {Set<string>} */ #refused = new Set(); // beside which the server's complaint stands
  /** @type {((state: Chosen) => void)[]} */ #shows = [];

  /**
   * @param {HTMLElement} host @param {Store<Chosen>} store
   * @param {{ datasets: Dataset[], architectures: Architecture[] }} known
   * @param {import("./dials.js").Dials} dials
   */
  constructor(host, store, known, dials) {
    this.store = store;
    this.known = known;
    this.editor = new Editor(store);
    this.#entries.set("rate", dials.exact);
    host.replaceChildren(dials.node, this.#data(), this.#network(), this.#learning(), this.#overfitting());
  }

  /** @param {Chosen} state */
  show(state) {
    for (const show of this.#shows) show(state);
    this.editor.show();
  }

  /** @param {string} field @param {string} message @returns {boolean} whether there is a place beside it */
  complain(field, message) {
    if (field === "net") this.editor.refuse(`${message}.`);
    const found = this.#entries.get(field);
    found?.complain(`${message}.`);
    if (found) this.#refused.add(field);
    return Boolean(found) || field === "net";
  }

  /** What the server found: about the network in the editor, about another choice beside it. @param {Check} check */
  tell(check) {
    this.editor.tell(check);
    const { problem } = check;
    const field = problem && !ofNetwork(problem) ? fieldOf(problem.field) : "";
    for (const name of this.#refused) if (name !== field) this.#entries.get(name)?.complain("");
    this.#refused.clear();
    if (problem && field) this.complain(field, sentence({ field: "", message: problem.rule }));
    this.#showSizes(check.train_samples);
  }

  /** How many pictures each part has, those left to learn from where the data set is made uneven. @param {number} train */
  #showSizes(train) {
    const set = this.dataset;
    if (!set) return;
    const { validation, test } = set.sizes;
    this.sizes.textContent = say("training.sizes", { train: grouped(train), validation: grouped(validation), test: grouped(test) });
    this.sizes.title = set.provenance;
  }

  /** @returns {Dataset | undefined} */
  get dataset() {
    return this.known.datasets.find(({ name }) => name === this.store.state["data"]);
  }

  #data() {
    const list = select(say("training.data_set"), this.known.datasets.map(({ name, title, description }) => ({ name, title, sentence: description })), (name) =>
      this.#chooseData(name),
    );
    const pictures = el("div", { class: "data-samples" });
    let shown = "";
    this.#shows.push((state) => {
      list.show(state["data"]);
      const set = this.dataset;
      if (!set || shown === set.name) return;
      shown = set.name;
      if (state["imbalance"] === 1) this.#showSizes(set.sizes.train);
      this.#showSamples(set.name, pictures);
    });
    const uneven = el("p", { class: "field-note" }, say("training.imbalance_note"));
    const imbalance = this.#entry("imbalance", say("training.imbalance"));
    return card(say("training.data"), list.node, pictures, list.note, this.sizes, ...this.#entry("samples", say("training.learn_from")), ...imbalance, uneven);
  }

  /** @param {string} name @param {HTMLElement} host */
  async #showSamples(name, host) {
    try {
      const { items } = await examplesOf(name);
      if (name === this.store.state["data"]) host.replaceChildren(...items.map(thumbnail));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the set-up does without
    }
  }

  /** The last layer follows: as many outputs as the data set asks for. @param {string} name */
  #chooseData(name) {
    const set = this.known.datasets.find((one) => one.name === name);
    if (!set) return;
    this.store.set({ data: name, net: fitted(this.store.state["net"], outputsOf(set)) });
  }

  #network() {
    const made = this.known.architectures;
    const own = { name: "", title: say("common.your_own") };
    const list = select(say("training.start"), [own, ...made], (name) => {
      const found = made.find((one) => one.name === name);
      const set = this.dataset;
      if (found && set) this.store.set({ net: fitted(found.architecture, outputsOf(set)) });
    });
    this.#shows.push((state) => {
      const set = this.dataset;
      const same = made.find(({ architecture }) => {
        const net = set ? fitted(architecture, outputsOf(set)) : architecture;
        return fieldNamed("net").format(net) === fieldNamed("net").format(state["net"]);
      });
      list.show(same?.name ?? "");
      for (const option of list.input.options) {
        const one = made.find(({ name }) => name === option.value);
        option.disabled = Boolean(one && set && one.for.length && !one.for.includes(set.name));
      }
    });
    return card(say("training.network"), list.node, this.editor.node);
  }

  #learning() {
    return card(
      say("training.learning"),
      ...this.#choice("optimizer", say("training.optimizer"), OPTIMIZERS),
      ...this.#choice("schedule", say("common.schedule"), SCHEDULES),
      ...this.#loss(),
      ...this.#entry("weights", say("training.class_weights")),
      el("p", { class: "field-note" }, say("training.weights_note")),
      ...this.#choice("init", say("training.weights_begin"), BEGINNINGS),
      ...this.#entry("batch", say("training.batch_size")),
      this.#batches(),
      ...this.#entry("epochs", say("training.epochs"), true),
      ...this.#entry("clip", say("training.clip_gradients")),
      ...this.#entry("seed", say("common.seed"), true),
    );
  }

  /** @param {"optimizer" | "schedule" | "init"} field @param {string} label @param {import("../catalogue.js").Choice[]} choices */
  #choice(field, label, choices) {
    const list = select(label, choices, (name) => this.#put(field, freshOf(choices, name)));
    const options = new Options((option, value) => this.#put(field, { ...this.store.state[field], [option]: value }));
    this.#shows.push((state) => {
      const now = chosen(choices, state[field]);
      list.show(now?.name ?? "");
      options.show(now, state[field]);
    });
    return [list.node, list.note, options.node, this.#complaint(field)];
  }

  /** What a run is scored by; why that does not fit stands below it. */
  #loss() {
    const list = select(say("common.loss"), LOSSES, (name) => this.store.set({ loss: name }));
    this.#shows.push((state) => list.show(state["loss"]));
    return [list.node, list.note, this.#complaint("loss")];
  }

  /** Where the server's refusal of a choice stands. @param {string} field */
  #complaint(field) {
    const error = el("p", { class: "field-error", role: "alert" });
    this.#entries.set(field, { complain: (text) => void (error.textContent !== text && (error.textContent = text)) });
    return error;
  }

  #batches() {
    const chips = BATCHES.map((size) => {
      const { input, node } = chip(() => this.store.set({ batch: size }), { name: "batch" }, size === null ? say("training.all") : String(size));
      this.#shows.push((state) => void (input.checked = state["batch"] === size));
      return node;
    });
    return el("div", { role: "radiogroup", "aria-label": say("training.batch_size_usual_ones"), class: "chips" }, ...chips);
  }

  #overfitting() {
    const move = (/** @type {number} */ index) => this.#drop(DROPOUTS[index] ?? 0);
    const drop = slider(say("training.dropout"), { move, rest: () => this.store.endGesture(), high: DROPOUTS.length - 1, kind: "dial" });
    this.#shows.push((state) => {
      const p = dropoutOf(state["net"]);
      drop.show(nearestStop([0.001, ...DROPOUTS.slice(1)], p || 0.001), String(p));
    });
    const augment = flag(say("training.augmentation"), (on) => this.store.set({ augment: on ? AUGMENTATION?.opens : {} }));
    const options = new Options((option, value) =>
      this.store.set({ augment: { ...this.store.state["augment"], [option]: value } }),
    );
    this.#shows.push((state) => {
      const on = Object.keys(state["augment"]).length > 0;
      augment.show(on);
      options.show(on ? AUGMENTATION : undefined, state["augment"]);
    });
    const untrue = el("p", { class: "field-note" }, TURNED);
    this.#shows.push((state) => {
      untrue.hidden = !DIRECTED.includes(state["data"]) || !state["augment"]["rotate"];
    });
    const patience = this.#entry("patience", say("training.stop_early_after"), true);
    return card(
      say("training.against_overfitting"),
      drop.node,
      ...this.#entry("decay", say("training.weight_decay_l2")),
      el("div", { class: "chips" }, augment.node),
      options.node,
      untrue,
      ...patience,
      el("p", { class: "field-note" }, say("training.patience_note")),
    );
  }

  /** Dropout layers are part of the network: the dial puts one before the last dense layer, or takes all away. @param {number} p */
  #drop(p) {
    this.store.set({ net: withDropout(this.store.state["net"], p) }, "dropout");
  }

  /** @param {string} name @param {string} label @param {boolean} [whole] */
  #entry(name, label, whole = false) {
    const field = fieldNamed(name);
    const piece = entry(label, (text) => this.#put(name, field.parse(text)), { whole });
    this.#entries.set(name, piece);
    this.#shows.push((/** @type {State} */ state) => piece.show(field.format(state[name])));
    return [piece.node, piece.error];
  }

  /** Set a field by its name. @param {string} name @param {unknown} value */
  #put(name, value) {
    /** @type {Store} */
    const store = this.store;
    store.set({ [name]: value });
  }
}

/** @param {{ image: import("../types").Tensor, label: number | number[], class: string | null }} sample */
function thumbnail(sample) {
  const name = sample.class ?? [sample.label].flat().map(number).join(", ");
  const canvas = el("canvas", { role: "img", "aria-label": say("training.example_name", { name }), title: name });
  drawSample(canvas, sample.image);
  return canvas;
}

/** @param {Dataset} set */
const outputsOf = (set) => set.classes.length || (set.targets?.length ?? 1);

/** The network with so many outputs at its end. @param {Layer[]} net @param {number} outputs @returns {Layer[]} */
function fitted(net, outputs) {
  const last = net.findLastIndex(({ layer }) => layer === "linear");
  return net.map((layer, index) => (index === last ? { ...layer, out_features: outputs } : layer));
}

/** @param {Layer[]} net */
const dropoutOf = (net) => Number(net.find(({ layer }) => layer === "dropout")?.["p"] ?? 0);

/** @param {Layer[]} net @param {number} p @returns {Layer[]} */
export function withDropout(net, p) {
  if (!p) return net.filter(({ layer }) => layer !== "dropout");
  if (dropoutOf(net)) return net.map((layer) => (layer["layer"] === "dropout" ? { ...layer, p } : layer));
  const last = net.findLastIndex(({ layer }) => layer === "linear");
  return net.toSpliced(Math.max(0, last), 0, { layer: "dropout", p });
}
