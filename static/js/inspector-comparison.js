// What the engine says of a comparison, beside the control that asks for it.

/** @import { Bench, Control, Limits, State } from "./types" */
/** @import { Store } from "./state.js" */

import { el } from "./draw/dom.js";

/** @param {string} before what is said while nothing is compared @param {string} after what is added to the comparison */
export const comparisonNote =
  (before, after) =>
  /**
   * @param {Control} _ @param {Store} __ @param {((state: State, limits: Limits | undefined) => void)[]} updates
   * @param {Bench} [page]
   */
  (_, __, updates, page) => {
    const note = el("p", { class: "field-note", "aria-live": "polite", "data-role": "comparison" });
    updates.push(() => {
      const sentence = page?.trace?.comparison?.description;
      const text = sentence ? `${sentence} ${after}` : before;
      if (note.textContent !== text) note.textContent = text; // a live region speaks whenever it is written
    });
    return note;
  };
