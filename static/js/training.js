// The page where a network learns: its set-up and its address, and the run that follows from them.

/** @import { State } from "./types" */
/** @import { Check } from "./training/editor.js" */
/** @import { Drawn } from "./training/curves.js" */

import { ApiError, post, presets } from "./api.js";
import { byRole, el, onAction } from "./draw/dom.js";
import { showHistory, startHistory } from "./history.js";
import { fetchLater, MISSING } from "./later.js";
import { markFirstFrame, markReady, Message, startShell } from "./shell.js";
import { Address, parseState, Store } from "./state.js";
import { aboutRun } from "./training/about.js";
import { Bar } from "./training/bar.js";
import { ofNetwork, parametersTold, problemTold } from "./training/editor.js";
import { beginningOf, checkOf, fieldOf, FIELDS, settingsOf, stateOf, VIEW } from "./training/fields.js";
import { startGap } from "./training/gap.js";
import { Run } from "./training/run.js";
import { formatSetup, SCENARIOS, scenarioOf, stateIn, written } from "./training/scenarios.js";
import { Setup } from "./training/setup.js";
import { SideBySide } from "./training/side.js";
import { Watch } from "./training/watch.js";

const CHECK = "/api/architectures/check";
const CHECK_MS = 60;
const SETTING = new RegExp(`(^|[#&])(${FIELDS.map(({ name }) => name).join("|")})=`);

/** Of runs side by side the one with the largest batch is checked. @param {State} state @param {number} training */
const checkBody = (state, training) => checkOf(state["compare"] === "batches" ? { ...state, batch: null } : state, training);

/** What decides how many samples there are to learn from. @param {State} state */
const sourceOf = (state) => `${state["data"]} ${state["imbalance"]}`;

/** @param {string} list */
const ids = (list) => (list ? list.split(",").slice(0, 3) : []);

class TrainingPage {
  store = new Store(FIELDS);
  message = new Message();
  check = /** @type {Check | null} */ (null);
  #showGap = startGap(this.store);
  #opened = Promise.resolve();
  #checking = new AbortController();
  #early = /** @type {{ key: string, answer: Promise<Response> } | null} */ (null);
  #checkTimer = 0;
  #rateTimer = 0;
  #counted = /** @type {Map<string, number>} */ (new Map()); // samples to learn from, by what the server has checked

