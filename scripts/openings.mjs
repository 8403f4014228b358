// What a page asks the server for when its address says nothing, found by letting its own scripts ask.

const requests = [];
const asNothing = { [Symbol.iterator]: () => [].values(), [Symbol.toPrimitive]: () => "" };
const nothing = new Proxy(() => {}, { get: (_, name) => asNothing[name] ?? nothing, apply: () => nothing });
const noPage = new Proxy(() => {}, { get: (_, name) => (name === "querySelector" ? () => null : nothing) });
Object.assign(globalThis, { document: noPage, matchMedia: nothing, fetch: noted });

const { acceptedBy, presets } = await import("../static/js/api.js");
const { OPERATIONS } = await import("../static/js/operations.js");
const { parseState } = await import("../static/js/state.js");
const { answerOf } = await import("../static/js/explorer/model.js");
const { DIGITS, FIELDS: GIVEN } = await import("../static/js/explorer/settings.js");
const { wiringOf } = await import("../static/js/explorer/wires.js");
const { FIELDS: OF_MAPS, wallOf } = await import("../static/js/feature-maps/settings.js");
const { openTimeline } = await import("../static/js/timeline.js");
const { beginning, Checking, examplesOf } = await import("../static/js/training/checking.js");
const { FIELDS, VIEW } = await import("../static/js/training/settings.js");

/** Takes the place of fetch: it notes a request, and never answers. */
function noted(path, init) {
  const { method = "GET", body = "" } = init;
  requests.push({ method, path, accept: acceptedBy(init), body });
  return new Promise(() => {});
}

/** A page that steps through an operation asks for one trace or two, or for what it opens itself. */
async function askOperation(name) {
  const operation = await OPERATIONS[name]();
  const { state } = parseState(operation.fields, "");
  const { signal } = new AbortController();
  operation.open?.(state, 0, signal) ?? openTimeline(operation.request(state), operation.second?.(state), 0, signal);
}

/** The training page asks what there is, what the server makes of the first set-up, and how that begins. */
function askTraining() {
  const { state } = parseState([...FIELDS, ...VIEW], "");
  new Checking(() => undefined).foresee(state);
  presets();
  beginning(state, state.sample, true);
  examplesOf(state.data);
}

/** The page of feature maps asks what there is, and for the maps of the first picture. */
function askMaps() {
  presets();
  wallOf(parseState(OF_MAPS, "").state, new AbortController().signal);
}

/** The start page asks what the network that it shows answers to the first drawing. */
function askHome() {
  const { state } = parseState(GIVEN, "");
  answerOf({ id: DIGITS }, state, new AbortController().signal);
}

/** The explorer asks the same, and which maps feed which. */
function askExplorer() {
  askHome();
  wiringOf(DIGITS, []);
}

/** Pages that are not of an operation, as far as it is known what they ask for. */
const OTHERS = { home: askHome, "feature-maps": askMaps, training: askTraining, explorer: askExplorer };

/** What each page asks for, by its name. @param {string[]} names */
export async function openings(names) {
  const found = {};
  for (const name of names) {
    requests.length = 0;
    if (name in OPERATIONS) await askOperation(name);
    else OTHERS[name]?.();
    found[name] = [...requests];
  }
  return found;
}
