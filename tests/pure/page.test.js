// The life of a page: what is shown of links and changes, what a refusal takes back, and what overtakes what.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { ApiError } from "../../static/js/api.js";
import { choiceField, numberField } from "../../static/js/fields.js";

class FakeElement extends EventTarget {
  hidden = true;
  disabled = false;
  dataset = /** @type {Record<string, string>} */ ({});
  content = { cloneNode: () => null };
  text = /** @type {unknown[]} */ ([]);
  attributes = /** @type {Record<string, string>} */ ({});
  append() {}
  setAttribute(/** @type {string} */ name, /** @type {string} */ value) {
    this.attributes[name] = value;
  }
  removeAttribute(/** @type {string} */ name) {
    delete this.attributes[name];
  }
  replaceChildren(/** @type {unknown[]} */ ...children) {
    this.text = children.filter((child) => typeof child === "string" && child.trim());
  }
}

/** Just as much of a browser as a page's life needs. */
let elements = /** @type {Map<string, FakeElement>} */ (new Map());
const found = (/** @type {string} */ selector) => {
  if (!elements.has(selector)) elements.set(selector, new FakeElement());
  return elements.get(selector);
};
const none = () => [];
Object.assign(globalThis, {
  HTMLElement: FakeElement,
  HTMLButtonElement: FakeElement,
  HTMLDetailsElement: FakeElement,
  HTMLTemplateElement: FakeElement,
  document: Object.assign(new EventTarget(), {
    documentElement: new FakeElement(),
    head: new FakeElement(),
    querySelector: found,
    querySelectorAll: none,
    createElement: () => new FakeElement(),
  }),
  requestAnimationFrame: (/** @type {() => void} */ run) => run(),
});
const { Page } = await import("../../static/js/page.js");

/** What is to be done in a second or more: a test says when. */
let later = /** @type {(() => unknown)[]} */ ([]);
const soon = globalThis.setTimeout;
Object.assign(globalThis, { setTimeout: (/** @type {() => void} */ run, ms = 0) => (ms < 1000 ? soon(run, ms) : later.push(run)) });

let globals = new EventTarget();
beforeEach(() => {
  later = [];
  elements = new Map();
  globals = new EventTarget();
  globalThis.addEventListener = globals.addEventListener.bind(globals);
  /** @type {any} */ (globalThis).window = globalThis;
  /** @type {any} */ (globalThis).location = { hash: "", pathname: "/page", search: "" };
  /** @type {any} */ (globalThis).history = { replaceState: (/** @type {any} */ _, /** @type {any} */ __, /** @type {string} */ to) => (location.hash = to) };
});

const FIELDS = [numberField("bias", "Bias", 0), choiceField("kind", "Kind", "plain", ["plain", "gather", "odd"])];
const REFUSED = new ApiError("a bias of 9 is too much", 422, [{ field: "bias", message: "9 is too much" }]);
const SILENT = new ApiError("The server does not answer.", 0);
const ASKS_AGAIN = "The server does not answer. What you set is kept, and is shown as soon as it does.";
const GONE = new ApiError("the photo is gone", 404);

/** A page whose answers are its settings; those that are listed are refused, those in `held` answered when one says so. */
function make(/** @type {Record<string, any>} */ options = {}) {
  const log = /** @type {string[]} */ ([]);
  const held = /** @type {Map<string, () => void>} */ (new Map());
  const labelOf = (/** @type {any} */ { bias, kind }) => `${kind} ${bias}`;
  /** @type {any} */
  const subject = {
    fields: FIELDS,
    refusals: {},
    hold: [],
    fragment: () => `bias=${page.store.state.bias}`,
    async read(/** @type {string} */ fragment) {
      const { parseState } = await import("../../static/js/state.js");
      const { state, step, problems } = parseState(FIELDS, fragment);
      return { state, view: { step }, problems };
    },
    showSettings: () => log.push(`settings ${labelOf(page.store.state)}`),
    async ask(/** @type {any} */ state, /** @type {AbortSignal} */ signal, /** @type {any} */ view) {
      log.push(`ask ${labelOf(state)}${view?.step ? ` at ${view.step}` : ""}`);
      if (subject.hold.includes(labelOf(state))) await new Promise((go) => held.set(labelOf(state), () => go(null)));
      signal.throwIfAborted();
      const refusal = subject.refusals[labelOf(state)];
      if (refusal) throw refusal;
      return state;
    },
    show: (/** @type {any} */ answer, /** @type {any} */ view) => log.push(`show ${labelOf(answer)}${view ? ` at ${view.step}` : ""}`),
    opened: (/** @type {any} */ { step }, /** @type {string[]} */ problems) => {
      log.push(`opened at ${step}`);
      if (step > 5) problems.push("no such step");
    },
    ...options,
  };
  const page = new Page(subject);
  const box = () => /** @type {FakeElement} */ (found('[data-role="message"]'));
  return {
    page,
    subject,
    log,
    held,
    /** what was logged since it was last looked at */
    since: () => log.splice(0),
    message: () => (box().hidden ? [] : found('[data-role="message-text"]')?.text),
    settle: () => new Promise((go) => setTimeout(go)),
  };
}

