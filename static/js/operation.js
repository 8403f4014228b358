// The page of an operation, any operation: settings -> trace -> frame -> stage.

/** @import { Operation, OperationTimeline, Presets, SentenceNumber, Shown, StageEvents, StageLike, State, Step, Target, TypedArray } from "./types" */
/** @import { Stage } from "./stage.js" */

import { withCell } from "./arrays.js";
import { byRole } from "./draw/dom.js";
import { Sentence } from "./draw/sentence.js";
import { Fetching } from "./fetching.js";
import { PIN, SPEED } from "./fields.js";
import { isBackward, planesIn } from "./frame.js";
import { Marks } from "./marks.js";
import { OPERATIONS } from "./operations.js";
import { needed } from "./needed.js";
import { Page } from "./page.js";
import { Player } from "./player.js";
import { isTyping } from "./shell.js";
import { formatState, parseState } from "./state.js";
import { openTimeline, PairTimeline } from "./timeline.js";
import { namedIn } from "./values.js";
import { showSpeed, startTransport } from "./transport.js";
import { say } from "./words.js";

const LONG = 220; // letters of a sentence that is set smaller, so that it stays on the screen
const LONGEST = 370; // of what two settings say, in the room of four lines
const WORDY = 150; // on a phone
const LOOK_MS = 1000; // that a step which came about slowly stands still
const CALM = 1.5; // steps a second up to which every step is spoken

/** @typedef {{ step: number, pin: Target | null, speed: string }} View what a link looks at */

/** @type {View} */
const OPENING = { step: 0, pin: null, speed: SPEED.format(SPEED.initial) };

