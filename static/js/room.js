// The page of the room's owner: every run, what can be done with it, and the end of the lesson.

/** @import { Answered } from "./types" */

import { post, send } from "./api.js";
import { askFirst } from "./ask-first.js";
import { buttonTo, byRole, el, find, findAll } from "./draw/dom.js";
import { grouped } from "./format.js";
import { markFirstFrame, markReady, startShell } from "./shell.js";
import { STATES } from "./states.js";
import { messageOf, say } from "./words.js";

const LOOK_MS = 2000;
/** @type {Record<string, (count: number) => string>} */
const KINDS = {
  runs: (count) => say("room.runs", { count }),
  uploads: (count) => say("room.uploads", { count }),
  kept: (count) => say("room.kept", { count }),
  links: (count) => say("room.links", { count }),
  models: (count) => say("room.models", { count }),
};

/** @typedef {Answered<"/api/room", "get">} Overview */
/** @typedef {Overview["runs"][number]} RoomRun */

/** @param {RoomRun} run */
const isOpen = (run) => ["queued", "running", "paused"].includes(run.state);

/** @param {RoomRun} run */
const titleOf = (run) => say("room.run_title", { name: run.name || run.dataset, person: run.person });

/** @param {RoomRun} run */
function progressOf(run) {
  const state = run.state === "queued" && run.place ? say("room.waiting_at", { place: run.place }) : STATES[run.state];
  const parts = [state, say("room.step_of", { step: grouped(run.step), total_steps: grouped(run.total_steps) })];
  if (run.state === "paused" && !run.has_place) parts.push(say("room.no_place"));
  if (isOpen(run) && !run.watched) parts.push(say("room.nobody_watches"));
  if (!run.this_lesson) parts.push(say("room.before_lesson"));
  return parts.join(" · ");
}

/** @param {Overview["made"]} made */
function madeSentence(made) {
  const parts = Object.entries(made).map(([kind, count]) => KINDS[kind](count));
  return say("room.made", { parts: parts.join(", ") });
}

class Row {
  /** @param {RoomRun} run @param {(command: string, runs: string[]) => void} act */
  constructor(run, act) {
    this.run = run;
    this.title = el("a", { href: `/training#run=${run.id}` });
    this.note = el("span", { class: "field-note" });
    this.pause = this.#button(say("common.pause"), () => act(this.run.state === "paused" ? "resume" : "pause", [run.id]));
    this.free = this.#button(say("room.free_place"), () => act("free", [run.id]));
    this.stop = this.#button(say("room.stop"), () => act("stop", [run.id]));
    const remove = el("button", { type: "button", class: "button quiet", "data-asks": say("common.delete_for_good") }, say("common.delete"));
    remove.setAttribute("aria-describedby", `run-${run.id}`);
    askFirst(remove, () => act("delete", [run.id]));
    const buttons = el("span", { class: "row-buttons" }, this.pause, this.free, this.stop, remove);
    this.node = el("li", {}, el("span", { class: "room-name", id: `run-${run.id}` }, this.title), this.note, buttons);
    this.show(run);
  }

  /** @param {string} words @param {() => void} act */
  #button(words, act) {
    return buttonTo(act, { "aria-describedby": `run-${this.run.id}` }, words);
  }

  /** @param {RoomRun} run */
  show(run) {
    this.run = run;
    write(this.title, titleOf(run));
    write(this.note, progressOf(run));
    write(this.pause, run.state === "paused" ? say("common.resume") : say("common.pause"));
    for (const button of [this.pause, this.stop]) button.hidden = !isOpen(run);
    this.free.hidden = !run.has_place;
  }
}

/** @param {HTMLElement} node @param {string} text */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

class Owner {
  /** @type {Map<string, Row>} */ #rows = new Map();
  #looks = 0;
  #failed = ""; // why the last act did nothing: it stands until the next

  async look() {
    const look = ++this.#looks;
    try {
      const seen = await (await send("/api/room")).json();
      if (look === this.#looks) this.#show(seen); // an older answer may come later
    } catch (error) {
      this.complain(messageOf(error));
    }
  }

  /** @param {Overview} seen */
  #show({ places, runs, made, trouble }) {
    const count = (/** @type {string} */ state) => runs.filter((run) => run.state === state).length;
    const parts = [
      say("room.learning", { count: count("running") }),
      say("room.waiting", { count: count("queued") }),
      say("room.paused", { count: count("paused") }),
    ];
    write(byRole("places"), say("room.places", { taken: places.taken, at_once: places.at_once, parts: parts.join(", ") }));
    write(byRole("made"), madeSentence(made));
    byRole("none").hidden = runs.length > 0;
    const rows = runs.map((run) => this.#row(run));
    this.#rows = new Map(rows.map((row) => [row.run.id, row]));
    const list = byRole("runs");
    if (rows.some(({ node }, index) => list.children[index] !== node) || list.children.length !== rows.length) {
      const focused = document.activeElement;
      list.replaceChildren(...rows.map(({ node }) => node));
      if (focused instanceof HTMLElement && list.contains(focused)) focused.focus();
    }
    this.complain(this.#failed || (trouble ?? ""));
  }

  /** @param {RoomRun} run */
  #row(run) {
    const known = this.#rows.get(run.id);
    known?.show(run);
    return known ?? new Row(run, (command, runs) => this.act(() => post("/api/room/commands", { command, runs })));
  }

  /** @param {string} sentence */
  complain(sentence) {
    const message = byRole("message");
    write(message, sentence);
    message.hidden = !sentence;
  }

  /** @param {() => Promise<Response>} ask */
  async act(ask) {
    try {
      const { done } = await (await ask()).json();
      this.#failed = done ? "" : say("room.nothing_done");
    } catch (error) {
      this.#failed = messageOf(error);
    }
    await this.look();
  }
}

const owner = new Owner();

for (const button of findAll("[data-all]", HTMLButtonElement)) {
  const command = button.dataset["all"];
  const act = () => owner.act(() => post("/api/room/commands", { command }));
  if (button.dataset["asks"]) askFirst(button, act);
  else button.addEventListener("click", act);
}
const end = find('[data-action="end"]', HTMLButtonElement);
askFirst(end, () => owner.act(() => send("/api/room/lesson", { method: "DELETE" })));

startShell();
await owner.look();
markFirstFrame();
markReady();
window.setInterval(() => {
  if (document.visibilityState === "visible") owner.look();
}, LOOK_MS);
