// A convolution that plays by itself on the start page, and that one can paint on. The numbers are the engine's.

/** @import { ArrayChoice } from "./types" */

import { ApiError } from "./api.js";
import { withCell } from "./arrays.js";
import { byRole, findAll, onAction } from "./draw/dom.js";
import { motionAllowed } from "./draw/motion.js";
import { arrayField } from "./fields.js";
import { frame, planesIn } from "./frame.js";
import { Player } from "./player.js";
import { Stage } from "./stage.js";
import { formatState } from "./state.js";
import { TraceTimeline } from "./timeline.js";
import { isAborted, say } from "./words.js";

const RATE = 2; // steps a second
const PAINT = 9;
const OPEN_AT = 11; // a step at which there is something to see, where nothing may move

/** As on the convolution page, so that a link opens there what is shown here. */
const FIELDS = [
  arrayField("input", say("common.input"), { preset: "lesson", size: [3, 3] }),
  arrayField("kernel", say("common.kernel"), { preset: "lesson", size: [2, 2] }),
];

/** @typedef {{ input: ArrayChoice, kernel: ArrayChoice }} Shown */

/** The stage of the start page. */
export class Live {
  player = new Player();
  /** @type {TraceTimeline | null} */ trace = null;
  #request = new AbortController();
  /** @type {number | null} */ #stroke = null;

  /** @param {Shown} shown what it opens with */
  constructor(shown) {
    this.shown = shown;
    const sentence = byRole("live-said");
    this.stage = new Stage(byRole("live-stage"), byRole("live-arithmetic"), {
      edit: ({ edit }, row, col, value) =>
        this.#paint(edit?.field === "kernel" ? "kernel" : "input", row, col, value),
      choose: (step) => this.player.goTo(step),
      pin: () => {},
      say: (text) => void (sentence.textContent = text),
    });
    this.player.rate = RATE;
    this.player.addEventListener("change", () => this.#show());
    onAction("live-play", () => this.player.toggle());
    for (const button of findAll("[data-kernel]", HTMLElement))
      button.addEventListener("click", () => this.#choose(button.dataset["kernel"] ?? ""));
    const { host } = this.stage;
    host.addEventListener("pointerdown", (event) => event.pointerType === "mouse" && this.#draw(event.target, true));
    host.addEventListener("pointerover", (event) => event.buttons === 1 && this.#draw(event.target, false));
    host.addEventListener("click", (event) => this.#click(event), { capture: true });
    host.addEventListener("dblclick", (event) => this.#click(event), { capture: true });
  }

  async start() {
    await this.#load(OPEN_AT);
    if (motionAllowed()) this.player.play();
  }

  /** @param {number} [step] where it is not the one that is shown when the answer comes: somebody may step on meanwhile */
  async #load(step) {
    this.#request.abort();
    this.#request = new AbortController();
    const { input, kernel } = this.shown;
    const body = {
      input: "values" in input ? input.values : input,
      weight: "values" in kernel ? [kernel.values] : kernel,
    };
    try {
      const trace = await TraceTimeline.open({ operation: "conv2d", body }, 0, this.#request.signal);
      const { playing } = this.player;
      this.trace = trace;
      this.player.open(trace.total, step ?? this.player.index);
      if (playing) this.player.play();
    } catch (error) {
      if (error instanceof ApiError) byRole("live-said").textContent = error.message;
      else if (!isAborted(error)) throw error;
    }
  }

  #show() {
    const { trace, player } = this;
    const step = trace?.at(player.index);
    if (!trace || !step) return;
    const shown = frame(trace, step, { weight: "kernel" });
    this.stage.show({ ...shown, links: () => ({}) }, { onwards: player.playing, time: player.time });
    byRole("live-play").textContent = player.playing ? say("common.pause") : say("player.play");
    const link = formatState(FIELDS, this.shown, player.index);
    byRole("live-open").setAttribute("href", `/operations/convolution#${link}`);
  }

  /** A tap is a press and nothing else; the grid is not to open a field for typing on it. @param {MouseEvent} event */
  #click(event) {
    if (!this.stage.spotOf(event.target)) return;
    event.stopPropagation();
    if (event.type === "click" && !("pointerType" in event && event.pointerType === "mouse")) this.#draw(event.target, true);
  }

  /** A press turns a cell over; moving on with the button down gives the cells on the way the same value. @param {EventTarget | null} target @param {boolean} first */
  #draw(target, first) {
    const spot = this.stage.spotOf(target);
    const field = spot?.model.edit?.field;
    if (!spot || (field !== "input" && field !== "kernel")) return;
    const now = this.#planes(field)[0]?.[spot.row]?.[spot.col];
    if (first) this.#stroke = now ? 0 : field === "input" ? PAINT : 1;
    if (this.#stroke !== null && now !== this.#stroke) this.#paint(field, spot.row, spot.col, this.#stroke);
  }

  /** The numbers that a grid has now. @param {"input" | "kernel"} field */
  #planes(field) {
    const choice = this.shown[field];
    if ("values" in choice) return choice.values;
    return planesIn(this.trace?.tensors[field === "kernel" ? "weight" : "input"]);
  }

  /** @param {"input" | "kernel"} field @param {number} row @param {number} col @param {number} value */
  #paint(field, row, col, value) {
    this.shown = { ...this.shown, [field]: withCell(this.#planes(field), 0, row, col, value) };
    if (field === "kernel") this.#press("");
    this.#load();
  }

  /** @param {string} kernel */
  #choose(kernel) {
    this.#press(kernel);
    /** @type {ArrayChoice} */
    const chosen = { preset: kernel, size: [3, 3] };
    this.shown = { ...this.shown, kernel: chosen };
    this.#load();
  }

  /** @param {string} kernel the one whose button is down */
  #press(kernel) {
    for (const button of findAll("[data-kernel]", HTMLElement))
      button.setAttribute("aria-pressed", String(button.dataset["kernel"] === kernel));
  }
}