test("a page is busy from a link on until what it asks for is shown, or the last of several", async () => {
  const { page, subject, held, settle } = make({ refusals: { "plain 9": REFUSED } });
  const isBusy = () => found("main")?.attributes["aria-busy"] === "true";
  subject.hold = ["plain 1", "plain 2"];
  const first = page.open("#bias=1");
  await settle();
  const second = page.open("#bias=2");
  await settle();
  held.get("plain 1")?.();
  await first;
  assert.ok(isBusy());
  held.get("plain 2")?.();
  await second;
  assert.ok(!isBusy());
  const refused = page.open("#bias=9");
  assert.ok(isBusy());
  await refused;
  assert.ok(!isBusy());
});

test("a link is read, asked for and shown, and then looked at", async () => {
  const { page, since, message } = make();
  await page.open("#bias=2&step=3");
  assert.deepEqual(since(), ["settings plain 2", "ask plain 2 at 3", "show plain 2 at 3", "settings plain 2", "opened at 3"]);
  assert.deepEqual(message(), []);
  assert.equal(page.store.canUndo, false);
});

test("a link that is followed on the page is taken back by Undo", async () => {
  const { page, since, settle } = make();
  await page.open("#bias=2");
  await page.open("#kind=odd");
  since();
  page.store.undo();
  await settle();
  assert.deepEqual([page.store.state, page.store.canUndo], [{ bias: 2, kind: "plain" }, false]);
  assert.ok(since().includes("show plain 2"));
});

test("what is wrong with a link is said, and the rest is shown", async () => {
  const { page, since, message } = make();
  await page.open("#bias=2&kind=none&colour=red&step=7");
  assert.ok(since().includes("show plain 2 at 7"));
  assert.deepEqual(message(), [
    "This link cannot be shown as it is.",
    "Kind: “none” is none of the choices.",
    "There is no setting “colour” here.",
    "no such step",
    "What could not be read is as the page opens with it.",
  ]);
});

test("of a link that is refused the settings at fault give way", async () => {
  const { page, subject, since, message } = make();
  subject.refusals = { "gather 9": REFUSED };
  await page.open("#bias=9&kind=gather&step=2");
  assert.deepEqual(since().filter((line) => !line.startsWith("settings")), ["ask gather 9 at 2", "ask gather 0", "show gather 0", "opened at 2"]);
  assert.equal(document.documentElement.dataset["address"], "behind"); // it is to say what is shown
  assert.deepEqual(message(), [
    "This link cannot be shown as it is.",
    "Bias: 9 is too much.",
    "What could not be read is as the page opens with it.",
  ]);
});

test("a link that nothing helps stays as it is, and why is said", async () => {
  const { page, subject, message } = make();
  subject.refusals = { "gather 9": REFUSED, "gather 0": REFUSED, "plain 9": REFUSED };
  await page.open("#bias=9&kind=gather");
  assert.deepEqual(page.store.state, { bias: 9, kind: "gather" });
  assert.deepEqual(message(), [REFUSED.message]);
});

for (const error of [SILENT, GONE])
  test(`nothing gives way where “${error.message}”`, async () => {
    const { page, subject, since, message } = make();
    subject.refusals = { "gather 9": error };
    await page.open("#bias=9&kind=gather&oops=1");
    assert.deepEqual(since(), ["settings gather 9", "ask gather 9"]);
    assert.deepEqual(message(), ["There is no setting “oops” here.", error === SILENT ? ASKS_AGAIN : error.message]);
    assert.deepEqual(page.store.state, { bias: 9, kind: "gather" });
  });

