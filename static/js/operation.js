// The page of an operation, any operation: settings -> trace -> frame -> stage.

/** @import { OperationTimeline } from "./types" */

import { ApiError } from "./api.js";
import { withCell } from "./arrays.js";
import { byRole } from "./draw/dom.js";
import { showHistory, startHistory } from "./history.js";
import { fetchLater, MISSING } from "./later.js";
import { OPERATIONS } from "./operations.js";
import { Player } from "./player.js";
import { isTyping, markFirstFrame, markReady, Message, startShell } from "./shell.js";
import { Address, formatState, parseState, Store } from "./state.js";
import { openTimeline } from "./timeline.js";
import { startTransport } from "./transport.js";

const LONG = 220; // letters of a sentence that is set smaller, so that it stays on the screen
const CALM = 1.5; // steps a second up to which every step is spoken

/** One page: what ties the settings, the trace, the player and the stage together. */
class OperationPage {
  player = new Player();
  message = new Message();
  sentence = byRole("sentence");
  trace = /** @type {OperationTimeline | null} */ (null);
  known = /** @type {import("./types").Presets | null} */ (null);
  settings = /** @type {import("./settings.js").Settings | null} */ (null);
  #refreshed = /** @type {Promise<ApiError | undefined>} */ (Promise.resolve(undefined));
  #request = new AbortController();
  #shown = -1;
  #listeners = /** @type {((shown: import("./types").Shown) => void)[]} */ ([]);
  #pin = "";
  #opening = 0;

  /** @param {import("./types").Operation} operation @param {typeof import("./stage.js") | undefined} grids where its stage is made of them */
  constructor(operation, grids) {
    this.operation = operation;
    this.store = new Store(operation.fields);
    /** @type {import("./types").StageEvents} */
    const events = {
      edit: (model, row, col, value) => this.#edit(model.edit, row, col, value),
      choose: (step) => this.player.goTo(step),
      pin: (target) => this.#pinTo(target ? `${target.id},${target.row},${target.col}` : ""),
    };
    const hosts = /** @type {const} */ ([byRole("stage"), byRole("arithmetic")]);
    const own = /** @type {any} */ (operation.stage?.(...hosts, events, this.store)); // what works on grids does not ask for it
    this.stage = /** @type {import("./stage.js").Stage} */ (own ?? (grids && new grids.Stage(...hosts, events)));
    this.address = new Address(
      () => formatState(this.operation.fields, this.store.state, this.player.index, this.#pin),
      (fragment) => this.#open(fragment),
    );
    this.player.ready = (index) => this.trace?.has(index) ?? false;
    this.player.addEventListener("change", () => this.#show());
    this.store.onChange(() => void (this.#refreshed = this.#refresh()));
    startHistory(this.store);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && this.#pin && !isTyping(event.target)) this.#pinTo("");
    });
    startTransport(this.player);
    startShell({ beforeLink: () => this.address.write() });
  }

  start() {
    return this.#open(location.hash);
  }

  /** Show what a link says; what cannot be shown is told, and the rest is kept. @param {string} fragment */
  async #open(fragment) {
    const { state, step, pin, problems: told } = parseState(this.operation.fields, fragment);
    const turn = (this.#opening += 1);
    this.store.replace(state);
    let refused = await this.#load(step);
    if (refused?.status) refused = await this.#mend(state, refused, told);
    if (turn !== this.#opening) return undefined; // another link was opened meanwhile
    if (refused) return this.message.show(...told, refused.message); // no answer: nothing was refused
    this.#openAt(step, told);
    this.#pinTo(this.#checked(pin, told));
    if (!told.length) return this.message.clear();
    const kept = "What could not be read is as the page opens with it.";
    return this.message.show("This link cannot be shown as it is.", ...told, kept);
  }

  /** Find what is at fault in settings that cannot be computed. @param {import("./types").State} state @param {ApiError} refused @param {string[]} told @returns {Promise<ApiError | undefined>} */
  async #mend(state, refused, told) {
    const { mend } = await import("./mending.js");
    const ask = (/** @type {import("./types").State} */ candidate) => {
      this.store.replace(candidate);
      return this.#load(0);
    };
    return mend(this.operation.fields, state, refused, told, ask);
  }

  /** @param {number} step @param {string[]} told */
  #openAt(step, told) {
    const total = this.trace?.total ?? 0;
    if (total && step >= total) told.push(`Step: ${step} is outside the trace of ${total} steps (the first is 0).`);
    this.player.goTo(step < total ? step : 0);
  }

  /** The pin of a link, where there is such a cell. @param {string} pin @param {string[]} told */
  #checked(pin, told) {
    if (!pin || this.stage.holds(targetOf(pin))) return pin;
    told.push(`Pin: there is no cell “${pin}” here.`);
    return "";
  }

