// Questions about one answer: each is asked once, and its answer kept until there is another picture or network.

/** @import { Answer, Answers } from "./model.js" */

import { once } from "../input/latest.js";
import { needed } from "../needed.js";
import { ask, askModel } from "./model.js";
import { bentOf } from "./settings.js";

/** @typedef {{ [Call in keyof Answers]: Map<string, Promise<Answers[Call]>> }} Known what was answered to each call, by what was asked */

/** @returns {Known} */
const nothing = () => ({ answer: new Map(), cell: new Map(), parts: new Map(), reach: new Map(), why: new Map(), "why-cell": new Map(), nearest: new Map(), exciting: new Map(), favourite: new Map(), "smallest-change": new Map() });

export class Questions {
  /** @type {Answer | null} */ #answer = null;
  #answers = nothing();

  /** @param {Answer} answer */
  about(answer) {
    if (answer !== this.#answer) this.#answers = nothing();
    this.#answer = answer;
  }

  /** About the picture. @template {keyof Answers} Call @param {Call} call @param {Record<string, unknown>} body */
  ask(call, body) {
    const { model, chosen } = needed(this.#answer);
    return this.#once(call, body, () => ask(model, call, chosen, body));
  }

  /** About the network alone, as it is bent. @template {"exciting" | "favourite"} Call @param {Call} call @param {Record<string, unknown>} body */
  askModel(call, body) {
    const { model, chosen } = needed(this.#answer);
    const whole = { ...body, ...bentOf(chosen) };
    return this.#once(call, whole, () => askModel(model, call, whole));
  }

  /** @template {keyof Answers} Call @param {Call} call @param {Record<string, unknown>} body @param {() => Promise<Answers[Call]>} ask @returns {Promise<Answers[Call]>} */
  #once(call, body, ask) {
    return once(this.#answers[call], JSON.stringify(body), ask);
  }
}
