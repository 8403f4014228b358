// What the page shows before a network has learned anything: its weights as they begin, and some of its pictures.

/** @import { Chosen } from "./settings.js" */
/** @import { Snapshot } from "./planes.js" */

import { post, send } from "../api.js";
import { beginningOf } from "./requests.js";

/** What the weights as they begin make of a picture. @param {Chosen} state @param {number} sample @param {boolean} whole whether no other choice is refused; else all that may be it is left out @param {AbortSignal} [signal] @returns {Promise<Snapshot>} */
export async function beginning(state, sample, whole, signal) {
  const { loss, initialisation, dataset_options, ...plain } = beginningOf(state);
  const chosen = whole ? { loss, initialisation, dataset_options } : {};
  const answer = await post("/api/architectures/snapshot", { ...plain, ...chosen, sample }, signal && { signal });
  return answer.json();
}

/** One picture of each class, or some. @param {string} dataset @returns {Promise<{ items: { image: import("../types").Tensor, label: number | number[], class: string | null }[] }>} */
export const examplesOf = async (dataset) => (await send(`/api/datasets/${encodeURIComponent(dataset)}/samples`)).json();