  constructor() {
    const complain = (/** @type {string[]} */ ...told) => this.message.show(...told);
    this.address = new Address(
      () => this.#fragment(),
      (fragment) => (this.#opened = this.#open(fragment)),
    );
    this.bar = new Bar({ start: () => this.#start(), command: (command, values) => this.#command(command, values) });
    this.side = new SideBySide(() => this.#showSide());
    this.watch = new Watch({
      changed: () => this.#showRun(),
      ended: () => this.ownRuns?.load(),
      remedy: (patch) => this.#remedy(patch),
      setup: () => this.store.state,
      complain,
    });
    this.store.onChange(() => this.#changed());
    startHistory(this.store);
    startShell({ beforeLink: () => this.address.write(), aboutLink: () => (this.watch.run ? aboutRun(this.watch.run, this.watch.curves.marked) : {}) });
    onAction("another", () => this.#chooseSample(this.watch.sample + 1));
    onAction("one-before", () => this.#chooseSample(this.watch.sample - 1));
  }

  async start() {
    await (this.#opened = this.#openFirst());
    markFirstFrame();
    fetchLater();
    await Promise.all([this.watch.startRest(), this.#startOwnRuns()]).catch(() => this.message.show(MISSING));
    markReady();
  }

  async #startOwnRuns() {
    const { OwnRuns } = await import("./training/own-runs.js");
    this.ownRuns = new OwnRuns({
      open: (id) => this.#openRun(id),
      compare: (list) => this.#compare(list),
      named: (id, name) => this.#named(id, name),
      deleted: (id) => this.#deleted(id),
      complain: (told) => this.message.show(told),
    });
    this.#markOwnRuns();
    this.ownRuns.load();
  }

  /** Which of them are shown. @param {string[]} over those under the one that is watched */
  #markOwnRuns(over = this.watch.earlier.map(({ info }) => info.id)) {
    this.ownRuns?.mark(this.watch.run?.info.id ?? "", over);
  }

  async #openFirst() {
    this.#foresee();
    try {
      const known = /** @type {any} */ (await presets());
      this.setup = new Setup(byRole("setup"), this.store, known, {
        rate: (rate) => this.#setRate(rate),
        speed: (speed) => this.#setSpeed(speed),
        share: (shared) => this.#try(() => this.watch.run?.edit({ shared })),
      });
      this.#buildScenarios();
      await this.#open(location.hash);
    } catch (error) {
      this.message.show(/** @type {Error} */ (error).message);
    }
  }

  /** How many samples there are to learn from. */
  get training() {
    return this.#counted.get(sourceOf(this.store.state)) ?? this.setup?.dataset?.sizes.train ?? 1;
  }

  get impossible() {
    return this.check?.problem ? problemTold(this.check.problem, this.store.state["net"]) : "";
  }

  // The address

  #fragment() {
    const { state } = this.store;
    const { run, earlier, sample } = this.watch;
    const { marked } = this.watch.curves;
    const side = this.side.ids.join(",");
    const over = earlier.map(({ info }) => info.id).join(",");
    const setup = formatSetup(state) || (run && !isSetUpOf(run, state, this.training) && `data=${state["data"]}`);
    const parts = [setup, run && `run=${run.info.id}`, side && `side=${side}`, over && `over=${over}`, sample && `sample=${sample}`, run && marked && `step=${marked}`];
    return parts.filter(Boolean).join("&");
  }

  /** @param {string} address */
  async #open(address) {
    const fragment = written(address);
    const { state, step, problems } = parseState([...FIELDS, ...VIEW], fragment);
    const { run: id, over, side, sample, ...chosen } = state;
    this.message.clear();
    this.side.close();
    if (!this.setup?.known.datasets.some(({ name }) => name === chosen["data"])) {
      problems.push(`There is no data set “${chosen["data"]}”.`);
      chosen["data"] = "digits";
    }
    const [run, earlier] = await Promise.all([id ? this.#find(id, problems) : null, this.#histories(ids(over), problems)]);
    this.store.replace(/** @type {State} */ (chosen));
    if (run && !SETTING.test(fragment)) this.store.replace(stateOf(run.info.settings, this.#trainingOf(run), run.info.task));
    this.watch.sample = sample;
    this.watch.lay(earlier);
    this.#watch(run, step);
    if (side) await this.#try(() => this.side.open(ids(side)));
    this.#showSetup();
    await this.#checkNow();
    if (problems.length) this.message.show("This link cannot be shown as it is.", ...problems);
  }

  /** @param {string} id @param {string[]} problems */
  async #find(id, problems) {
    try {
      return await Run.open(id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const gone = `There is no run “${id}” any more; its set-up is here as far as the link has it.`;
      problems.push(error.status === 404 ? gone : error.message);
      return null;
    }
  }

  /** @param {string[]} list @param {string[]} problems @returns {Promise<Drawn[]>} */
  async #histories(list, problems) {
    const found = await Promise.all(list.map((id) => this.#find(id, problems)));
    return found.flatMap((run) => {
      run?.close();
      return run ? [{ info: run.info, history: run.history }] : [];
    });
  }

  /** How many samples the data set of a run has to learn from. @param {Run} run */
  #trainingOf(run) {
    const { settings, steps_per_epoch: steps } = run.info;
    if (settings.dataset_options?.imbalance) return steps === 1 ? settings.batch_size : Number.POSITIVE_INFINITY;
    return this.setup?.known.datasets.find(({ name }) => name === run.info.settings.dataset)?.sizes.train ?? 1;
  }

  // The set-up

  #buildScenarios() {
    const chips = SCENARIOS.map((scenario) => {
      const input = el("input", { type: "radio", name: "scenario", value: scenario.name });
      input.addEventListener("change", () => {
        this.#leave(stateIn(scenario)["data"]);
        this.store.set(stateIn(scenario));
        this.watch.say(scenario.said);
      });
      return el("label", { class: "chip", title: scenario.said }, input, scenario.title);
    });
    byRole("scenarios").replaceChildren(...chips);
  }

  /** What is over makes room for another set-up. @param {string} dataset of that */
  #leave(dataset) {
    if (this.side.lanes.length && this.side.over) this.side.close();
    if (!this.watch.run?.over) return;
    this.watch.keep(dataset);
    this.#watch(null);
  }

  #changed() {
    this.#showSetup();
    this.address.schedule();
    this.#checking.abort(); // its answer would be of other settings
    clearTimeout(this.#checkTimer);
    this.#checkTimer = window.setTimeout(() => this.#try(() => this.#checkNow()), CHECK_MS);
  }

  #showSetup() {
    const { state } = this.store;
    showHistory(this.store);
    this.setup?.show(state);
    this.#showGap(state);
    this.#showDials();
    const scenario = scenarioOf(state);
    for (const input of byRole("scenarios").querySelectorAll("input")) input.checked = input.value === scenario?.name;
    this.#showSide();
  }

  #showDials() {
    const { going } = this.watch;
    const { state } = this.store;
    if (!this.#rateTimer) this.setup?.showRate?.(going ? going.info.learning_rate : state["rate"]);
    this.setup?.showSpeed?.(going ? going.info.steps_per_second : state["speed"]);
    this.setup?.showShare?.(Boolean(going?.info.mine), Boolean(going?.info.shared));
    for (const input of this.setup?.dials ?? []) input.disabled = Boolean(going && !going.commandable);
  }

  /** The first network is checked while the page still waits for other things. */
  #foresee() {
    const body = checkBody(parseState([...FIELDS, ...VIEW], written(location.hash)).state, this.training);
    const answer = post(CHECK, body);
    answer.catch(() => {}); // whoever waits for it is told
    this.#early = { key: JSON.stringify(body), answer };
  }

  /** @returns {Promise<void>} */
  async #checkNow() {
    this.#checking.abort();
    const request = (this.#checking = new AbortController());
    const body = checkBody(this.store.state, this.training);
    const early = this.#early?.key === JSON.stringify(body) ? this.#early.answer : null;
    this.#early = null;
    try {
      const answer = await (early ?? post(CHECK, body, { signal: request.signal }));
      if (request.signal.aborted) return; // the first one, asked for before there was a signal
      this.check = await answer.json();
    } catch (error) {
      if (request.signal.aborted) return;
      return this.#refused(error);
    }
    if (this.check) this.#counted.set(sourceOf(this.store.state), this.check.train_samples);
    if (checkBody(this.store.state, this.training).batch_size !== body.batch_size) return this.#checkNow();
    if (this.check) this.setup?.tell(this.check);
    this.#showBar();
    if (!this.watch.run && !this.side.lanes.length) this.#plan();
  }

  /** A network that waits for its start. */
  #plan() {
    const set = this.setup?.dataset;
    if (this.impossible) this.watch.say(this.impossible);
    if (!this.check || !set) return;
    const { layers, parameters, problem } = this.check;
    if (problem && ofNetwork(problem)) return;
    const said = this.impossible || scenarioOf(this.store.state)?.said;
    const waiting = `A network with ${parametersTold(parameters)} that knows nothing yet. Press Start.`;
    this.watch.plan(layers, set.input_shape, set.classes, said ?? waiting);
    this.#begin(layers);
  }

  /** Its weights as they begin, and what they make of the picture. @param {import("./training/editor.js").Checked[]} layers */
  async #begin(layers) {
    const { signal } = this.#checking;
    try {
      const { loss, initialisation, dataset_options, ...plain } = beginningOf(this.store.state);
      const chosen = this.check?.problem ? {} : { loss, initialisation, dataset_options }; // one of them may be what is refused
      const body = { ...plain, ...chosen, sample: this.watch.sample };
      const answer = await post("/api/architectures/snapshot", body, { signal });
      this.watch.begin(await answer.json(), layers);
    } catch (error) {
      if (!signal.aborted && !(error instanceof ApiError)) throw error; // the start will say what is wrong
    }
  }

  /** @param {State} patch */
  #remedy(patch) {
    this.store.set(patch);
    this.bar.go.focus();
    this.watch.say("The remedy is set up. Press Start: the run that went wrong stays in the chart.");
  }

  // The run

  async #start() {
    await this.#opened; // what is started is what the address says
    if (this.impossible) return;
    this.bar.setStarting(true);
    this.message.clear();
    try {
      if (this.store.state["compare"] === "batches") await this.#startSide();
      else {
        const run = await Run.start(settingsOf(this.store.state, this.training));
        this.side.close();
        if (this.watch.run && !this.watch.run.commandable) history.pushState(null, "", location.href); // Back is to the other's run
        this.watch.keep(run.info.settings.dataset);
        this.#watch(run);
      }
      this.ownRuns?.load();
    } catch (error) {
      this.#refused(error);
    } finally {
      this.bar.setStarting(false);
      this.address.schedule();
      this.#showSide();
    }
  }

  async #startSide() {
    this.#watch(null);
    await this.side.start(this.store.state, this.training);
  }

