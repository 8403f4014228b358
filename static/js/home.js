// The start page: a digit that one draws, and what a network makes of it, layer by layer, while one draws.

/** @import { Answer, Model } from "./explorer/model.js" */
/** @import { Chosen } from "./explorer/settings.js" */

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
import { Page } from "./page.js";
import { formatState, parseState } from "./state.js";

const WAITING = "waiting"; // for the hand: nothing is answered before it is drawn

/** @typedef {Model & { kernels: number[][][] }} Known */

class HomePage {
  fields = FIELDS;
  /** @type {Known} */ #model = JSON.parse(byRole("model").textContent ?? "");

  constructor() {
    /** @type {Page<Chosen, {}, Answer>} */
    this.page = new Page(this);
    this.store = this.page.store;
    byRole("pad").addEventListener("pointerdown", (event) => {
      if (this.pad.draws(event) && this.#isUntouched && !this.store.state.frozen) this.#rest(); // where somebody draws the hand stops
    });
    this.pad = new Pad(
      (drawing, gesture) => this.page.change({ drawing }, gesture),
      () => this.store.state,
      (sentence) => this.page.message.show(sentence),
    );
    this.pipeline = new Pipeline();
    this.kernels = new Kernels(this.#model.kernels, (off) => this.store.set({ off }));
    this.hand = new Hand(byRole("hand-place"), (drawing, share) => {
      this.pad.show({ ...this.store.state, drawing });
      if (share < 1) return;
      this.#rest();
      this.pipeline.appear(); // what the hand has drawn is answered: it goes through the network, layer by layer
    });
  }

  async start() {
    const isBare = location.hash.length < 2;
    await this.page.start();
    if (!isBare || !motionAllowed() || !this.#isUntouched) return;
    document.body.classList.add(WAITING);
    this.hand.start(this.store.state.drawing);
  }

  /** Whether there is what the page opens with. */
  get #isUntouched() {
    return formatStrokes(this.store.state.drawing) === formatStrokes(OPENED);
  }

  #rest() {
    this.hand.stop();
    document.body.classList.remove(WAITING);
  }

  fragment() {
    return formatState(FIELDS, this.store.state, 0);
  }

  /** @param {string} fragment */
  read(fragment) {
    const { state, problems } = parseState(FIELDS, fragment);
    return { state, view: {}, problems };
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
    showAnswer(answer);
    this.pipeline.show(answer);
    byRole("explore").setAttribute("href", `/explorer#${formatState(FIELDS, answer.chosen, 0)}`);
  }
}

await new HomePage().start();
