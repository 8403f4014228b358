// The page where a network learns: its set-up and its address, and the run that follows from them.

/** @import { Drawn } from "./training/curves.js" */
/** @import { Check, Checked } from "./training/editor.js" */
/** @import { OwnRuns } from "./training/own-runs.js" */
/** @import { Chosen } from "./training/settings.js" */
/** @import { Scenario } from "./training/scenarios.js" */
/** @import { View } from "./training/link.js" */

import { ApiError, presets, sentence, unnamed } from "./api.js";
import { byRole, onAction } from "./draw/dom.js";
import { Page } from "./page.js";
import { startPresenting } from "./present.js";
import { parseState } from "./state.js";
import { aboutRun } from "./training/about.js";
import { Bar } from "./training/bar.js";
import { beginning, Checking } from "./training/checking.js";
import { Dials } from "./training/dials.js";
import { ofNetwork, problemSentence } from "./training/editor.js";
import { fieldOf, settingsOf } from "./training/requests.js";
import { FIELDS, VIEW } from "./training/settings.js";
import { startGap } from "./training/gap.js";
import { readLink, setupOf, writeLink } from "./training/link.js";
import { Live } from "./training/live.js";
import { Run } from "./training/run.js";
import { introduced, measureOf, ScenarioChoice, scenarioOf, stateIn, writtenOut } from "./training/scenarios.js";
import { Setup } from "./training/setup.js";
import { SideBySide } from "./training/side.js";
import { Watch } from "./training/watch.js";
import { say } from "./words.js";

const CHECK_MS = 60; // how long the set-up rests before it is checked

class TrainingPage {
  fields = FIELDS;
  /** @type {Check | null} */ check = null;
  /** @type {Setup | null} */ setup = null;
  /** @type {OwnRuns | null} */ #own = null;
  #signal = new AbortController().signal; // of the check of the present set-up
  #lookAtTasks = () => {}; // until there are some

