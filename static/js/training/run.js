// One run as this page knows it: what it is, every point of its curves once, and what it says as it goes on.

/** @import { Answered } from "../types" */
/** @import { RunRequest } from "./requests.js" */

import { amend, ApiError, post, send } from "../api.js";

const RETRY_MS = 2000;
const MOST_POINTS = 4000; // of a curve that is taken up in the middle

/** @typedef {Answered<"/api/runs/{run_id}", "get">} RunInfo */
/** @typedef {Views["points"]["points"][number]} Point */
/** @typedef {Views["points"]["epochs"][number]} Epoch */
/** @typedef {NonNullable<RunInfo["end"]>} Ended */
/** @typedef {Ended["evidence"]} Diverged what stopped being a finite number, and how large all had become */
/** @typedef {NonNullable<RunInfo["warning"]>} Warned */
/** @typedef {Warned["evidence"]} Silent which ReLUs pass nothing, and that the loss stays where it is */
/** @typedef {Partial<NonNullable<RunInfo["phase"]>>} PhaseNow where slow motion is, and what this phase found out about the batch */
/** @typedef {{ learning_rate?: number, steps_per_second?: number | null, slow_motion?: boolean }} Turned what can be set of a run that goes on */
/** What can be asked about a run. @typedef {{ [View in "points" | "snapshot" | "predictions" | "examples" | "evaluation" | "weight"]: Answered<`/api/runs/{run_id}/${View}`, "get"> }} Views */

const OVER = ["finished", "stopped", "diverged", "failed"];

/** @param {string} id */
export const runPath = (id) => `/api/runs/${encodeURIComponent(id)}`;

/** Ask something about a run. @template {keyof Views} View @param {string} id @param {View} view @param {Record<string, string | number>} query @returns {Promise<Views[View]>} */
export async function askRun(id, view, query) {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return (await send(`${runPath(id)}/${view}?${pairs.join("&")}`)).json();
}

/** One's own runs, the newest first. @returns {Promise<RunInfo[]>} */
export const ownRuns = async () => (await (await send("/api/runs")).json()).runs;

/** @param {string} id @returns {Promise<RunInfo>} */
const infoOf = async (id) => (await send(runPath(id))).json();

/** The curves of a run, every point of them once. */
export class History {
  /** @type {number[]} */ steps = [];
  /** @type {(number | null)[]} */ losses = [];
  /** @type {(number | null)[]} */ accuracies = [];
  /** @type {(number | null)[]} */ rates = [];
  /** @type {(number | null)[]} */ gradients = [];
  /** @type {Epoch[]} */ epochs = [];

  get last() {
    return this.steps.at(-1) ?? 0;
  }

  /** @param {Point[]} points whatever is known already is left out */
  add(points) {
    for (const [step, loss, accuracy, rate, gradient] of points) {
      if (step <= this.last) continue;
      this.steps.push(step);
      this.losses.push(loss);
      this.accuracies.push(accuracy);
      this.rates.push(rate);
      this.gradients.push(gradient);
    }
  }

  /** @param {Epoch} epoch whatever is known already is left out */
  close(epoch) {
    if (epoch.epoch > (this.epochs.at(-1)?.epoch ?? 0)) this.epochs.push(epoch);
  }

  /** @param {RunInfo} info */
  static async of(info) {
    const history = new History();
    const stride = Math.max(1, Math.ceil(info.step / MOST_POINTS));
    const { points, epochs } = await askRun(info.id, "points", { after: 0, stride });
    history.add(points);
    for (const epoch of epochs) history.close(epoch);
    return history;
  }
}

/**
 * A run that is watched. Fires "change" when something about it is new, and "step", "epoch", "substep", "end".
 * A hidden page closes its stream, and goes on after the last step that it has when it is shown again.
 */
export class Run extends EventTarget {
  /** @type {EventSource | null} */ #source = null;
  #retry = 0;
  #closed = false;
  /** The latest that the stream told of the run's state: what was asked for before that came is older. @type {Partial<RunInfo>} */ #heard = {};

  /** @param {RunInfo} info @param {History} history */
  constructor(info, history) {
    super();
    this.info = info;
    this.history = history;
    /** @type {string | null} */
    this.phase = null;
    /** @type {PhaseNow} */
    this.phaseEvent = {};
    this.offline = false;
    this.onVisibility = () => this.#follow();
    document.addEventListener("visibilitychange", this.onVisibility);
    this.#follow();
  }

  /** What there is of a run so far: nobody listens to it yet. @param {string} id */
  static async open(id) {
    const info = await infoOf(id);
    return { info, history: await History.of(info) };
  }

  /** @param {RunRequest} settings */
  static async start(settings) {
    const answer = await post("/api/runs", settings);
    return new Run(await answer.json(), new History());
  }

  get over() {
    return OVER.includes(this.info.state);
  }

