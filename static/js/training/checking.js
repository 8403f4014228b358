// What the server makes of a set-up before it is started: its shapes and counts, or why it cannot be; its weights as they
// begin, and some of its pictures.

/** @import { Check } from "./editor.js" */
/** @import { Chosen } from "./settings.js" */
/** @import { Snapshot } from "./planes.js" */

import { post, send } from "../api.js";
import { beginningOf, checkOf } from "./requests.js";

const CHECK = "/api/architectures/check";

/** What the server makes of a set-up. @param {ReturnType<typeof checkOf>} body @param {AbortSignal} [signal] @returns {Promise<Check>} */
export const checked = async (body, signal) => (await post(CHECK, body, signal && { signal })).json();

/** What decides how many samples there are to learn from. @param {Chosen} state */
const sourceOf = (state) => `${state["data"]} ${state["imbalance"]}`;

export class Checking {
  /** @type {{ key: string, answer: Promise<Response> } | null} */ #early = null;
  /** @type {Map<string, number>} */ #counted = new Map(); // samples to learn from, by what was checked

  /** @param {(dataset: string) => number | undefined} sizeOf how many samples the whole of a data set has to learn from, where that is known */
  constructor(sizeOf) {
    this.sizeOf = sizeOf;
  }

  /** How many samples there are to learn from. @param {Chosen} state */
  training(state) {
    return this.#counted.get(sourceOf(state)) ?? this.sizeOf(state["data"]) ?? 1;
  }

  /** Of runs side by side the one with the largest batch is checked. @param {Chosen} state */
  #body(state) {
    return checkOf(state["compare"] === "batches" ? { ...state, batch: null } : state, this.training(state));
  }

  /** Ask while the page still waits for other things. @param {Chosen} state */
  foresee(state) {
    const body = this.#body(state);
    const answer = post(CHECK, body);
    answer.catch(() => {}); // whoever waits for it is told
    this.#early = { key: JSON.stringify(body), answer };
  }

  /** @param {Chosen} state @param {AbortSignal} signal @returns {Promise<Check>} */
  async ask(state, signal) {
    const body = this.#body(state);
    const early = this.#early?.key === JSON.stringify(body) ? this.#early.answer : null;
    this.#early = null;
    const check = early ? await (await early).json() : await checked(body, signal);
    this.#counted.set(sourceOf(state), check.train_samples);
    return this.#body(state).batch_size === body.batch_size ? check : this.ask(state, signal);
  }
}

/** What the weights as they begin make of a picture. @param {Chosen} state @param {number} sample @param {boolean} whole whether no other choice is refused; else all that may be it is left out @param {AbortSignal} [signal] @returns {Promise<Snapshot>} */
export async function beginning(state, sample, whole, signal) {
  const { loss, initialisation, dataset_options, ...plain } = beginningOf(state);
  const chosen = whole ? { loss, initialisation, dataset_options } : {};
  const answer = await post("/api/architectures/snapshot", { ...plain, ...chosen, sample }, signal && { signal });
  return answer.json();
}

/** One picture of each class, or some. @param {string} dataset @returns {Promise<{ items: { image: import("../types").Tensor, label: number | number[], class: string | null }[] }>} */
export const examplesOf = async (dataset) => (await send(`/api/datasets/${encodeURIComponent(dataset)}/samples`)).json();