  constructor() {
    /** @type {Page<Chosen, View, Check>} */
    this.page = new Page(this);
    this.store = this.page.store;
    this.checking = new Checking((dataset) => this.datasets.find(({ name }) => name === dataset)?.sizes.train);
    this.bar = new Bar({ start: () => this.#start(), command: (command, values) => this.page.attempt(() => this.live.command(command, values)) });
    this.side = new SideBySide(() => this.#showSide(), () => this.page.address.schedule());
    this.watch = new Watch({
      changed: () => this.#showRun(),
      ended: () => this.#own?.load(),
      looked: () => this.page.address.schedule(),
      remedy: (patch) => this.#remedy(patch),
      setup: () => this.store.state,
      complain: (...sentences) => this.page.message.show(...sentences),
    });
    this.live = new Live(this.watch, this.side);
    this.scenarios = new ScenarioChoice((scenario) => this.#choose(scenario));
    this.dials = new Dials(this.store, this.live, (act) => this.page.attempt(act));
    this.showGap = startGap(this.store);
    startPresenting({ next: () => this.bar.next(), previous: () => this.bar.hold(), changeSpeed: (by) => this.dials.changeSpeed(by) });
    byRole("own-scale").addEventListener("change", () => {
      this.watch.strip.own = !this.watch.strip.own;
      this.page.address.schedule();
      this.#lookAtTasks();
    });
    onAction("another", () => this.#chooseSample(this.watch.sample + 1));
    onAction("one-before", () => this.#chooseSample(this.watch.sample - 1));
  }

  start() {
    this.checking.foresee(parseState([...FIELDS, ...VIEW], writtenOut(location.hash)).state);
    return this.page.start(
      () => this.watch.startRest(),
      () => this.#startOwnRuns(),
      async () => {
        this.#lookAtTasks = (await import("./training/tasks.js")).startTasks(this.watch, this.side, this.store);
        this.#lookAtTasks();
      },
      async () => (await import("./training/paper.js")).startTrainingPaper(() => this.store.state, () => this.datasets, () => this.watch.strip.fit()),
    );
  }

  async #startOwnRuns() {
    const { OwnRuns } = await import("./training/own-runs.js");
    this.#own = new OwnRuns(this.watch, {
      open: (run) => this.#open(run),
      laid: () => {
        this.page.address.schedule();
        this.#lookAtTasks();
      },
      gone: () => {
        this.#watch(null);
        this.#plan();
      },
      complain: (...sentences) => this.page.message.show(...sentences),
    });
  }

  /** What has a name on this page, and the set-up that offers it. */
  async #know() {
    const known = await presets();
    if (this.setup) return;
    this.setup = new Setup(byRole("setup"), this.store, known, this.dials);
    this.scenarios.offer();
  }

  get datasets() {
    return this.setup?.known.datasets ?? [];
  }

  /** How many samples there are to learn from. */
  get training() {
    return this.checking.training(this.store.state);
  }

  get impossible() {
    return this.check?.problem ? problemSentence(this.check.problem, this.store.state["net"]) : "";
  }

  // The link

  /** @returns {string} */
  fragment() {
    const { run, earlier, sample, curves, weight, strip } = this.watch;
    return writeLink(this.store.state, this.datasets, { run, step: curves.marked, earlier, side: this.side.ids, clock: this.side.clock, sample, own: strip.own, weight });
  }

  about() {
    return this.watch.run ? aboutRun(this.watch.run, this.watch.curves.marked) : {};
  }

  /** @param {string} fragment */
  async read(fragment) {
    if (!this.setup) await this.#know();
    return readLink(fragment, this.datasets);
  }

  /** @param {View} view */
  #look({ run, step, earlier, side, clock, sample, scale, weight }) {
    this.side.close();
    this.watch.sample = sample;
    this.watch.weight = weight;
    this.watch.strip.own = scale === "map";
    this.watch.lay(earlier);
    this.#watch(run && new Run(run.info, run.history), step);
    this.side.open(side, this.store.state["compare"], clock);
  }

  // The set-up

  /** @param {Scenario} scenario */
  #choose(scenario) {
    const state = stateIn(scenario);
    this.#leave(state["data"]);
    this.store.set(state);
    this.watch.say(introduced(scenario) ?? "");
  }