  /** @param {string} pin a grid's id, a row and a column, or nothing */
  #pinTo(pin) {
    this.#pin = pin;
    this.stage.setPinned(pin ? targetOf(pin) : null);
    this.address.schedule();
  }

  /** The settings changed: a new trace, at the same step where it has the same shape. @returns {Promise<ApiError | undefined>} */
  async #refresh() {
    const { atEnd, length } = this.player;
    const before = this.trace;
    this.#showSettings(); // at once: what no longer applies cannot be reached meanwhile
    const afresh = (/** @type {OperationTimeline} */ trace) => (atEnd && length > 1 ? trace.total - 1 : 0);
    const choose = (/** @type {OperationTimeline} */ trace) =>
      before?.shape === trace.shape ? this.player.index : afresh(trace); // somebody may have stepped on meanwhile
    const refused = await this.#load(0, choose); // the new trace may be shorter: a later page is asked for when it is known
    if (!refused) this.message.clear();
    else if (!refused.status) this.message.show(refused.message); // no answer: nothing was refused
    else {
      this.store.reject();
      this.#showSettings();
      this.message.show(refused.message, "What you had is kept.");
    }
    return refused;
  }

  /** Change settings, and wait until they are shown. @param {import("./types").State} patch @param {string} [gesture] @returns {Promise<ApiError | undefined>} why they cannot be, where they cannot */
  change(patch, gesture) {
    this.store.set(patch, gesture);
    return this.#refreshed;
  }

  /**
   * @param {number} step one of those to fetch at once
   * @param {(trace: OperationTimeline) => number} [choose] which step to show
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
  #ask(step, signal) {
    const { state } = this.store;
    return openTimeline(this.operation.request(state), this.operation.second?.(state), step, signal);
  }

  /** @param {OperationTimeline} trace @param {number} step */
  #opened(trace, step) {
    this.trace = trace;
    this.#shown = -1;
    this.player.open(trace.total, step);
    this.#showSettings();
    this.settings?.opened(trace);
  }

  #showSettings() {
    showHistory(this.store);
    if (this.trace) this.settings?.update(this.trace);
  }

  /** Draw the present step; where it is not here yet, when it is. */
  #show() {
    const { trace, player } = this;
    if (!trace) return;
    this.address.schedule();
    const index = player.index;
    const soon = index + trace.ahead;
    const moving = index > 0 || player.playing; // a page that only opens asks for no more than it shows
    if (moving && !player.atEnd && !trace.has(soon)) trace.load(soon).catch(() => {}); // asked for again when it is needed
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
    const frame = /** @type {import("./types").Frame} */ (this.operation.frame(trace, step, this.store.state)); // whatever its stage draws
    this.stage.show(frame, { onwards, time: player.time });
    this.sentence.textContent = frame.sentence;
    this.sentence.classList.toggle("long", frame.sentence.length > LONG);
    for (const listener of this.#listeners) listener({ trace, step });
  }

  /** Be told of every step that is shown, the present one first. @param {(shown: import("./types").Shown) => void} listener */
  onShown(listener) {
    this.#listeners.push(listener);
    this.redraw();
  }

  redraw = () => {
    this.#shown = -1;
    this.#show();
  };

  /** @param {{ field: string, channel: number } | null} target @param {number} row @param {number} col @param {number} value */
  #edit(target, row, col, value) {
    if (!target || !this.trace) return;
    const values = withCell(this.planes(target.field), target.channel, row, col, value);
    this.store.set({ [target.field]: this.typed(target.field, values.values) });
  }

  /** The present values of a field, channel by channel. @param {string} field @returns {number[][][]} */
  planes(field) {
    const choice = this.store.state[field];
    if ("values" in choice) return choice.values;
    const trace = /** @type {OperationTimeline} */ (this.trace);
    const own = this.operation.cells?.(this.store.state, trace, field);
    if (own) return own;
    const values = /** @type {any} */ (trace.tensors[field === "kernel" ? "weight" : "input"]?.values);
    return field === "kernel" ? values[0] : values;
  }

  /** Values as a field's own; a picture in colour stays one. @param {string} field @param {number[][][]} values @returns {import("./types").TypedArray} */
  typed(field, values) {
    const colour = field === "input" && this.operation.colour?.(this.store.state);
    return colour ? { values, colour } : { values };
  }
}

/** @param {string} pin a grid's id, a row and a column */
function targetOf(pin) {
  const [id = "", row = "", col = ""] = pin.split(",");
  return { id, row: Number(row), col: Number(col) };
}

const name = document.querySelector("main")?.dataset["operation"] ?? "";
const load = OPERATIONS[name];
if (!load) throw new Error("this page names no operation");
const operation = await load();
const page = new OperationPage(operation, operation.stage ? undefined : await import("./stage.js"));
await page.start();
markFirstFrame();
fetchLater();
const beside = [
  async () => (await import("./settings.js")).startSettings(page),
  async () => (await import("./lesson/lesson.js")).startLesson(name, page),
].map((start) => start().catch((error) => page.message.show(error instanceof ApiError ? error.message : MISSING)));
await Promise.all(beside);
markReady();
