// What this browser keeps for itself, as lists by name; they are never sent.

export const TESTED = "tested-runs";
export const MET = "tasks-met";
export const PREDICTED = "predicted";

/** The list that is kept under a name; empty where the browser keeps nothing, or what is no longer read. @param {string} name @returns {unknown[]} */
export function remembered(name) {
  try {
    const known = JSON.parse(localStorage.getItem(name) ?? "[]");
    return Array.isArray(known) ? known : [];
  } catch {
    return [];
  }
}

/** Keep a list; where the browser keeps nothing, it lasts as long as the page. @param {string} name @param {unknown[]} list */
export function remember(name, list) {
  try {
    localStorage.setItem(name, JSON.stringify(list));
  } catch {
    // storage is blocked
  }
}
