// Several runs side by side on one clock: what a batch size or a stride changes.

/** @import { Drawn } from "./curves.js" */
/** @import { Chosen } from "./settings.js" */
/** @import { Turned } from "./run.js" */

import { LineChart } from "../draw/chart.js";
import { byRole, chip, el } from "../draw/dom.js";
import { strongest } from "../draw/scale.js";
import { number } from "../format.js";
import { needed } from "../needed.js";
import { rarely } from "../rarely.js";
import { say } from "../words.js";
import { checked } from "./checking.js";
import { checkOf, settingsOf } from "./requests.js";
import { COUNTED } from "./settings.js";
import { KINDS } from "./kinds.js";
import { Run } from "./run.js";

const SLOWEST = 0.05;
const FASTEST = 100_000;

/** What the clock can count, by its name. @type {Record<string, { line: string, at: (x: string) => string }>} */
const CLOCKS = {
  update: { line: say("training.update_line"), at: (x) => say("training.update_x", { x }) },
  epoch: { line: say("training.epoch_line"), at: (x) => say("training.epoch_x", { x }) },
};

/**
 * Steps a second of one of them: together they go through the data at one pace.
 * @param {number | null} speed that of the middle one @param {number} each its own updates an epoch @param {number} middle those of the middle one
 */
const paceOf = (speed, each, middle) => (speed === null ? null : Math.min(FASTEST, Math.max(SLOWEST, (speed * each) / middle)));

/** The one in the middle, or where that is over, the first that goes on. @param {Run[]} runs @param {number} at where the middle is */
export function middleOf(runs, at) {
  const middle = runs[at] ?? null;
  return middle?.over ? (runs.find((run) => !run.over) ?? middle) : middle;
}

/** @typedef {{ run: Run, chart: LineChart, facts: HTMLElement }} Lane */

export class SideBySide {
  /** @type {Lane[]} */ lanes = [];
  clock = "epoch"; // what it counts
  /** @type {{ clock: string, input: HTMLInputElement }[]} */ #choices;
  #named = "batches"; // what is compared

  /** @param {() => void} changed @param {() => void} chosen another clock */
  constructor(changed, chosen) {
    this.changed = changed;
    const choose = (/** @type {string} */ clock) => {
      this.clock = clock;
      this.#draw();
      chosen();
    };
    const chips = Object.entries(COUNTED).map(([clock, title]) => ({ clock, ...chip(() => choose(clock), { name: "clock" }, title) }));
    this.#choices = chips;
    byRole("clock").replaceChildren(...chips.map(({ node }) => node));
  }

  /** Where they are, in a sentence; none where nothing runs. */
  get sentence() {
    if (!this.lanes.length) return "";
    return this.over ? this.#kind.done : this.#kind.going;
  }

  /** @returns {string[]} */
  get ids() {
    return this.lanes.map(({ run }) => run.info.id);
  }

  /** The run that the dials tell of. */
  get middle() {
    return middleOf(this.lanes.map(({ run }) => run), this.#kind.middle);
  }

  get over() {
    return this.lanes.every(({ run }) => run.over);
  }

  get #kind() {
    return needed(KINDS[this.#named]);
  }

  /** The same run in each of the ways that are compared. @param {Chosen} state @param {number} training */
  async start(state, training) {
    /** @type {Run[]} */
    const runs = [];
    this.#named = state["compare"];
    const { settings, titleOf, middle } = this.#kind;
    const states = settings(state).map((own) => ({ ...state, ...own }));
    const checks = await Promise.all(states.map((each) => checked(checkOf(each, training))));
    const updates = checks.map((check) => check.updates ?? 1); // what has a problem is refused when it starts
    try {
      for (const [index, each] of states.entries()) {
        const way = settingsOf(each, training);
        const steps_per_second = paceOf(state["speed"], updates[index] ?? 1, updates[middle] ?? 1);
        runs.push(await Run.start({ ...way, steps_per_second, name: titleOf(way, updates[index] ?? 1) }));
      }
    } catch (error) {
      for (const run of runs) await run.remove().catch(() => {}); // one alone shows nothing
      throw error;
    }
    this.#show(runs);
  }

  /** @param {Drawn[]} found @param {string} compare what is compared @param {string} clock */
  open(found, compare, clock) {
    this.clock = clock;
    if (compare in KINDS) this.#named = compare;
    if (found.length) this.#show(found.map(({ info, history }) => new Run(info, history)));
  }

  close() {
    for (const { run, chart } of this.lanes) {
      run.close();
      chart.close();
    }
    this.lanes = [];
  }

  /** @param {string} command @param {Turned} [values] */
  async command(command, values = {}) {
    const middle = this.middle?.info.steps_per_epoch ?? 1;
    const { steps_per_second: speed } = values;
    const own = (/** @type {Run} */ { info }) => (speed === undefined ? values : { ...values, steps_per_second: paceOf(speed, info.steps_per_epoch, middle) });
    await Promise.all(this.lanes.filter(({ run }) => !run.over).map(({ run }) => run.command(command, own(run))));
  }

  /** @param {Run[]} runs */
  #show(runs) {
    this.close();
    const host = byRole("lanes");
    this.lanes = runs.map((run) => {
      const plot = el("div", {});
      const facts = el("dl", { class: "facts" });
      const title = this.#kind.titleOf(run.info.settings, run.info.steps_per_epoch);
      host.append(el("section", { class: "lane" }, el("h3", {}, title), plot, facts));
      const chart = new LineChart(plot, { label: say("training.loss_title", { title }), x: say("common.step_axis") });
      run.addEventListener("epoch", () => run.over || run.refresh().catch(() => {})); // its time of computing; the next one asks again
      for (const name of ["step", "epoch", "change", "end"]) run.addEventListener(name, () => this.#soon());
      return { run, chart, facts };
    });
    while (host.children.length > this.lanes.length) host.firstElementChild?.remove();
    this.#draw();
  }

  #soon = rarely(() => this.#draw());

  #draw() {
    for (const { clock, input } of this.#choices) input.checked = clock === this.clock;
    const { line, at } = needed(CLOCKS[this.clock]);
    const hold = [0, strongest(this.lanes.flatMap(({ run }) => run.history.losses))];
    const end = Math.max(...this.lanes.map(({ run }) => (this.clock === "epoch" ? run.info.settings.epochs : run.history.last)));
    for (const { run, chart, facts } of this.lanes) {
      const { steps, losses } = run.history;
      const each = run.info.steps_per_epoch;
      const along = (/** @type {number} */ step) => (this.clock === "epoch" ? step / each : step);
      const { epochs } = run.history;
      chart.options = { ...chart.options, x: line, hold, formatX: (x) => at(number(x)) };
      const validation = { xs: epochs.map(({ step }) => along(step)), values: epochs.map((epoch) => epoch.validation_loss) };
      const lines = [
        { id: "training", name: say("common.training"), xs: steps.map(along), values: losses, style: 0 },
        { id: "validation", name: say("common.validation"), ...validation, style: 1 },
      ];
      chart.show(lines, { start: 0, end });
      facts.replaceChildren(...this.#kind.factsOf(run).map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
    }
    this.changed();
  }
}