  /** What is over makes room for another set-up. @param {string} dataset of that */
  #leave(dataset) {
    if (this.side.lanes.length && this.side.over) this.side.close();
    if (!this.watch.run?.over) return;
    this.watch.keep(dataset);
    this.#watch(null);
  }

  /** @param {View} [view] */
  showSettings(view) {
    if (view) this.#look(view);
    const { state } = this.store;
    this.setup?.show(state);
    this.showGap(state);
    this.scenarios.mark(state);
    this.#showSide();
  }

  /** @param {Chosen} state @param {AbortSignal} signal @param {View} [view] */
  async ask(state, signal, view) {
    this.#signal = signal;
    if (!view) await new Promise((go) => setTimeout(go, CHECK_MS));
    signal.throwIfAborted();
    return this.checking.ask(state, signal);
  }

  /** @param {Check} check */
  show(check) {
    this.check = check;
    this.setup?.tell(check);
    this.#showBar();
    if (!this.live.any) this.#plan();
  }

  /** A network that waits for its start. */
  #plan() {
    const set = this.setup?.dataset;
    if (this.impossible) this.watch.say(this.impossible);
    if (!this.check || !set) return;
    const { layers, parameters, problem } = this.check;
    if (problem && ofNetwork(problem)) return;
    const sentence = this.impossible || introduced(scenarioOf(this.store.state));
    const waiting = say("training.waits", { count: parameters });
    this.watch.plan(layers, set.input_shape, set.classes, sentence ?? waiting);
    this.#begin(layers);
  }

  /** Its weights as they begin, and what they make of the picture. @param {Checked[]} layers */
  async #begin(layers) {
    const signal = this.#signal;
    try {
      this.watch.begin(await beginning(this.store.state, this.watch.sample, !this.check?.problem, signal), layers);
    } catch (error) {
      if (!signal.aborted && !(error instanceof ApiError)) throw error; // the start will say what is wrong
    }
  }

  /** @param {Partial<Chosen>} patch */
  #remedy(patch) {
    this.store.set(patch);
    this.bar.go.focus();
    this.watch.say(say("training.remedy"));
  }

  // The run

  async #start() {
    await this.page.opening; // what is started is what the address says
    if (this.impossible) return;
    this.bar.setStarting(true);
    this.page.message.clear();
    try {
      if (this.store.state["compare"] !== "none") {
        this.#watch(null);
        await this.side.start(this.store.state, this.training);
      } else {
        const run = await Run.start(settingsOf(this.store.state, this.training));
        this.side.close();
        if (this.watch.run && !this.watch.run.commandable) history.pushState(null, "", location.href); // Back is to the other's run
        this.watch.keep(run.info.settings.dataset);
        this.#watch(run);
        await this.#measure();
      }
      this.#own?.load();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.refuse(error);
    } finally {
      this.bar.setStarting(false);
      this.page.address.schedule();
      this.#showSide();
    }
  }

  /** What a run is measured by learns as fast as it can, and its curve lies under the other. */
  async #measure() {
    const earlier = this.watch.earlier.map((drawn) => setupOf(drawn, this.datasets));
    const state = measureOf(this.store.state, earlier);
    if (!state) return;
    const settings = settingsOf({ ...state, speed: null }, this.checking.training(state));
    await Run.start(settings).then(
      (run) => this.watch.lie(run),
      () => {}, // where no other run may begin, this one goes on without
    );
    this.#own?.mark();
  }

  /** What the server refuses stands beside what caused it. @param {ApiError} error */
  refuse(error) {
    const rest = error.errors.filter((fault) => !this.setup?.complain(fieldOf(fault.field), sentence(fault)));
    if (rest.length || !error.errors.length) this.page.message.show(error.message);
    else this.watch.say(say("training.cannot_start", { message: error.errors.map(unnamed).join("; ") }));
  }

  /** @param {Run | null} run @param {number} [marked] the step that the link points at */
  #watch(run, marked = 0) {
    this.watch.curves.marked = marked;
    this.watch.show(run);
    this.#own?.mark();
  }

  /** Another run, with the set-up that it was started with. @param {Drawn} run */
  #open(run) {
    this.side.close();
    this.store.set(setupOf(run, this.datasets));
    this.#watch(new Run(run.info, run.history));
    this.page.address.schedule();
    this.#showSide();
  }

  #showRun() {
    if (this.watch.run) this.#own?.tell(this.watch.run.info);
    this.#showBar();
  }

  /** What steers: the bar and the dials. */
  #showBar() {
    this.bar.show(this.live.run, this.impossible);
    this.dials.show();
    this.scenarios.showSentence(this.store.state, this.live);
    this.#showAlone();
    this.#lookAtTasks();
  }

  /** Before anything has run the network has the page to itself. */
  #showAlone() {
    const alone = !this.live.any && !this.watch.earlier.length;
    const studio = byRole("studio");
    if (studio.hasAttribute("data-alone") === alone) return;
    studio.toggleAttribute("data-alone", alone);
    this.watch.strip.fit();
  }

  /** Side by side there is no strip: three curves have its place. */
  #showSide() {
    const side = this.side.lanes.length > 0;
    byRole("side").hidden = !side;
    byRole("network").hidden = side;
    byRole("curves").hidden = side;
    if (this.side.sentence) this.watch.say(this.side.sentence);
    this.#showBar();
  }

  /** @param {number} sample */
  #chooseSample(sample) {
    const count = this.setup?.dataset?.sizes.validation ?? 1;
    this.watch.sample = (sample + count) % count;
    this.page.address.schedule();
    if (!this.watch.run) this.#plan();
  }
}

await new TrainingPage().start();
