// What the engine says of a comparison, beside the control that asks for it.

/** @import { Build } from "./types" */

import { el } from "./draw/dom.js";

/** @param {string} before what is said while nothing is compared @param {string} after what is added to the comparison @returns {Build} */
export const comparisonNote =
  (before, after) =>
  (_, __, updates, page) => {
    const note = el("p", { class: "field-note", "aria-live": "polite", "data-role": "comparison" });
    updates.push(() => {
      const sentence = page?.trace?.comparison?.description;
      const text = sentence ? `${sentence} ${after}` : before;
      if (note.textContent !== text) note.textContent = text; // a live region speaks whenever it is written
    });
    return note;
  };
