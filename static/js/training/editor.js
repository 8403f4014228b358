// The network, layer by layer: add, remove, reorder, change; every shape and every count as one does so.
// The server says what each layer makes of what it is given; an impossible one has the reason beside it.

/** @import { Store } from "../state.js" */
/** @import { Answered } from "../types" */
/** @import { Chosen, Layer, OptionValues } from "./settings.js" */

import { inWords, sentence } from "../api.js";
import { LAYERS } from "../catalogue.js";
import { buttonTo, el } from "../draw/dom.js";
import { grouped, size } from "../format.js";
import { say } from "../words.js";
import { freshLayer, layerNamed, layerTitle } from "./choices.js";
import { Options, select } from "./pieces.js";

/** @typedef {Answered<"/api/architectures/check", "post">} Check */
/** @typedef {NonNullable<Check["problem"]>} Problem `rule` is the message in the words of pages, without its layer */
/** @typedef {Check["layers"][number]} Checked */

/** Whether a problem is one of the network, not of how it would learn. @param {Problem} problem */
export const ofNetwork = ({ field }) => field.startsWith("architecture");

/** Why a network cannot be, or cannot learn like that, in a sentence. @param {Problem} problem @param {Layer[]} layers */
export function problemSentence(problem, layers) {
  const { layer, limit } = problem;
  const message = inWords(problem.rule);
  if (!ofNetwork(problem)) return say("training.cannot_start", { message });
  if (limit) return say("training.too_much", { message: inWords(problem.message) });
  if (layer === null) return say("training.impossible", { message });
  return say("training.impossible_at", { layer: layer + 1, title: layerTitle(layers[layer]?.["layer"]), message });
}

/** One layer in the list. */
class Row {
  title = el("b", {});
  shape = el("span", { class: "layer-shape" });
  count = el("span", { class: "layer-count" });
  problem = el("p", { class: "field-error", role: "alert" });

  /** @param {Editor} editor @param {Layer} layer */
  constructor(editor, layer) {
    this.editor = editor;
    this.kind = layer["layer"];
    this.choice = layerNamed(this.kind);
    this.options = new Options((option, value) => editor.change(this.index, { [option]: value }));
    this.handle = el("button", { type: "button", class: "layer-handle", title: say("training.drag") }, "⠿");
    this.remove = el("button", { type: "button", class: "layer-remove", title: say("training.remove") }, "×");
    const head = el("div", { class: "layer-head" }, this.handle, this.title, this.shape, this.count, this.remove);
    this.node = el("li", { class: "layer" }, head, this.options.node, this.problem);
    this.remove.addEventListener("click", () => editor.remove(this.index));
    this.handle.addEventListener("keydown", (event) => this.#onKey(event));
    this.handle.addEventListener("pointerdown", (event) => editor.drag(this, event));
    this.node.addEventListener("focusin", () => editor.choose(this));
  }

  get index() {
    return this.editor.rows.indexOf(this);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "Delete") this.editor.remove(this.index);
    else if (by) this.editor.move(this.index, this.index + by);
    else return;
    event.preventDefault();
  }

  /** @param {Layer} layer */
  show(layer) {
    const title = layerTitle(this.kind);
    const named = { layer: this.index + 1, title };
    this.title.textContent = title;
    this.handle.setAttribute("aria-label", say("training.move_layer", named));
    this.remove.setAttribute("aria-label", say("training.remove_layer", named));
    this.options.show(this.choice && { ...this.choice, title: say("training.layer", named) }, layer);
  }

  /** @param {Checked | undefined} checked @param {string} problem */
  tell(checked, problem) {
    this.shape.textContent = checked ? size(checked.output_shape) : "";
    this.count.textContent = checked?.parameters ? grouped(checked.parameters) : "";
    this.count.title = checked?.parameters ? say("common.parameters", { count: checked.parameters }) : "";
    this.problem.textContent = problem;
    this.node.classList.toggle("impossible", Boolean(problem));
  }
}

/** The list of layers, and where a new one goes. */
export class Editor {
  /** @type {Row[]} */ rows = [];
  list = el("ol", { class: "layers", "aria-label": say("training.layers_label") });
  total = el("p", { class: "field-note", "aria-live": "polite" });
  refused = el("p", { class: "field-error", role: "alert" });
  /** @type {Row | null} */ #chosen = null;

