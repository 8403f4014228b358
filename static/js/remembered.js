// What this browser keeps for itself, by name; it is never sent. Where storage is blocked, it lasts as long as the page.

export const TESTED = "tested-runs";
export const MET = "tasks-met";
export const PREDICTED = "predicted";

/** What is kept under a name, if anything is. @param {string} name */
export function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} text */
export function keep(name, text) {
  try {
    localStorage.setItem(name, text);
  } catch {
    // storage is blocked
  }
}

/** The list that is kept under a name; empty where none is, or what is no longer read. @param {string} name @returns {unknown[]} */
export function remembered(name) {
  try {
    const known = JSON.parse(kept(name) ?? "[]");
    return Array.isArray(known) ? known : [];
  } catch {
    return [];
  }
}

/** @param {string} name @param {unknown[]} list */
export const remember = (name, list) => keep(name, JSON.stringify(list));
