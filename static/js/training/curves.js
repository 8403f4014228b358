// The curves: loss and accuracy, the learning rate and the size of the gradient beneath, earlier runs laid under.

/** @import { Series } from "../draw/chart.js" */
/** @import { History, RunInfo } from "./run.js" */

import { LineChart } from "../draw/chart.js";
import { byRole } from "../draw/dom.js";
import { strongest } from "../draw/scale.js";
import { grouped, number, percent } from "../format.js";
import { rarely } from "../rarely.js";
import { LOCALE, say } from "../words.js";
import { differences } from "./differences.js";

const STEEP = 30; // a loss beyond which only a logarithmic axis shows the rest
const ROOM = 1.2; // above the highest loss of this run, where those of earlier ones leave the chart
const TRAINING = 0;
const VALIDATION = 1;

/** @typedef {{ info: RunInfo, history: History }} Drawn */

const step = (/** @type {number} */ x) => say("common.step_x", { x: number(x) });

export class Curves {
  /** @type {Drawn | null} */ #run = null;
  /** @type {Drawn[]} */ #earlier = [];
  marked = 0; // the step that a link points at

  constructor() {
    const chart = (/** @type {string} */ role, /** @type {import("../draw/chart.js").ChartOptions} */ options) =>
      new LineChart(byRole(role), { formatX: step, ...options });
    this.loss = chart("loss-chart", { label: say("common.loss"), x: say("common.step_axis"), low: 0, hold: [0] });
    this.accuracy = chart("accuracy-chart", { label: say("training.accuracy"), x: say("common.step_axis"), low: 0, high: 1, format: percent });
    this.rate = chart("rate-chart", { label: say("common.learning_rate"), x: say("common.step_axis"), legend: false, log: true });
    this.gradient = chart("gradient-chart", { label: say("training.size_gradient"), x: say("common.step_axis"), legend: false, log: true });
  }

  /** @param {Drawn | null} run @param {Drawn[]} earlier */
  show(run, earlier) {
    this.#run = run;
    this.#earlier = earlier;
    this.update();
  }