  /** @param {Store<Chosen>} store */
  constructor(store) {
    this.store = store;
    const kinds = select(say("training.add"), LAYERS, () => {});
    const add = buttonTo(() => this.add(kinds.input.value), { title: say("training.after_layer_chosen"), "aria-label": say("training.add_layer") }, say("training.add"));
    this.moves = [this.#mover("↑", say("training.move_up"), -1), this.#mover("↓", say("training.move_down"), 1)];
    kinds.node.append(add, ...this.moves);
    kinds.node.classList.add("adding");
    this.node = el("div", { class: "editor" }, this.list, kinds.node, this.total, this.refused);
  }

  /** A button that moves the layer that is chosen: dragging by taps. @param {string} sign @param {string} label @param {number} by */
  #mover(sign, label, by) {
    const button = buttonTo(() => {
      const row = this.#chosen;
      if (!row) return;
      this.move(row.index, row.index + by);
      (button.disabled ? row.handle : button).focus();
    }, { class: "button icon", title: label, disabled: true, "aria-label": label }, sign);
    return button;
  }

  /** Where the chosen layer can go. */
  #showMoves() {
    const at = this.#chosen ? this.#chosen.index : -1;
    const free = [at > 0, at >= 0 && at < this.rows.length - 1];
    this.moves.forEach((button, index) => (button.disabled = !free[index]));
  }

  /** @returns {Layer[]} */
  get layers() {
    return this.store.state["net"];
  }

  /** @param {Layer[]} layers @param {string} [gesture] */
  #set(layers, gesture = "") {
    if (layers.length) this.store.set({ net: layers }, gesture);
  }

  /** @param {string} kind */
  add(kind) {
    const after = this.#chosen ? this.#chosen.index + 1 : Math.max(0, this.layers.length - 1);
    this.#set(this.layers.toSpliced(after, 0, freshLayer(kind)));
    this.rows[after]?.handle.focus();
  }

  /** @param {number} index */
  remove(index) {
    if (this.layers.length < 2) return this.rows[0]?.tell(undefined, say("training.one_layer"));
    this.#set(this.layers.toSpliced(index, 1));
    return this.rows[Math.min(index, this.rows.length - 1)]?.handle.focus();
  }

  /** @param {number} from @param {number} to @param {string} [gesture] */
  move(from, to, gesture = "") {
    if (to < 0 || to >= this.layers.length || to === from) return;
    const layers = [...this.layers];
    const [layer] = layers.splice(from, 1);
    if (!layer) return;
    layers.splice(to, 0, layer);
    const [row] = this.rows.splice(from, 1); // the row goes with its layer, and keeps the focus
    if (!row) return;
    this.rows.splice(to, 0, row);
    this.list.insertBefore(row.node, this.rows[to + 1]?.node ?? null);
    this.#set(layers, gesture);
    row.handle.focus();
  }

  /** @param {number} index @param {OptionValues} patch */
  change(index, patch) {
    this.#set(this.layers.map((layer, at) => (at === index ? { ...layer, ...patch } : layer)));
  }

  /** A new layer comes after this one. @param {Row} row */
  choose(row) {
    this.#chosen = row;
    for (const other of this.rows) other.node.classList.toggle("chosen", other === row);
    this.#showMoves();
  }

  /** By mouse or finger. @param {Row} row @param {PointerEvent} event */
  drag(row, event) {
    if (event.button) return;
    event.preventDefault();
    row.handle.focus();
    const gesture = `move ${event.timeStamp}`;
    row.node.classList.add("dragged");
    const follow = (/** @type {PointerEvent} */ moved) => {
      const over = this.rows.findIndex(({ node }) => {
        const { top, bottom } = node.getBoundingClientRect();
        return moved.clientY >= top && moved.clientY < bottom;
      });
      if (over >= 0) this.move(row.index, over, gesture);
    };
    const done = new AbortController();
    const stop = () => {
      done.abort();
      row.node.classList.remove("dragged");
      this.store.endGesture();
    };
    addEventListener("pointermove", follow, { signal: done.signal });
    addEventListener("pointerup", stop, { signal: done.signal });
    addEventListener("pointercancel", stop, { signal: done.signal });
  }

  show() {
    const { layers } = this;
    const same = layers.length === this.rows.length && layers.every(({ layer }, at) => layer === this.rows[at]?.kind);
    if (!same) {
      this.rows = layers.map((layer) => new Row(this, layer));
      this.list.replaceChildren(...this.rows.map(({ node }) => node));
      this.#chosen = null;
    }
    layers.forEach((layer, at) => this.rows[at]?.show(layer));
    this.#showMoves();
  }

  /** What the server has against the whole of it. @param {string} message */
  refuse(message) {
    this.refused.textContent = message;
  }

  /** @param {Check} check */
  tell({ layers, parameters, problem: found }) {
    const problem = found && ofNetwork(found) ? found : null;
    const impossible = problem && !problem.limit;
    const at = problem?.layer ?? this.rows.length - 1;
    this.rows.forEach((row, index) => row.tell(layers[index], impossible && index === at ? `${sentence({ field: "", message: problem.rule })}.` : ""));
    this.refuse(problem?.limit ? problemSentence(problem, this.layers) : "");
    this.total.textContent = impossible
      ? say("training.impossible_network")
      : say("training.network_size", { parameters, layers: layers.length });
  }
}
