// The page of an operation, any operation: settings -> trace -> frame -> stage.

import { ApiError, presets, Trace } from "./api.js";
import { withCell } from "./arrays.js";
import { byRole, el } from "./draw/dom.js";
import { drawFormula } from "./draw/formula.js";
import { showHistory, startHistory } from "./history.js";
import { Inspector } from "./inspector.js";
import { OPERATIONS } from "./operations.js";
import { Player } from "./player.js";
import { isTyping, markReady, Message, startShell } from "./shell.js";
import { Stage } from "./stage.js";
import { Address, formatState, initialState, parseState, Store } from "./state.js";
import { TracePair } from "./trace-pair.js";
import { startTransport } from "./transport.js";

const AHEAD = 48; // steps before the end of what is here at which the next page is fetched
const CALM = 1.5; // steps a second up to which every step is spoken

/** One page: what ties the settings, the trace, the player and the stage together. */
class OperationPage {
  player = new Player();
  message = new Message();
  sentence = byRole("sentence");
  trace = /** @type {Trace | TracePair | null} */ (null);
  #request = new AbortController();
  #shown = -1;
  #pin = "";

  /** @param {import("./types").Operation} operation */
  constructor(operation) {
    this.operation = operation;
    this.store = new Store(operation.fields);
    this.stage = new Stage(byRole("stage"), byRole("arithmetic"), {
      edit: (model, row, col, value) => this.#edit(model.edit, row, col, value),
      choose: (step) => this.player.goTo(step),
      pin: (target) => this.#pinTo(target ? `${target.id},${target.row},${target.col}` : ""),
    });
    this.address = new Address(
      () => formatState(this.operation.fields, this.store.state, this.player.index, this.#pin),
      (fragment) => this.#open(fragment),
    );
    this.player.ready = (index) => this.trace?.has(index) ?? false;
    this.player.addEventListener("change", () => this.#show());
    this.store.onChange(() => this.#refresh());
    startHistory(this.store);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && this.#pin && !isTyping(event.target)) this.#pinTo("");
    });
    startTransport(this.player);
    startShell({ beforeLink: () => this.address.write() });
  }

  async start() {
    const [known] = await Promise.all([presets().catch((error) => error), this.#open(location.hash)]);
    if (known instanceof Error) return this.message.show(known.message);
    this.inspector = new Inspector(byRole("inspector"), this.operation, this.store, known);
    this.#showSettings();
    this.#showFormula();
    return markReady();
  }

  /** Show what a link says; where it cannot be shown, say why and show what the page opens with. @param {string} fragment */
  async #open(fragment) {
    const { state, step, pin, problems } = parseState(this.operation.fields, fragment);
    this.store.replace(state);
    const told = [...problems];
    let refused = await this.#load(step);
    if (refused && step) {
      told.push(refused.message); // it may be the step alone that is wrong
      refused = await this.#load(0);
    } else if (this.trace && !refused && step >= this.trace.total) {
      told.push(`Step: ${step} is outside the trace of ${this.trace.total} steps (the first is 0).`);
      this.player.goTo(0);
    }
    if (refused) {
      if (!told.includes(refused.message)) told.push(refused.message);
      this.store.replace(initialState(this.operation.fields));
      await this.#load(0);
    }
    this.#pinTo(refused ? "" : pin);
    if (told.length)
      this.message.show(
        "This link cannot be shown as it is.",
        ...told,
        "What could not be read is as the page opens with it.",
      );
    else this.message.clear();
  }

  /** @param {string} pin a grid's id, a row and a column, or nothing */
  #pinTo(pin) {
    this.#pin = pin;
    const [id = "", row = "", col = ""] = pin.split(",");
    this.stage.setPinned(pin ? { id, row: Number(row), col: Number(col) } : null);
    this.address.schedule();
  }

  /** The settings changed: a new trace, at the same step where it has the same shape. */
  async #refresh() {
    const { atEnd, length } = this.player;
    const before = this.trace;
    this.#showSettings(); // at once: what no longer applies cannot be reached meanwhile
    const afresh = (/** @type {Trace | TracePair} */ trace) => (atEnd && length > 1 ? trace.total - 1 : 0);
    const choose = (/** @type {Trace | TracePair} */ trace) =>
      before?.shape === trace.shape ? this.player.index : afresh(trace); // somebody may have stepped on meanwhile
    const refused = await this.#load(0, choose); // the new trace may be shorter: a later page is asked for when it is known
    if (!refused) return this.message.clear();
    if (!refused.status) return this.message.show(refused.message); // no answer: nothing was refused
    this.store.reject();
    this.#showSettings();
    return this.message.show(refused.message, "What you had is kept.");
  }

