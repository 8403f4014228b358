// The start page: a digit that one draws, and what a network makes of it, layer by layer, while one draws.

/** @import { Answer, Model } from "./explorer/model.js" */
/** @import { Chosen } from "./explorer/settings.js" */
/** @import { Stroke } from "./explorer/strokes.js" */

import { byRole } from "./draw/dom.js";
import { motionAllowed } from "./draw/motion.js";
import { showAnswer } from "./explorer/bars.js";
import { answerOf } from "./explorer/model.js";
import { Pad } from "./explorer/pad.js";
import { FIELDS } from "./explorer/settings.js";
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
  #answer = /** @type {Answer | null} */ (null);
  #isOwn = false; // that somebody has drawn, and not the hand

  constructor() {
    this.page = /** @type {Page<Chosen, {}, Answer>} */ (new Page(this));
    this.store = this.page.store;
    byRole("pad").addEventListener("pointerdown", () => this.#begin());
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
    if (isBare && motionAllowed() && !this.#isOwn) this.hand.start(this.store.state.drawing);
  }

  /** Whoever draws first draws on an empty pad: what is there was drawn by the hand. */
  #begin() {
    if (this.#isOwn) return;
    this.#isOwn = true;
    this.hand.stop();
    this.pad.show({ ...this.store.state, drawing: [] });
  }

  /** Answer what the hand has drawn so far, which is nobody's choice. @param {Stroke[]} drawing */
  async #glance(drawing) {
    const answer = await answerOf(this.#model, { ...this.store.state, drawing }, AbortSignal.timeout(10_000));
    if (!this.#isOwn) this.#show(answer);
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
    if (this.#answer) this.hand.stop(); // something was changed
    this.#answer = answer;
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
