// What was measured of the shipped networks, for sentences: the page carries it (cnn_server/page_views.py).

import { grouped } from "../format.js";

/** Shares of some pictures that a network reads: as they are prepared, moved by two pixels, and without a step. @typedef {{ total: number, read: number, moved: number, without: Record<string, number> }} Figures */

const NONE = { total: 0, read: 0, moved: 0, without: {} };
/** @type {Record<string, Figures>} */
const figures = JSON.parse(globalThis.document?.querySelector('[data-role="figures"]')?.textContent ?? "{}");

/** A share to a tenth of a percent. @param {number | undefined} share */
const exactly = (share = 0) => `${(100 * share).toFixed(1)}\u202f%`;

/** What a network reads, as sentences say it: also when it is moved, and without one of the steps. @param {string} model @param {string} [step] */
export function readBy(model, step = "") {
  const { total, read, moved, without } = figures[model] ?? NONE;
  return { count: grouped(total), read: exactly(read), moved: exactly(moved), without: exactly(without[step]) };
}
