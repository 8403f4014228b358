// Undo, Redo and Reset: the buttons and the keys.

/** @import { Store } from "./state.js" */

import { findAll, onAction } from "./draw/dom.js";
import { isTyping } from "./shell.js";

/** @param {Store} store */
export function startHistory(store) {
  onAction("undo", () => store.undo());
  onAction("redo", () => store.redo());
  onAction("reset", () => store.reset());
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || isTyping(event.target)) return;
    event.preventDefault();
    if (event.shiftKey) store.redo();
    else store.undo();
  });
}

/** Offer what can be done now. @param {Store} store */
export function showHistory(store) {
  const offered = { undo: store.canUndo, redo: store.canRedo, reset: !store.isInitial };
  for (const [action, possible] of Object.entries(offered)) {
    for (const button of findAll(`[data-action="${action}"]`, HTMLButtonElement)) button.disabled = !possible;
  }
}
