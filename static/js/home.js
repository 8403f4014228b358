// The start page: a digit that one draws, and what a network makes of it, layer by layer, while one draws.

/** @import { Answer, Model } from "./explorer/model.js" */
/** @import { Chosen } from "./explorer/settings.js" */
/** @import { Stroke } from "./explorer/strokes.js" */

import { byRole } from "./draw/dom.js";
import { motionAllowed } from "./draw/motion.js";
import { showAnswer } from "./explorer/bars.js";
import { answerOf } from "./explorer/model.js";
import { Pad } from "./explorer/pad.js";
import { FIELDS, OPENED } from "./explorer/settings.js";
import { formatStrokes } from "./explorer/strokes.js";
import { Hand } from "./home/hand.js";
import { Kernels } from "./home/kernels.js";
import { Pipeline } from "./home/pipeline.js";
import { latest } from "./input/latest.js";
import { Page } from "./page.js";
import { formatState, parseState } from "./state.js";

const GLANCES = 6; // answers while the hand draws

/** @typedef {Model & { kernels: number[][][] }} Known */

class HomePage {
  fields = FIELDS;
  #model = /** @type {Known} */ (JSON.parse(byRole("model").textContent ?? ""));
  #isHands = false; // that what is answered is what the hand has drawn

  constructor() {
    this.page = /** @type {Page<Chosen, {}, Answer>} */ (new Page(this));
    this.store = this.page.store;
    byRole("pad").addEventListener("pointerdown", ({ button }) => button === 0 && this.#begin());
    this.pad = new Pad(
      (drawing, gesture) => this.page.change({ drawing }, gesture),
      () => this.store.state,
      (sentence) => this.page.message.show(sentence),
    );
    this.pipeline = new Pipeline();
    this.kernels = new Kernels(this.#model.kernels, (off) => this.store.set({ off }));
    const glance = latest((/** @type {Stroke[]} */ drawing) => this.page.attempt(() => this.#glance(drawing)));
    let glanced = 0;
    this.hand = new Hand(byRole("hand-place"), (drawing, share) => {
      this.pad.show({ ...this.store.state, drawing });
      if (share * GLANCES < glanced) return;
      glanced += 1;
      glance(drawing);
    });
  }

  async start() {
    const isBare = location.hash.length < 2;
    await this.page.start();
    this.#isHands = isBare && motionAllowed() && this.#isUntouched;
    if (this.#isHands) this.hand.start(this.store.state.drawing);
  }

  /** Whether there is what the page opens with. */
  get #isUntouched() {
    return formatStrokes(this.store.state.drawing) === formatStrokes(OPENED);
  }

  /** Whoever draws first draws on an empty pad: what is there was drawn by the hand. */
  #begin() {
    if (!this.#isUntouched || this.store.state.frozen) return;
    this.#rest();
    this.pad.show({ ...this.store.state, drawing: [] });
  }

  #rest() {
    this.#isHands = false;
    this.hand.stop();
  }

  /** Answer what the hand has drawn so far, which is nobody's choice. @param {Stroke[]} drawing */
  async #glance(drawing) {
    const answer = await answerOf(this.#model, { ...this.store.state, drawing }, AbortSignal.timeout(10_000));
    if (this.#isHands) this.#show(answer);
  }

  fragment() {
    return formatState(FIELDS, this.store.state, 0);
  }

  /** @param {string} fragment */
  read(fragment) {
    const { state, problems } = parseState(FIELDS, fragment);
    return { state: /** @type {Chosen} */ (state), view: {}, problems };
  }

  showSettings() {
    this.pad.show(this.store.state);
    this.kernels.show(this.store.state.off);
  }

  /** @param {Chosen} chosen @param {AbortSignal} signal */
  ask(chosen, signal) {
    return answerOf(this.#model, chosen, signal);
  }

  /** @param {Answer} answer */
  show(answer) {
    this.#rest(); // something was changed
    this.#show(answer);
  }

  /** @param {Answer} answer */
  #show(answer) {
    showAnswer(answer);
    this.pipeline.show(answer);
    byRole("explore").setAttribute("href", `/explorer#${formatState(FIELDS, answer.chosen, 0)}`);
  }
}

await new HomePage().start();