test("a link that is opened meanwhile overtakes the one before", async () => {
  const { page, subject, held, since, settle } = make();
  subject.hold = ["plain 1"];
  const first = page.open("#bias=1&step=1");
  await settle();
  await page.open("#bias=2&step=2");
  held.get("plain 1")?.();
  await first;
  assert.deepEqual(since().filter((line) => !line.startsWith("settings")), ["ask plain 1 at 1", "ask plain 2 at 2", "show plain 2 at 2", "opened at 2"]);
});

test("a change that is made while a link opens overtakes it", async () => {
  const { page, subject, held, since, settle } = make();
  subject.hold = ["plain 1"];
  const first = page.open("#bias=1&step=3");
  await settle();
  await page.change({ kind: "odd" });
  held.get("plain 1")?.();
  await first;
  assert.deepEqual(since().filter((line) => !line.startsWith("settings")), ["ask plain 1 at 3", "ask odd 1", "show odd 1"]);
});

test("a change is shown, and what was said before is gone", async () => {
  const { page, since, message } = make();
  await page.open("#oops=1");
  since();
  assert.equal(await page.change({ bias: 4 }), undefined);
  assert.deepEqual(since(), ["settings plain 4", "ask plain 4", "show plain 4", "settings plain 4"]);
  assert.deepEqual(message(), []);
});

test("a change that is refused is taken back and said", async () => {
  const { page, subject, since, message } = make();
  await page.open("");
  await page.change({ bias: 4 });
  since();
  subject.refusals = { "plain 9": REFUSED };
  assert.equal(await page.change({ bias: 9 }), REFUSED);
  assert.deepEqual(since(), ["settings plain 9", "ask plain 9", "settings plain 4"]);
  assert.deepEqual(message(), [REFUSED.message, "What you had is kept."]);
  page.store.undo();
  assert.equal(page.store.state["bias"], 0);
});

test("what gives way to a change is a part of it, and comes back with Undo", async () => {
  const givingWay = (/** @type {any} */ _, /** @type {any} */ before, /** @type {ApiError} */ error) =>
    before.kind === "gather" && error === REFUSED ? { kind: "plain" } : undefined;
  const { page, subject, message } = make({ givingWay });
  await page.open("#kind=gather&bias=2");
  subject.refusals["gather 9"] = REFUSED;
  await page.change({ bias: 9 });
  assert.deepEqual([page.store.state, message()], [{ bias: 9, kind: "plain" }, []]);
  page.store.undo();
  assert.deepEqual([page.store.state, page.store.canUndo], [{ bias: 2, kind: "gather" }, false]);
});

test("of a gesture only what is refused is taken back", async () => {
  const { page, subject } = make();
  await page.open("");
  subject.refusals = { "plain 9": REFUSED };
  await page.change({ bias: 4 }, "drag");
  await page.change({ bias: 9 }, "drag");
  assert.equal(page.store.state["bias"], 4);
  page.store.undo();
  assert.equal(page.store.state["bias"], 0);
});

test("a refusal takes back what it overtook as well: the page says what it shows", async () => {
  const { page, subject, held, settle } = make();
  await page.open("");
  subject.hold = ["plain 4"];
  subject.refusals = { "odd 4": REFUSED };
  const first = page.change({ bias: 4 });
  await page.change({ kind: "odd" });
  held.get("plain 4")?.();
  await first;
  await settle();
  assert.deepEqual(page.store.state, { bias: 0, kind: "plain" });
  assert.equal(page.store.canUndo, false);
});

for (const error of [SILENT, GONE])
  test(`a change is kept where “${error.message}”`, async () => {
    const { page, subject, message } = make();
    await page.open("");
    subject.refusals = { "plain 4": error };
    assert.equal(await page.change({ bias: 4 }), error);
    assert.equal(page.store.state["bias"], 4);
    assert.deepEqual(message(), [error === SILENT ? ASKS_AGAIN : error.message]);
    subject.refusals = { "odd 4": REFUSED };
    await page.change({ kind: "odd" }); // what is refused next takes itself back alone
    assert.deepEqual(page.store.state, { bias: 4, kind: "plain" });
  });

test("an answer that was overtaken is not shown", async () => {
  const { page, subject, held, since } = make();
  await page.open("");
  since();
  subject.hold = ["plain 1"];
  const first = page.change({ bias: 1 });
  await page.change({ bias: 2 });
  held.get("plain 1")?.();
  await first;
  assert.deepEqual(since().filter((line) => line.startsWith("show")), ["show plain 2"]);
});