  /** What the server refuses stands beside what caused it. @param {unknown} error */
  #refused(error) {
    if (!(error instanceof ApiError)) throw error;
    const rest = error.errors.filter(({ field, message }) => !this.setup?.complain(fieldOf(field), message));
    if (rest.length || !error.errors.length) this.message.show(error.message);
    else this.watch.say(`It cannot be started: ${error.message}.`);
  }

  /** @param {Run | null} run @param {number} [marked] the step that the link points at */
  #watch(run, marked = 0) {
    this.watch.curves.marked = marked;
    this.watch.show(run);
    this.#markOwnRuns();
  }

  #showRun() {
    if (this.watch.run) this.ownRuns?.tell(this.watch.run.info);
    this.#showBar();
    this.#showDials();
  }

  /** The bar steers the run, or all that stand side by side. */
  #showBar() {
    const lanes = this.side.lanes.map(({ run }) => run);
    this.bar.show(this.watch.run ?? lanes.find((run) => !run.over) ?? lanes[0] ?? null, this.impossible);
  }

  /** Side by side there is no strip: three curves have its place. */
  #showSide() {
    const side = this.side.lanes.length > 0 || (this.store.state["compare"] === "batches" && !this.watch.run);
    byRole("side").hidden = !side;
    byRole("network").hidden = side;
    byRole("curves").hidden = side;
    if (side) this.side.plan(this.store.state["samples"] ?? this.training);
    if (this.side.told) this.watch.say(this.side.told);
    this.#showBar();
  }

  /** @param {number} sample */
  #chooseSample(sample) {
    const count = this.setup?.dataset?.sizes.validation ?? 1;
    this.watch.sample = (sample + count) % count;
    this.address.schedule();
    if (!this.watch.run) this.#plan();
  }

  // Commands

  /** @param {string} command @param {Record<string, unknown>} [values] */
  #command(command, values) {
    return this.#try(() => (this.side.lanes.length ? this.side.command(command, values) : this.watch.run?.command(command, values)));
  }

  /** Whether the dials turn something that goes on. */
  get #steers() {
    return this.watch.going?.commandable || this.side.commandable;
  }

  /** @param {number} rate */
  #setRate(rate) {
    this.store.set({ rate }, "rate");
    if (!this.#steers) return;
    clearTimeout(this.#rateTimer);
    this.setup?.showRate?.(rate);
    this.#rateTimer = window.setTimeout(async () => {
      await this.#command("set", { learning_rate: rate });
      this.#rateTimer = 0;
      this.#showDials();
    }, CHECK_MS);
  }

  /** @param {number | null} speed */
  #setSpeed(speed) {
    this.store.set({ speed }, "speed");
    if (this.#steers) this.#command("set", { steps_per_second: speed });
  }

  /** @param {() => unknown} act */
  async #try(act) {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.message.show(error.message);
    }
  }

  // Earlier runs

  /** @param {string} id */
  async #openRun(id) {
    const problems = /** @type {string[]} */ ([]);
    const run = await this.#find(id, problems);
    if (!run) return this.message.show(...problems);
    this.side.close();
    this.watch.lay(this.watch.earlier.filter(({ info }) => info.id !== id));
    this.store.set(stateOf(run.info.settings, this.#trainingOf(run), run.info.task));
    this.#watch(run);
    this.address.schedule();
    return this.#showSide();
  }

  /** @param {string[]} list */
  async #compare(list) {
    const known = new Map(this.watch.earlier.map((drawn) => [drawn.info.id, drawn]));
    const missing = list.filter((id) => !known.has(id));
    for (const drawn of await this.#histories(missing, [])) known.set(drawn.info.id, drawn);
    this.watch.lay(list.flatMap((id) => known.get(id) ?? []));
    this.#markOwnRuns(list);
    this.address.schedule();
  }

  /** @param {string} id @param {string} name */
  #named(id, name) {
    const { run, earlier } = this.watch;
    if (run?.info.id === id) run.info = { ...run.info, name };
    this.watch.lay(earlier.map((drawn) => (drawn.info.id === id ? { ...drawn, info: { ...drawn.info, name } } : drawn)));
  }

  /** @param {string} id */
  #deleted(id) {
    this.watch.lay(this.watch.earlier.filter(({ info }) => info.id !== id));
    if (this.watch.run?.info.id === id) {
      this.#watch(null);
      this.#plan();
    }
    this.address.schedule();
  }
}

/** @param {Run} run @param {State} state @param {number} training */
function isSetUpOf(run, state, training) {
  const uneven = run.info.settings.dataset_options?.imbalance && run.info.steps_per_epoch === 1;
  const other = stateOf(run.info.settings, uneven ? run.info.settings.batch_size : training, run.info.task);
  return FIELDS.every(({ name, format }) => format(state[name]) === format(other[name]));
}

await new TrainingPage().start();
