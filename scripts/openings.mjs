// What a page asks the server for when its address says nothing, found by letting its own scripts ask.

const asked = [];
const nothing = new Proxy(() => {}, { get: (_, name) => (name === Symbol.iterator ? () => [].values() : nothing), apply: () => nothing });
Object.assign(globalThis, { document: nothing, matchMedia: nothing, fetch: noted });

const { presets } = await import("../static/js/api.js");
const { OPERATIONS } = await import("../static/js/operations.js");
const { parseState } = await import("../static/js/state.js");
const { openTimeline } = await import("../static/js/timeline.js");

/** Takes the place of fetch: it notes what is asked, and never answers. */
function noted(path, { method = "GET", body = "" } = {}) {
  asked.push({ method, path, body });
  return new Promise(() => {});
}

/** The requests of a page that steps through an operation. @param {string} name */
async function ofOperation(name) {
  const operation = await OPERATIONS[name]();
  const { state } = parseState(operation.fields, "");
  openTimeline(operation.request(state), operation.second?.(state), 0, new AbortController().signal);
}

/** The pages that are not of an operation, as far as it is known what they ask for. @type {Record<string, () => unknown>} */
const OTHERS = { "feature-maps": presets, training: presets };

/** What each page asks for, by its name. @param {string[]} names */
export async function openings(names) {
  const found = {};
  for (const name of names) {
    asked.length = 0;
    if (name in OPERATIONS) await ofOperation(name);
    else OTHERS[name]?.();
    found[name] = [...asked];
  }
  return found;
}