test("a page may say by itself what is refused, and keeps it", async () => {
  const refused = /** @type {string[]} */ ([]);
  const { page, subject, message } = make({ refuse: (/** @type {ApiError} */ error) => refused.push(error.message) });
  subject.refusals = { "plain 9": REFUSED, "plain 4": SILENT };
  await page.open("#bias=9&oops=1");
  assert.deepEqual(refused, [REFUSED.message]);
  assert.deepEqual(message(), ["This link cannot be shown as it is.", "There is no setting “oops” here.", "What could not be read is as the page opens with it."]);
  await page.change({ bias: 4 });
  assert.deepEqual(message(), [ASKS_AGAIN]);
  await page.change({ bias: 9 });
  assert.equal(page.store.state["bias"], 9);
  assert.deepEqual(refused, [REFUSED.message, REFUSED.message]);
});

test("the address follows, and is followed", async () => {
  const { page, since, settle } = make();
  await page.open("");
  await page.change({ bias: 4 });
  assert.equal(document.documentElement.dataset["address"], "behind");
  page.address.write();
  assert.equal(location.hash, "#bias=4");
  assert.equal(document.documentElement.dataset["address"], "current");
  since();
  location.hash = "#bias=5";
  globals.dispatchEvent(new Event("hashchange"));
  globals.dispatchEvent(new Event("popstate")); // going back fires both
  await settle();
  await page.opening;
  assert.deepEqual(since().filter((line) => line.startsWith("ask")), ["ask plain 5"]);
});

test("what is written while a link is read is not what the address says in the end", async () => {
  const { page } = make();
  await page.open("");
  location.hash = "#bias=5";
  globals.dispatchEvent(new Event("hashchange"));
  page.address.schedule(); // a person looks at something else, whose place the link's takes
  page.address.write();
  assert.equal(location.hash, "#bias=0");
  await page.opening;
  page.address.write();
  assert.equal(location.hash, "#bias=5");
});

test("a page is ready when all its parts are there, or are said to be missing", async () => {
  const { page, message, log } = make();
  location.hash = "#bias=3";
  await page.start(async () => log.push("one"), () => Promise.reject(new TypeError("no module")), async () => log.push("two"));
  assert.deepEqual(log.filter((line) => !line.startsWith("settings")), ["ask plain 3", "show plain 3 at 0", "opened at 0", "one", "two"]);
  assert.deepEqual(message(), ["A part of this page could not be loaded; load the page again when the server answers."]);
  assert.equal(document.documentElement.dataset["ready"], "true");
});

const BUSY = new ApiError("The server has too much to do.", 503);

test("what was set while no answer came is asked for again where a refusal goes back to it", async () => {
  const { page, subject, since, message } = make();
  await page.open("");
  subject.refusals = { "plain 4": SILENT, "odd 4": REFUSED };
  await page.change({ bias: 4 });
  subject.refusals = { "odd 4": REFUSED };
  since();
  await page.change({ kind: "odd" });
  assert.deepEqual(since().filter((line) => !line.startsWith("settings")), ["ask odd 4", "ask plain 4", "show plain 4"]);
  assert.deepEqual(message(), [REFUSED.message, "What you had is kept."]);
});

test("a server that did not answer is asked again, until it does", async () => {
  const { page, subject, since, message } = make();
  await page.open("");
  subject.refusals = { "plain 4": SILENT };
  await page.change({ bias: 4 });
  await later.shift()?.();
  assert.deepEqual(message(), [ASKS_AGAIN]);
  subject.refusals = {};
  since();
  await later.shift()?.();
  assert.deepEqual(since(), ["ask plain 4", "show plain 4", "settings plain 4"]);
  assert.deepEqual(message(), []);
  assert.equal(later.length, 0);
});

test("what a link was wrong in is still said when the server answers after all", async () => {
  const { page, subject, since, message } = make();
  subject.refusals = { "plain 2": SILENT };
  await page.open("#bias=2&step=1&oops=1");
  subject.refusals = {};
  since();
  await later.shift()?.();
  assert.deepEqual(since(), ["ask plain 2 at 1", "show plain 2 at 1", "settings plain 2", "opened at 1"]);
  assert.deepEqual(message(), ["There is no setting “oops” here."]);
});

