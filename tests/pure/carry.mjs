// Lets scripts find what a page carries of the catalogue: before they are imported.

/** @param {Record<string, unknown>} choices */
export function carry(choices) {
  const querySelector = () => ({ textContent: JSON.stringify(choices) });
  Object.assign(globalThis, { document: { querySelector, addEventListener: () => {} } });
}
