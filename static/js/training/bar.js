// The bar under the stage: Start, Pause and Resume in one large button, one step, slow motion, stop, and the progress.

/** @import { Run, Turned } from "./run.js" */

import { byRole, el, find, onAction } from "../draw/dom.js";
import { isTyping } from "../shell.js";
import { say } from "../words.js";
import { progressLine } from "./words.js";

/** @typedef {{ start: () => void, command: (command: string, values?: Turned) => void }} BarEvents */

const actionNode = (/** @type {string} */ action) => find(`[data-action="${action}"]`, HTMLButtonElement);

export class Bar {
  /** @type {Run | null} */ #run = null;
  #impossible = "";
  #starting = false;
  /** Into the present step of a run that stands still: the page of backpropagation with its weights, on a picture of its batch. */
  #inside = el("a", { class: "button", "data-role": "inside", hidden: true }, say("training.look_inside"));

  /** @param {BarEvents} events */
  constructor(events) {
    this.events = events;
    this.go = actionNode("go");
    onAction("go", () => this.#go());
    onAction("anew", () => events.start());
    onAction("step", () => this.#step());
    onAction("slow", () => this.#slow());
    onAction("stop", () => events.command("stop"));
    document.addEventListener("keydown", (event) => this.#onKey(event));
    const [bar, studio] = [find(".run-bar", HTMLElement), byRole("studio")];
    find(".run-buttons", HTMLElement, bar).append(this.#inside);
    new ResizeObserver(() => studio.style.setProperty("--dock", `${bar.offsetHeight}px`)).observe(bar); // where it lies over the page
  }

  /** @param {boolean} starting */
  setStarting(starting) {
    this.#starting = starting;
    this.show(this.#run, this.#impossible);
  }

  /** @param {Run | null} run @param {string} impossible why nothing can be started */
  show(run, impossible) {
    this.#run = run;
    this.#impossible = impossible;
    const going = Boolean(run && !run.over);
    const mine = Boolean(run?.commandable);
    const paused = run?.info.state === "paused";
    const queued = run?.info.state === "queued";
    const starts = !going || !mine;
    const watches = Boolean(run && !(going ? mine : run.info.mine)); // whoever looks on is not asked to start something, not even at the end
    byRole("go-text").textContent = watches ? say("training.go_own") : starts ? say("training.go") : paused ? say("common.resume") : say("common.pause");
    this.go.classList.toggle("primary", !watches);
    this.go.classList.toggle("go", !watches);
    byRole("go-play").hidden = !starts && !paused;
    byRole("go-pause").hidden = starts || paused;
    this.go.disabled = starts ? Boolean(impossible) || this.#starting : queued;
    this.go.title = starts ? impossible || say("training.go_title") : say("training.space");
    actionNode("anew").hidden = starts;
    actionNode("anew").disabled = Boolean(impossible) || this.#starting;
    for (const action of ["step", "slow", "stop"]) actionNode(action).hidden = !going || !mine;
    actionNode("step").disabled = queued;
    actionNode("slow").disabled = queued;
    actionNode("slow").setAttribute("aria-pressed", String(Boolean(run?.info.slow_motion)));
    actionNode("step").textContent = run?.info.slow_motion ? say("training.next_phase") : say("training.one_step");
    this.#inside.hidden = !run || !(run.over || paused); // elsewhere the weights change meanwhile
    if (run) this.#inside.href = `/backpropagation#run=${run.info.id}`;
    this.#progress(run);
  }

  /** @param {Run | null} run */
  #progress(run) {
    const bar = find('[data-role="progress"]', HTMLProgressElement);
    bar.hidden = !run;
    byRole("progress-line").textContent = run ? progressLine(run.info) : "";
    if (!run) return;
    bar.dataset["state"] = run.info.state;
    bar.dataset["step"] = String(run.info.step);
    bar.max = Math.max(1, run.info.total_steps);
    bar.value = Math.min(run.info.step, bar.max);
  }

  #go() {
    const run = this.#run;
    if (!run || run.over || !run.commandable) this.events.start();
    else this.events.command(run.info.state === "paused" ? "resume" : "pause");
  }

  #step() {
    if (this.#run?.info.state === "running") this.events.command("pause");
    this.events.command("step");
  }

  /** What a remote control does: start, then go on step by step. */
  next() {
    if (this.#run && !this.#run.over) return this.#run.commandable && this.#step();
    return this.go.disabled || this.#go();
  }

  /** Hold, and go on. */
  hold() {
    if (this.#run && !this.#run.over && this.#run.commandable && !this.go.disabled) this.#go();
  }

  #slow() {
    const run = this.#run;
    if (!run) return;
    if (run.info.state === "running" && !run.info.slow_motion) this.events.command("pause");
    this.events.command("set", { slow_motion: !run.info.slow_motion });
  }

  /** Space: the large button. Right: one step. @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (isTyping(target) || target instanceof HTMLInputElement) return;
    if (event.key === " " && !target.matches("button, summary, a[href]") && !this.go.disabled && this.go.matches(".go")) {
      event.preventDefault();
      this.#go();
    }
    const elsewhere = target.matches("[role=application], [role=gridcell], .tile, .layer-handle");
    if (event.key === "ArrowRight" && !elsewhere && this.#run && !this.#run.over && this.#run.commandable) {
      event.preventDefault();
      this.#step();
    }
  }
}
