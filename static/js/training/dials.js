// The dials beside the stage. While something goes on they show and turn that alone; otherwise the set-up.

/** @import { Store } from "../state.js" */
/** @import { Chosen } from "./settings.js" */
/** @import { Live } from "./live.js" */
/** @import { Run } from "./run.js" */

import { el } from "../draw/dom.js";
import { slider } from "../draw/slider.js";
import { say } from "../words.js";
import { nearestStop, RATES, SPEEDS } from "./choices.js";
import { fieldNamed } from "./settings.js";
import { entry, flag } from "./pieces.js";

const REST_MS = 60; // how long a dial rests before what goes on hears of it

/** @typedef {{ rate?: number, speed?: number | null }} Turned as the set-up calls it */

/** The same as the API calls it. @param {Turned} turned */
const valuesOf = ({ rate, speed }) => ({ ...(rate === undefined ? {} : { learning_rate: rate }), ...(speed === undefined ? {} : { steps_per_second: speed }) });

/** @param {number | null} speed */
const speedInWords = (speed) => (speed === null ? say("training.fastest") : say("training.speed_steps", { speed }));

export class Dials {
  /** @type {Turned} */ #turned = {}; // and not yet answered
  #timer = 0;
  /** @type {Run | null} */ #of = null; // what they were turned for
  #rate = this.#dial(say("common.learning_rate"), RATES, (rate) => this.#turn({ rate: Number(rate) }));
  #speed = this.#dial(say("training.speed"), SPEEDS, (speed) => this.#turn({ speed }));
  #share = flag(say("training.share_dials"), (shared) => this.attempt(() => this.live.share(shared)));
  #chips = el("div", { class: "chips", hidden: true }, this.#share.node);
  exact = entry(say("training.exactly"), (text) => this.#type(text), { label: say("training.rate_exactly") });

  /** @param {Store<Chosen>} store @param {Live} live @param {(act: () => unknown) => Promise<void>} attempt says why something could not be done */
  constructor(store, live, attempt) {
    this.store = store;
    this.live = live;
    this.attempt = attempt;
    this.exact.node.classList.add("exact");
    const parts = [this.#rate.node, this.exact.node, this.exact.error, this.#speed.node, this.#chips];
    this.node = el("section", { class: "card setup-card dials" }, el("h2", {}, say("training.while_runs")), ...parts);
  }

  /** @param {string} label @param {(number | null)[]} stops @param {(stop: number | null) => void} turn */
  #dial(label, stops, turn) {
    const move = (/** @type {number} */ index) => turn(stops[index] ?? null);
    return slider(label, { move, rest: () => this.store.endGesture(), high: stops.length - 1, kind: "dial" });
  }

  /** Where they stand. */
  get #now() {
    const { state } = this.store;
    const { info } = this.live;
    const known = info ? { rate: info.learning_rate, speed: info.steps_per_second } : { rate: state["rate"], speed: state["speed"] };
    return { ...known, ...this.#turned };
  }

  show() {
    if (this.#of !== this.live.first) this.#forget();
    const { rate, speed } = this.#now;
    this.#rate.show(nearestStop(RATES, rate), String(rate));
    this.exact.show(String(rate));
    this.#speed.show(nearestStop(SPEEDS, speed), speedInWords(speed));
    const { going } = this.live.watch;
    this.#chips.hidden = !going?.info.mine;
    this.#share.show(Boolean(going?.info.shared));
    for (const { input } of [this.#rate, this.#speed, this.exact]) input.disabled = Boolean(this.live.info && !this.live.steerable);
  }

  /** A faster speed, or a slower one. @param {number} by so many stops */
  changeSpeed(by) {
    const stop = Math.max(0, Math.min(SPEEDS.length - 1, nearestStop(SPEEDS, this.#now.speed) + by));
    this.#turn({ speed: SPEEDS[stop] ?? null });
    this.store.endGesture();
  }

  /** What was turned for one run is nothing to the next. */
  #forget() {
    clearTimeout(this.#timer);
    this.#turned = {};
    this.#of = this.live.first;
  }

  /** A rate that is typed is a change by itself. @param {string} text */
  #type(text) {
    this.#turn({ rate: Number(fieldNamed("rate").parse(text)) });
    this.store.endGesture();
  }

  /** @param {Turned} turned */
  #turn(turned) {
    if (!this.live.steerable) return this.store.set(turned, Object.keys(turned).join());
    if (this.#of !== this.live.first) this.#forget();
    this.#turned = { ...this.#turned, ...turned };
    this.show(); // it stays where it was put until that is answered
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#steer(), REST_MS);
  }

  async #steer() {
    if (this.#of !== this.live.first) return this.show();
    const turned = this.#turned;
    await this.attempt(() => this.live.command("set", valuesOf(turned)));
    if (turned === this.#turned) this.#turned = {};
    this.show();
  }
}