  /** Draw soon. */
  update = rarely(() => this.#draw());

  #draw() {
    const run = this.#run;
    byRole("accuracy-box").hidden = run?.info.task === "regression";
    const at = run && this.marked && this.marked <= run.history.last ? { at: this.marked } : {};
    const end = { ...(run && !run.info.end ? { end: Math.max(run.history.last, run.info.steps_per_epoch) } : {}), ...at };
    this.#tellMarked(run);
    byRole("loss-now").textContent = nowOf(run?.history, "losses", "validation_loss", number);
    byRole("accuracy-now").textContent = nowOf(run?.history, "accuracies", "validation_accuracy", percent);
    this.#bend(run?.history ?? null);
    this.loss.show(this.#lines((history) => history.losses, "loss", "validation_loss"), end);
    this.accuracy.show(this.#lines((history) => history.accuracies, "accuracy", "validation_accuracy"), end);
    this.rate.show(this.#single(say("training.rate_line"), (history) => history.rates), end);
    this.gradient.show(this.#single(say("training.gradient"), (history) => history.gradients), end);
  }

  /** What the run had come to at the step that a link points at. @param {Drawn | null} run */
  #tellMarked(run) {
    const node = byRole("marked");
    node.hidden = !run || !this.marked;
    if (!run || !this.marked) return;
    const { steps, losses, accuracies, last } = run.history;
    const index = steps.findIndex((done) => done >= this.marked);
    const accuracy = accuracies[index];
    const values = [say("training.loss_value", { loss: number(losses[index]) }), ...(typeof accuracy === "number" ? [say("training.accuracy_value", { accuracy: percent(accuracy) })] : [])];
    const sentence =
      index < 0
        ? say("training.link_ahead", { marked: grouped(this.marked), last: grouped(last) })
        : say("training.link_marked", { steps: grouped(steps[index] ?? 0), values: values.join(", ") });
    if (node.textContent !== sentence) node.textContent = sentence;
  }

  /** A loss that runs away needs another axis; one that ran away before does not take the axis of this one. @param {History | null} history */
  #bend(history) {
    const shown = history?.last ? [history] : this.#earlier.map((drawn) => drawn.history);
    const most = Math.max(...shown.map(highest), 0);
    const steep = most > STEEP;
    const others = Math.max(...this.#earlier.map((drawn) => highest(drawn.history)), 0);
    this.loss.options.log = steep;
    this.loss.options.high = !steep && others > STEEP ? ROOM * most : Number.POSITIVE_INFINITY;
    byRole("loss-title").textContent = steep ? say("training.loss_logarithmic") : say("common.loss");
  }

  /** @param {(history: History) => (number | null)[]} pick @param {string} name @param {"validation_loss" | "validation_accuracy"} measured @returns {Series[]} */
  #lines(pick, name, measured) {
    const validation = (/** @type {History} */ { epochs }) => ({
      xs: epochs.map((epoch) => epoch.step),
      values: epochs.map((epoch) => epoch[measured] ?? null),
    });
    const under = this.#earlier.flatMap(({ info, history }, index) => [
      {
        id: `${info.id} training`,
        name: say("training.curve", { run: this.#titleOf(info), set: say("common.training") }),
        xs: history.steps,
        values: pick(history),
        style: 2 + 2 * index,
        faint: true,
      },
      { id: `${info.id} validation`, name: say("training.curve", { run: this.#titleOf(info), set: say("common.validation") }), ...validation(history), style: 3 + 2 * index, faint: true },
    ]);
    const history = this.#run?.history;
    if (!history) return under;
    return [
      ...under,
      { id: `training ${name}`, name: say("common.training"), xs: history.steps, values: pick(history), style: TRAINING },
      { id: `validation ${name}`, name: say("common.validation"), ...validation(history), style: VALIDATION, chosen: false },
    ];
  }

  /** Its name, or what sets it apart from the run that is shown; with when it was started, where another one is called so. @param {RunInfo} info */
  #titleOf(info) {
    const calls = (/** @type {RunInfo} */ one) => one.name || (this.#run ? differences(one, this.#run.info) : "");
    const title = calls(info);
    const isOnly = this.#earlier.filter((drawn) => calls(drawn.info) === title).length < 2;
    return title && isOnly ? title : [title, started(info)].filter(Boolean).join(", ");
  }

  /** @param {string} name @param {(history: History) => (number | null)[]} pick @returns {Series[]} */
  #single(name, pick) {
    const history = this.#run?.history;
    return history ? [{ id: name, name, xs: history.steps, values: pick(history), style: TRAINING }] : [];
  }
}

/**
 * What a run has come to, of which pictures: those that it does not learn from, where they have been asked, or the last batch.
 * @param {History | undefined} history @param {"losses" | "accuracies"} learned @param {"validation_loss" | "validation_accuracy"} measured @param {(value: number) => string} format
 */
function nowOf(history, learned, measured, format) {
  const [found, batch] = [history?.epochs.at(-1)?.[measured], history?.[learned].at(-1)];
  if (typeof found === "number") return say("training.on_validation", { value: format(found) });
  return typeof batch === "number" ? say("training.of_last_batch", { value: format(batch) }) : "";
}

/** The largest loss of a run, whichever set it is of. @param {History} history */
const highest = ({ losses, epochs }) => strongest([...losses, ...epochs.map((epoch) => epoch.validation_loss)]);

/** What a run is called: by its person, or by when it was started. @param {RunInfo} info */
export function curveTitle(info) {
  return info.name || say("training.run_started", { started: started(info) });
}

/** @param {RunInfo} info */
function started({ created }) {
  const time = new Date(typeof created === "number" ? created * 1000 : created);
  return time.toLocaleTimeString(LOCALE, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}