test("a link about which a server did not answer is opened again, unless another was opened meanwhile", async () => {
  const { page, subject, since, message } = make();
  const { read } = subject;
  subject.read = async () => Promise.reject(SILENT);
  await page.open("#bias=2");
  assert.deepEqual(message(), [ASKS_AGAIN]);
  subject.read = read;
  await later.shift()?.();
  assert.deepEqual(since().at(-1), "opened at 0");
  assert.deepEqual([page.store.state["bias"], message()], [2, []]);
  subject.read = async () => Promise.reject(SILENT);
  await page.open("#bias=3");
  subject.read = read;
  await page.open("#bias=4");
  since();
  await later.shift()?.();
  assert.deepEqual(since(), []);
});

test("nothing is asked again that was set otherwise meanwhile, and a refusal takes it back", async () => {
  const { page, subject, since, message } = make();
  await page.open("");
  subject.refusals = { "plain 4": SILENT, "plain 5": SILENT };
  await page.change({ bias: 4 });
  await page.change({ bias: 5 });
  since();
  await later.shift()?.();
  assert.deepEqual(since(), []);
  subject.refusals = { "plain 5": REFUSED };
  await later.shift()?.();
  assert.deepEqual(page.store.state, { bias: 0, kind: "plain" });
  assert.deepEqual(message(), [REFUSED.message, "What you had is kept."]);
});

test("what was set while no answer came gives way to what is shown where it is refused in turn", async () => {
  const { page, subject, message } = make();
  await page.open("");
  subject.refusals = { "plain 4": SILENT, "odd 4": REFUSED };
  await page.change({ bias: 4 });
  subject.refusals = { "plain 4": REFUSED, "odd 4": REFUSED };
  await page.change({ kind: "odd" });
  assert.deepEqual(page.store.state, { bias: 0, kind: "plain" });
  assert.deepEqual(message(), [REFUSED.message, "What you had is kept."]);
});

test("a refusal goes back to no link that was refused itself", async () => {
  const { page, subject } = make();
  await page.open("#bias=2");
  subject.refusals = { "gather 9": REFUSED, "gather 0": REFUSED, "plain 9": REFUSED, "odd 9": REFUSED };
  await page.open("#bias=9&kind=gather");
  await page.change({ kind: "odd" });
  assert.deepEqual(page.store.state, { bias: 2, kind: "plain" }); // which is shown
});

test("a link that nothing helps shows its own settings", async () => {
  const { page, subject, since } = make();
  subject.refusals = { "gather 9": REFUSED, "gather 0": REFUSED, "plain 9": REFUSED };
  await page.open("#bias=9&kind=gather");
  assert.equal(since().at(-1), "settings gather 9");
});

test("a server that is busy refuses nothing", async () => {
  const { page, subject, since, message } = make();
  subject.refusals = { "gather 9": BUSY, "odd 9": BUSY };
  await page.open("#bias=9&kind=gather");
  assert.deepEqual(since(), ["settings gather 9", "ask gather 9"]);
  await page.change({ kind: "odd" });
  assert.deepEqual(page.store.state, { bias: 9, kind: "odd" });
  assert.deepEqual(message(), [BUSY.message]);
});

test("a link that is mended while the server goes away blames nothing", async () => {
  const { page, subject, message } = make();
  subject.refusals = { "plain 9": REFUSED, "plain 0": SILENT };
  await page.open("#bias=9");
  assert.deepEqual(message(), [ASKS_AGAIN]);
  assert.equal(page.store.state["bias"], 9);
});

test("what a link looks at waits until something is shown", async () => {
  const { page, subject, since, message } = make();
  subject.refusals = { "plain 2": SILENT };
  await page.open("#bias=2&step=7");
  assert.deepEqual(page.view, { step: 7 });
  since();
  await page.change({ bias: 3 });
  assert.deepEqual(since(), ["settings plain 3", "ask plain 3 at 7", "show plain 3 at 7", "settings plain 3", "opened at 7"]);
  assert.deepEqual(message(), ["no such step"]);
  await page.change({ bias: 4 });
  assert.ok(since().includes("show plain 4"));
});

test("a change that is made while a link is mended overtakes that too", async () => {
  const { page, subject, since } = make();
  subject.refusals = { "gather 9": REFUSED };
  let change = /** @type {Promise<unknown> | null} */ (null);
  subject.failed = () => (change ??= page.change({ kind: "odd" }));
  await page.open("#bias=9&kind=gather");
  await change;
  assert.deepEqual(page.store.state, { bias: 9, kind: "odd" });
  assert.deepEqual(since().filter((line) => line.startsWith("show")), ["show odd 9"]);
});
