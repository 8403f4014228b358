// Questions about one answer: each is asked once, and its answer kept until there is another picture or network.

/** @import { Answer, Call } from "./model.js" */

import { post } from "../api.js";
import { ask } from "./model.js";
import { bentOf } from "./settings.js";

export class Questions {
  /** @type {Answer | null} */ #answer = null;
  /** @type {Map<string, Promise<any>>} */ #answers = new Map();

  /** @param {Answer} answer */
  about(answer) {
    if (answer !== this.#answer) this.#answers.clear();
    this.#answer = answer;
  }

  /** About the picture. @param {Call} call @param {Record<string, unknown>} body @returns {Promise<any>} */
  ask(call, body) {
    const { model, chosen } = /** @type {Answer} */ (this.#answer);
    return this.#once(call, body, () => ask(model, call, chosen, body));
  }

  /** About the network alone, as it is bent. @param {"exciting" | "favourite"} call @param {Record<string, unknown>} body @returns {Promise<any>} */
  askModel(call, body) {
    const { model, chosen } = /** @type {Answer} */ (this.#answer);
    const whole = { ...body, ...bentOf(chosen) };
    return this.#once(call, whole, async () => (await post(`/api/models/${encodeURIComponent(model.id)}/${call}`, whole)).json());
  }

  /** @param {string} call @param {Record<string, unknown>} body @param {() => Promise<any>} ask @returns {Promise<any>} */
  #once(call, body, ask) {
    const key = call + JSON.stringify(body);
    const known = this.#answers.get(key);
    if (known) return known;
    const answer = ask();
    this.#answers.set(key, answer);
    answer.catch(() => this.#answers.delete(key));
    return answer;
  }
}