/** One page: what ties the settings, the trace, the player and the stage together. */
class OperationPage {
  player = new Player();
  sentence = byRole("sentence");
  #text = new Sentence(this.sentence, (target) => this.grids?.light(target));
  /** @type {OperationTimeline | null} */ trace = null;
  /** @type {Presets | null} */ known = null;
  /** @type {((timeline: OperationTimeline) => void) | null} */ inspect = null;
  #fetching = new Fetching({
    trace: () => this.trace,
    arrived: () => this.#show(),
    complain: (sentence) => this.message.show(sentence),
    answered: () => this.message.clear(),
  });
  #shown = -1;
  /** At which step settings were left: for when Undo or Redo brings them back. @type {WeakMap<State, number>} */ #left = new WeakMap();
  /** The settings of the trace, the step at which it was opened, and whether a link said which. @type {{ state: State, step: number, isGiven: boolean } | null} */ #opened = null;
  #marks;
  /** @type {((shown: Shown) => void)[]} */ #listeners = [];
  /** @type {Target | null} */ #pin = null;

  /** @param {Operation} operation @param {typeof import("./stage.js") | undefined} grids where its stage is made of them */
  constructor(operation, grids) {
    this.operation = operation;
    this.fields = operation.fields;
    this.page = new Page(this);
    this.store = this.page.store;
    this.message = this.page.message;
    /** @type {StageEvents} */
    const events = {
      edit: (model, row, col, value) => this.#edit(model.edit, row, col, value),
      choose: (step) => this.player.goTo(step),
      pin: (target) => this.#onPin(target),
      pointed: (target) => this.beside?.point((target && this.grids?.shownAt(target)) ?? null),
      say: (sentence, numbers) => this.#say(sentence, numbers),
    };
    const [host, arithmetic] = [byRole("stage"), byRole("arithmetic")];
    const own = operation.stage?.(host, arithmetic, events, this.store); // what works on grids does not ask for it
    /** Its stage where that is made of grids. @type {Stage | null} */
    this.grids = own || !grids ? null : new grids.Stage(host, arithmetic, events);
    /** @type {StageLike} */
    this.stage = needed(own ?? this.grids);
    const beside = { player: this.player, pin: (/** @type {Target | null} */ pin) => this.#pinTo(pin), complain: (/** @type {string} */ why) => this.message.show(why) };
    this.beside = operation.beside?.(beside);
    this.player.ready = (index) => !this.#waits() && this.#fetching.ready(index);
    this.player.addEventListener("change", () => this.#show());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && this.#pin && !isTyping(event.target)) this.#pinTo(null);
    });
    this.#marks = new Marks(this.player); // hears of a key first: with Shift an arrow is its own
    startTransport(this.player);
  }

  /** @returns {string} */
  fragment() {
    const now = { step: this.player.index, pin: this.#pin, speed: String(this.player.rate) };
    const { step, pin, speed } = this.page.view ?? now;
    return formatState([...this.fields, SPEED], { ...this.store.state, speed }, step, pin);
  }

  /** @param {string} fragment */
  read(fragment) {
    const { state, step, pin, problems } = parseState([...this.fields, SPEED], fragment);
    const { speed, ...chosen } = state;
    return { state: chosen, view: { step, pin, speed: String(speed) }, problems };
  }

  showSettings() {
    if (this.trace) this.inspect?.(this.trace);
  }

  /** The trace of these settings, or both where the page compares two. @param {State} state @param {AbortSignal} signal @param {View} [view] */
  ask(state, signal, { step } = OPENING) {
    const own = this.operation.open?.(state, step, signal);
    return own ?? openTimeline(this.operation.request(state), this.operation.second?.(state), step, signal);
  }

  /** @param {State} state @param {State} before @param {import("./api.js").ApiError} refused */
  givingWay(state, before, refused) {
    return this.operation.givingWay?.(state, before, refused);
  }

  /** @param {OperationTimeline} trace @param {View} [view] */
  show(trace, view) {
    const { state } = this.store;
    if (this.#opened) this.#left.set(this.#opened.state, this.player.index);
    if (!view && this.grids && this.#pin && !this.beside?.holds(this.#pin) && this.#hasOthers(state)) this.#pinTo(null);
    const step = view?.step ?? this.#stepIn(trace, state);
    this.#opened = { state, step, isGiven: view !== undefined };
    this.trace = trace;
    this.#shown = -1;
    this.#marks.show(trace.marks);
    const pass = isBackward(trace) ? "backward" : "forward";
    const leads = [...document.querySelectorAll(".lead[data-pass]")];
    const isOther = leads.some((lead) => lead.hasAttribute("hidden") === (lead.getAttribute("data-pass") === pass));
    for (const lead of leads) lead.toggleAttribute("hidden", lead.getAttribute("data-pass") !== pass);
    if (isOther) document.dispatchEvent(new Event("roomchange")); // what is said takes another height
    this.player.open(trace.total, step);
  }

  /** Whether numbers, names or modes are others than those that were opened: what was pinned was a cell of those. @param {State} state */
  #hasOthers(state) {
    const before = this.#opened?.state;
    const isSize = (/** @type {unknown} */ value) => typeof value === "number" || Array.isArray(value);
    return before !== undefined && this.fields.some(({ name }) => state[name] !== before[name] && !isSize(state[name]));
  }

  /** The present step where the new trace has the same shape, or where settings come back that have such a step; else the end where this was one, or the first. @param {OperationTimeline} trace @param {State} state its settings */
  #stepIn(trace, state) {
    const { atEnd, index, length } = this.player;
    const left = this.#left.get(state);
    const kept = left !== undefined && index === this.#opened?.step ? left : index; // nobody has stepped since they were left
    if (this.trace?.shape === trace.shape) return this.#opened?.isGiven ? kept : index;
    if (left !== undefined && kept < trace.total) return kept;
    return atEnd && length > 1 ? trace.total - 1 : 0;
  }

  /** Nothing is computed any more. */
  failed() {
    if (!this.trace) this.#say("");
  }

  /** @param {View} view @param {string[]} problems */
  opened({ step, pin, speed }, problems) {
    showSpeed(this.player, Number(speed));
    const total = this.trace?.total ?? 0;
    const there = !pin || this.beside?.holds(pin) || this.stage.holds(pin);
    if (total && step >= total) problems.push(say("operation.no_step", { step: step + 1, total }));
    this.player.goTo(step < total ? step : 0);
    if (!there) problems.push(say("operation.no_cell", { pin: PIN.format(pin) }));
    this.#pinTo(there ? pin : null);
  }

  /** @param {Target | null} pin */
  #pinTo(pin) {
    this.#pin = pin;
    this.stage.setPinned(pin);
    this.beside?.setPinned(pin);
    this.page.address.schedule();
  }

  /** Whether the step on the stage asks something first. */
  #waits() {
    const step = this.trace?.at(this.player.index);
    return this.trace !== null && step !== undefined && (this.operation.waits?.(this.trace, step, this.store.state) ?? false);
  }

  /** A person keeps a cell lit, or lets it go; some pages look at it more closely. @param {Target | null} target */
  #onPin(target) {
    this.#pinTo(target);
    const step = this.trace?.at(this.#shown);
    const cell = target && this.operation.pinned && this.grids?.shownAt(target);
    const patch = this.trace && step && cell ? this.operation.pinned?.(this.trace, step, cell) : undefined;
    if (patch && Object.keys(patch).some((name) => patch[name] !== this.store.state[name])) this.store.set(patch);
  }

  /** Change settings, and wait until they are shown. @param {State} patch @param {string} [gesture] */
  change(patch, gesture) {
    return this.page.change(patch, gesture);
  }

  /** Draw the present step; where it is not here yet, when it is. */
  #show() {
    const { trace, player } = this;
    if (!trace) return;
    this.page.address.schedule();
    this.sentence.setAttribute("aria-live", player.time < 1000 / CALM ? "off" : "polite");
    const { index } = player;
    const step = trace.at(index);
    if (!step) {
      this.#fetching.fetch(index); // and what follows when this is here
      return;
    }
    if (this.#shown !== index) this.#showStep(trace, step);
    const soon = index + trace.ahead;
    const moving = index > 0 || player.playing; // a page that only opens asks for no more than it shows
    if (moving && !player.atEnd && !trace.has(soon)) trace.load(soon).catch(() => {}); // asked for again when it is needed
  }

  /** @param {OperationTimeline} trace @param {Step} step the present one */
  #showStep(trace, step) {
    const { player } = this;
    const { index } = player;
    const onwards = this.#shown >= 0 && index === this.#shown + 1;
    this.#shown = index;
    /** @type {StageLike} */
    const stage = this.stage;
    this.beside?.show(trace, step, this.#waits());
    const frame = this.#drawn(trace, step);
    const lasting = stage.show(frame, { onwards, time: player.time, slowly: player.opening });
    if (player.opening) player.stay(lasting + LOOK_MS);
    for (const listener of this.#listeners) listener({ trace, step, frame });
  }

  /** What is drawn of a step: of one trace, or of two. @param {OperationTimeline} trace @param {Step} step */
  #drawn(trace, step) {
    const { operation, store } = this;
    const both = trace instanceof PairTimeline ? trace.at(step.index) : undefined;
    if (trace instanceof PairTimeline && both && operation.compare) return operation.compare(trace, both, store.state);
    return operation.frame(trace, step, store.state);
  }

  /** @param {string} sentence @param {SentenceNumber[]} [numbers] */
  #say(sentence, numbers) {
    this.#text.write(sentence, numbers);
    this.sentence.classList.toggle("long", sentence.length > LONG);
    this.sentence.classList.toggle("longest", sentence.length > LONGEST);
    this.sentence.classList.toggle("wordy", sentence.length > WORDY);
  }

  /** Be told of every step that is shown, the present one first. @param {(shown: Shown) => void} listener */
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
    const choice = namedIn(this.store.state, field);
    if ("values" in choice) return choice.values;
    const holds = (/** @type {string} */ name) => this.trace?.tensors[name] !== undefined;
    const [argument = field] = Object.entries(this.operation.names ?? {}).find(([name, own]) => own === field && holds(name)) ?? [];
    return planesIn(this.trace?.tensors[argument]);
  }

  /** Values as a field's own; a picture in colour stays one. @param {string} field @param {number[][][]} values @returns {TypedArray} */
  typed(field, values) {
    const colour = field === "input" && this.operation.colour?.(this.store.state);
    return colour ? { values, colour } : { values };
  }
}

const name = document.querySelector("main")?.dataset["operation"] ?? "";
const load = OPERATIONS[name];
if (!load) throw new Error("this page names no operation");
const operation = await load();
const lab = new OperationPage(operation, operation.stage ? undefined : await import("./stage.js"));
await lab.page.start(
  async () => (await import("./settings.js")).startSettings(lab),
  async () => (await import("./lesson/lesson.js")).startLesson(name, lab),
);
