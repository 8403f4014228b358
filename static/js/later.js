// Parts of a page that are fetched after its first frame.

export const MISSING = "A part of this page could not be loaded; load the page again when the server answers.";

/** Ask for the modules that a page needs next, all at once: its template names them. */
export function fetchLater() {
  const links = /** @type {HTMLTemplateElement | null} */ (document.querySelector("template[data-role=later]"));
  if (links) document.head.append(links.content.cloneNode(true));
}

/**
 * Fetch it, and give it to whoever asks. What could not be fetched is tried again when it is asked for.
 * @template T
 * @param {() => Promise<T>} fetch
 * @returns {() => Promise<T>}
 */
export function later(fetch) {
  let part = /** @type {Promise<T> | null} */ (null);
  const get = () =>
    (part ??= fetch().catch((error) => {
      part = null;
      throw error;
    }));
  get().catch(() => {}); // whoever asks for it is told
  return get;
}