  get commandable() {
    return this.info.mine || this.info.shared || this.info.steerable;
  }

  /** @param {string} command @param {Turned} [values] */
  async command(command, values = {}) {
    await this.#answer(post(`${runPath(this.info.id)}/commands`, { command, ...values }));
  }

  /** @param {{ name?: string, shared?: boolean }} patch */
  async edit(patch) {
    await this.#answer(amend(runPath(this.info.id), patch));
  }

  /** Delete it. */
  async remove() {
    this.close();
    await send(runPath(this.info.id), { method: "DELETE" });
  }

  async refresh() {
    await this.#answer(send(runPath(this.info.id)));
  }

  close() {
    this.#closed = true;
    document.removeEventListener("visibilitychange", this.onVisibility);
    this.#disconnect();
  }

  /** @param {Partial<RunInfo>} news */
  #learn(news) {
    const step = Math.max(this.info.step, news.step ?? 0); // an answer may be older than the stream
    const epoch = Math.max(this.info.epoch, news.epoch ?? 0);
    this.info = { ...this.info, ...news, step, epoch };
    this.#tell("change");
  }

  /** Learn what is answered, but for what the stream has told since it was asked. @param {Promise<Response>} request */
  async #answer(request) {
    const before = this.#heard;
    const news = await (await request).json();
    this.#learn(before === this.#heard ? news : { ...news, ...this.#heard });
  }

  /** @param {Partial<RunInfo>} news of the stream */
  #hear(news) {
    this.#heard = { ...this.#heard, ...news };
    this.#learn(news);
  }

  /** @param {string} name */
  #tell(name) {
    if (!this.#closed) this.dispatchEvent(new Event(name));
  }

  /** Listen while the page is seen and the run goes on. */
  #follow() {
    if (document.visibilityState === "hidden" || this.#closed) this.#disconnect();
    else if (!this.#source && !this.#ended) this.#connect();
  }

  get #ended() {
    return this.over && this.history.last >= this.info.step;
  }

  #disconnect() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  #connect() {
    const source = new EventSource(`${runPath(this.info.id)}/events?after=${this.history.last}`);
    this.#source = source;
    /** @template T @param {string} name @param {(data: T) => void} act */
    const on = (name, act) =>
      source.addEventListener(name, ({ data }) => {
        if (source === this.#source) act(JSON.parse(data));
      });
    source.addEventListener("open", () => this.#online(true));
    source.addEventListener("error", () => this.#lost(source));
    on("step", this.#onStep);
    on("epoch", this.#onEpoch);
    on("substep", this.#onSubstep);
    on("state", (/** @type {Partial<RunInfo>} */ news) => this.#hear(news));
    on("warning", (/** @type {Warned} */ warning) => this.#learn({ warning }));
    on("end", this.#onEnd);
  }

  /** @param {boolean} online */
  #online(online) {
    if (this.offline === !online) return;
    this.offline = !online;
    this.#tell("change");
  }

  /** The browser tries again by itself, unless it was refused. @param {EventSource} source */
  #lost(source) {
    if (source !== this.#source) return;
    this.#online(false);
    if (source.readyState !== EventSource.CLOSED) return;
    this.#disconnect();
    this.#retry = window.setTimeout(() => this.#reopen(), RETRY_MS);
  }

  async #reopen() {
    try {
      await this.refresh();
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return this.#tell("gone");
    }
    return this.#follow();
  }

  /** @param {{ points: Point[], step: number, epoch: number, seconds_left: number | null, loss: number | null, accuracy: number | null, learning_rate: number }} data */
  #onStep = (data) => {
    const { points, step, epoch, seconds_left, loss, accuracy, learning_rate: rate } = data;
    this.history.add(points);
    this.phase = null;
    const metrics = { ...this.info.metrics, loss, accuracy, learning_rate: rate, gradient_norm: this.history.gradients.at(-1) ?? null };
    this.info = { ...this.info, step: Math.max(step, this.info.step), epoch: Math.max(epoch, this.info.epoch), metrics, seconds_left };
    this.#tell("step");
  };

  /** @param {Epoch & { epochs: Epoch[] }} data the latest epoch, and all since the event before */
  #onEpoch = (data) => {
    for (const epoch of data.epochs) this.history.close(epoch);
    const { validation_loss, validation_accuracy } = data;
    this.info = { ...this.info, metrics: { ...this.info.metrics, validation_loss, validation_accuracy } };
    this.#tell("epoch");
  };

  /** @param {PhaseNow & { phase: string }} data */
  #onSubstep = (data) => {
    this.phase = data.phase;
    this.phaseEvent = data;
    this.#tell("substep");
  };

  /** @param {Ended} data */
  #onEnd = async (data) => {
    this.#disconnect();
    this.phase = null;
    this.#hear({ state: data.state, end: data });
    this.#tell("end");
    try {
      await this.refresh();
    } catch {
      // what the stream said is enough
    }
  };
}