  /**
   * @param {number} step one of those to fetch at once
   * @param {(trace: Trace | TracePair) => number} [choose] which step to show
   * @returns {Promise<ApiError | undefined>} why it cannot be computed, where it cannot
   */
  async #load(step, choose = () => step) {
    this.#request.abort();
    const request = new AbortController();
    this.#request = request;
    try {
      const trace = await this.#ask(step, request.signal);
      if (!request.signal.aborted) this.#opened(trace, choose(trace));
      return undefined;
    } catch (error) {
      if (request.signal.aborted) return undefined;
      if (error instanceof ApiError) return error;
      throw error;
    }
  }

  /** The trace of the present settings, or both where the page compares two. @param {number} step @param {AbortSignal} signal */
  async #ask(step, signal) {
    const open = (/** @type {import("./types").TraceRequest} */ { operation, body }, at = step) =>
      Trace.open(operation, body, at, signal);
    const { state } = this.store;
    const first = this.operation.request(state);
    const second = this.operation.second?.(state);
    if (!second) return open(first);
    const within = (/** @type {import("./types").TraceRequest} */ asked) =>
      open(asked).catch((error) => (step && error.status === 422 ? open(asked, 0) : Promise.reject(error))); // the shorter one ends before
    const [one, two] = await Promise.all([within(first), within(second)]);
    return new TracePair(one, two, [first.name ?? "", second.name ?? ""]);
  }

  /** @param {Trace | TracePair} trace @param {number} step */
  #opened(trace, step) {
    this.trace = trace;
    this.#shown = -1;
    this.player.open(trace.total, step);
    this.#showSettings();
    this.#showFormula();
  }

  #showSettings() {
    showHistory(this.store);
    if (this.trace) this.inspector?.update(this.store.state, this.trace.limits);
  }

  /** How the output size of the trace comes about. */
  #showFormula() {
    if (!this.trace || !this.inspector) return;
    this.inspector.formulaCard.hidden = !this.trace.geometry;
    this.inspector.formula.replaceChildren(...formulae(this.trace));
  }

  /** Draw the present step; where it is not here yet, when it is. */
  #show() {
    const { trace, player } = this;
    if (!trace) return;
    this.address.schedule();
    const index = player.index;
    if (!player.atEnd && !trace.has(index + AHEAD)) trace.load(index + AHEAD).catch(() => {}); // asked for again when it is needed
    this.sentence.setAttribute("aria-live", player.playing && player.rate > CALM ? "off" : "polite");
    if (this.#shown === index) return;
    const step = trace.at(index);
    if (!step) {
      trace.load(index).then(
        () => trace === this.trace && this.#show(),
        (error) => this.message.show(error.message),
      );
      return;
    }
    const onwards = this.#shown >= 0 && index === this.#shown + 1;
    this.#shown = index;
    const frame = this.operation.frame(trace, step, this.store.state);
    this.stage.show(frame, { onwards, time: player.time });
    this.sentence.textContent = frame.sentence;
  }

  /** @param {{ field: string, channel: number } | null} target @param {number} row @param {number} col @param {number} value */
  #edit(target, row, col, value) {
    if (!target || !this.trace) return;
    const own = this.operation.cells?.(this.store.state, this.trace, target.field);
    const tensor = this.trace.tensors[target.field === "kernel" ? "weight" : "input"];
    const values = /** @type {any} */ (tensor?.values);
    const planes = own ? own : target.field === "kernel" ? values[0] : values;
    this.store.set({ [target.field]: withCell(planes, target.channel, row, col, value) });
  }
}

/** How the output size comes about; where two are compared, for each. @param {Trace | TracePair} trace */
function formulae(trace) {
  const named = trace instanceof TracePair ? [trace.one, trace.two] : [trace];
  return named.map(({ geometry }, index) => {
    const box = el("div", {});
    if (geometry) drawFormula(box, geometry);
    return trace instanceof TracePair
      ? el("div", {}, el("div", { class: "legend" }, trace.names[index] ?? ""), box)
      : box;
  });
}

const load = OPERATIONS[document.querySelector("main")?.dataset["operation"] ?? ""];
if (!load) throw new Error("this page names no operation");
await new OperationPage(await load()).start();
