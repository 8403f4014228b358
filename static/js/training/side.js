// Several runs side by side on one clock: how the batch size changes the noise, the steps, the time and the memory.

/** @import { State } from "../types" */
/** @import { Drawn } from "./curves.js" */

import { LineChart } from "../draw/chart.js";
import { byRole, el } from "../draw/dom.js";
import { strongest } from "../draw/scale.js";
import { grouped, number, percent } from "../format.js";
import { STATES } from "../states.js";
import { say } from "../words.js";
import { settingsOf } from "./fields.js";
import { Run } from "./run.js";
import { duration } from "./words.js";

const BATCHES = [1, 32, null];
const MIDDLE = 1; // the one whose steps a second the dial tells
const SLOWEST = 0.05;
const FASTEST = 100_000;
const DRAW_MS = 100;
const CLOCKS = {
  update: { choice: say("training.by_update"), line: say("training.update_line"), at: (/** @type {string} */ x) => say("training.update_x", { x }) },
  epoch: { choice: say("training.by_epoch"), line: say("training.epoch_line"), at: (/** @type {string} */ x) => say("training.epoch_x", { x }) },
};

/** @typedef {keyof typeof CLOCKS} Clock */

/** @param {number} bytes */
const memoryText = (bytes) => (bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

/**
 * Steps a second of one of them: together they go through the data at one pace.
 * @param {number | null} speed that of the middle one @param {number} each its own updates an epoch @param {number} middle those of the middle one
 */
const paceOf = (speed, each, middle) => (speed === null ? null : Math.min(FASTEST, Math.max(SLOWEST, (speed * each) / middle)));

/** @param {number | null} batch null is all of them @param {number} samples */
const titleOf = (batch, samples) => (batch === null ? say("training.whole_set_title", { samples: grouped(samples) }) : say("training.batch_title", { batch }));

/** The one in the middle, or where that is over, the first that goes on. @param {Run[]} runs */
export function middleOf(runs) {
  const middle = runs[MIDDLE] ?? null;
  return middle?.over ? (runs.find((run) => !run.over) ?? middle) : middle;
}

/** @typedef {{ run: Run, chart: LineChart, facts: HTMLElement }} Lane */

export class SideBySide {
  lanes = /** @type {Lane[]} */ ([]);
  #clock = /** @type {Clock} */ ("epoch");
  #timer = 0;

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    const chips = /** @type {Clock[]} */ (Object.keys(CLOCKS)).map((clock) => {
      const input = el("input", { type: "radio", name: "clock" });
      input.checked = clock === this.#clock;
      input.addEventListener("change", () => {
        this.#clock = clock;
        this.#draw();
      });
      return el("label", { class: "chip" }, input, CLOCKS[clock].choice);
    });
    byRole("clock").replaceChildren(...chips);
  }

  /** Where they are, in a sentence; none where nothing runs. */
  get sentence() {
    if (!this.lanes.length) return "";
    if (this.over) return say("training.side_done");
    return say("training.side_going");
  }

  /** @returns {string[]} */
  get ids() {
    return this.lanes.map(({ run }) => run.info.id);
  }

  /** The run that the dials tell of. */
  get middle() {
    return middleOf(this.lanes.map(({ run }) => run));
  }

  get over() {
    return this.lanes.every(({ run }) => run.over);
  }

  /** The same run with each of the batch sizes. @param {State} state @param {number} training */
  async start(state, training) {
    const runs = /** @type {Run[]} */ ([]);
    const samples = state["samples"] ?? training;
    const updates = BATCHES.map((batch) => Math.ceil(samples / (batch ?? samples)));
    try {
      for (const [index, batch] of BATCHES.entries()) {
        const name = batch === null ? say("training.whole_set") : say("training.a_batch", { batch });
        const speed = paceOf(state["speed"], updates[index] ?? 1, updates[MIDDLE] ?? 1);
        runs.push(await Run.start({ ...settingsOf({ ...state, batch, speed }, training), name }));
      }
    } catch (error) {
      for (const run of runs) await run.remove().catch(() => {}); // one alone shows nothing
      throw error;
    }
    this.#show(runs);
  }

  /** Three that wait for their start. @param {number} samples of the whole set */
  plan(samples) {
    if (this.lanes.length) return;
    const plot = () => el("div", { class: "chart" }, el("div", { class: "chart-plot" }));
    const waiting = BATCHES.map((batch) => el("section", { class: "lane waiting" }, el("h3", {}, titleOf(batch, samples)), plot()));
    byRole("lanes").replaceChildren(...waiting);
  }

  /** @param {Drawn[]} found */
  open(found) {
    if (found.length) this.#show(found.map(({ info, history }) => new Run(info, history)));
  }

  close() {
    for (const { run } of this.lanes) run.close();
    this.lanes = [];
  }

  /** @param {string} command @param {Record<string, unknown>} [values] */
  async command(command, values = {}) {
    const middle = this.middle?.info.steps_per_epoch ?? 1;
    const own = (/** @type {Run} */ { info }) =>
      "steps_per_second" in values
        ? { ...values, steps_per_second: paceOf(/** @type {number | null} */ (values["steps_per_second"]), info.steps_per_epoch, middle) }
        : values;
    await Promise.all(this.lanes.filter(({ run }) => !run.over).map(({ run }) => run.command(command, own(run))));
  }

  /** @param {Run[]} runs */
  #show(runs) {
    this.close();
    const host = byRole("lanes");
    this.lanes = runs.map((run) => {
      const plot = el("div", {});
      const facts = el("dl", { class: "facts" });
      const { batch_size: batch } = run.info.settings;
      const title = titleOf(run.info.steps_per_epoch === 1 ? null : batch, batch);
      host.append(el("section", { class: "lane" }, el("h3", {}, title), plot, facts));
      const chart = new LineChart(plot, { label: say("training.loss_title", { title }), x: say("common.step_axis") });
      run.addEventListener("epoch", () => run.over || run.refresh().catch(() => {})); // its time of computing; the next one asks again
      for (const name of ["step", "epoch", "change", "end"]) run.addEventListener(name, () => this.#soon());
      return { run, chart, facts };
    });
    while (host.children.length > this.lanes.length) host.firstElementChild?.remove();
    this.#draw();
  }

  #soon() {
    this.#timer ||= window.setTimeout(() => this.#draw(), DRAW_MS);
  }

  #draw() {
    this.#timer = 0;
    const hold = [0, strongest(this.lanes.flatMap(({ run }) => run.history.losses))];
    const end = Math.max(...this.lanes.map(({ run }) => (this.#clock === "epoch" ? run.info.settings.epochs : run.history.last)));
    for (const { run, chart, facts } of this.lanes) {
      const { steps, losses } = run.history;
      const each = run.info.steps_per_epoch;
      const along = (/** @type {number} */ step) => (this.#clock === "epoch" ? step / each : step);
      const { epochs } = run.history;
      chart.options = { ...chart.options, x: CLOCKS[this.#clock].line, hold, formatX: (x) => CLOCKS[this.#clock].at(number(x)) };
      const validation = { xs: epochs.map(({ step }) => along(step)), values: epochs.map((epoch) => epoch.validation_loss) };
      const lines = [
        { id: "training", name: say("common.training"), xs: steps.map(along), values: losses, style: 0 },
        { id: "validation", name: say("common.validation"), ...validation, style: 1 },
      ];
      chart.show(lines, { start: 0, end });
      facts.replaceChildren(...factsOf(run).map(([name, value]) => el("div", {}, el("dt", {}, name ?? ""), el("dd", {}, value ?? ""))));
    }
    this.changed();
  }
}

/** @param {import("./run.js").RunInfo} info */
function stateOf({ state, place: index, starts_in: seconds, epoch }) {
  const place = index ?? "?";
  if (state !== "queued") return epoch ? say("training.state_epoch", { state: STATES[state], epoch }) : STATES[state];
  return seconds ? say("training.waits_place_time", { place, time: duration(seconds) }) : say("training.waits_place", { place });
}

/** @param {Run} run */
function factsOf({ info }) {
  const { metrics, memory, seconds } = info;
  const validated = metrics["validation_accuracy"];
  return [
    [say("training.updates_each"), String(info.steps_per_epoch)],
    [say("training.updates_far"), say("training.of_steps", { step: info.step, total_steps: info.total_steps })],
    [say("training.loss_now"), number(metrics["loss"])],
    [say("training.right_validation_set"), validated === null || validated === undefined ? "–" : percent(validated)],
    [say("training.time_computing"), seconds < 0.005 ? "< 0.01 s" : `${seconds.toFixed(2)} s`],
    ...(memory
      ? [
          [say("training.memory_whole"), memoryText(memory.in_one_piece)],
          [say("training.memory_here", { at_once: memory.at_once }), memoryText(memory.held)],
        ]
      : []),
    [say("training.state"), stateOf(info)],
  ];
}
