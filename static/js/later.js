// Parts of a page that are fetched after its first frame.

import { say } from "./words.js";

export const MISSING = say("later.missing");

/** Ask for the modules that a page needs next, all at once: its template names them. */
export function fetchLater() {
  const links = document.querySelector("template[data-role=later]");
  if (links instanceof HTMLTemplateElement) document.head.append(links.content.cloneNode(true));
}

/**
 * A part that is fetched now and needed later. Browsers ask for a module once: where that failed, only loading the page again helps.
 * @template T @param {Promise<T>} part
 */
export function later(part) {
  part.catch(() => {}); // whoever needs it handles the failure
  return part;
}
