// The run that is watched, and all that shows it: strip, curves, answers, the sentence, what went wrong.

/** @import { Drawn } from "./curves.js" */
/** @import { Checked } from "./editor.js" */
/** @import { Chosen } from "./settings.js" */
/** @import { Snapshot } from "./planes.js" */
/** @import { Run } from "./run.js" */
/** @import { Ref } from "./column.js" */

import { byRole } from "../draw/dom.js";
import { MISSING } from "../later.js";
import { rarely } from "../rarely.js";
import { say } from "../words.js";
import { Curves } from "./curves.js";
import { Looker } from "./looker.js";
import { LayerStrip } from "./strip.js";
import { epochSentence, phaseSentence, stateSentences } from "./words.js";

const SPOKEN_MS = 1500; // between two epochs that are spoken
const MOST_EARLIER = 3;

/**
 * @typedef {object} WatchEvents
 * @property {() => void} changed something about the run is new: its state, its dials
 * @property {() => void} ended
 * @property {() => void} looked something else is looked at, and the link says what
 * @property {(patch: Partial<Chosen>) => void} remedy
 * @property {(...sentences: string[]) => void} complain
 * @property {() => Chosen} setup
 */

export class Watch {
  /** @type {Run | null} */ run = null;
  /** @type {Drawn[]} */ earlier = [];
  followed = ""; // the phase whose numbers of a weight that a person chose are shown
  weight = ""; // the one that is followed in slow motion, `0.weight,4,0,1,2`; empty for the first
  strip = new LayerStrip(byRole("strip"), (ref) => this.#enlarge(ref));
  curves = new Curves();
  /** @type {import("./predictions.js").Predictions | null} */ #predictions = null;
  /** @type {typeof import("./trouble.js").showTrouble | null} */ #showTrouble = null;
  /** @type {import("./enlarge.js").Enlarge | null} */ #enlarged = null;
  #looker = new Looker(rarely(() => this.#seen()));
  /** @type {{ snapshot: Snapshot, layers: Checked[] } | null} */ #begins = null;
  /** @type {import("./weight.js").Weight | null} */ #weight = null;
  #spoken = 0;
  #state = "";

  /** @param {WatchEvents} events */
  constructor(events) {
    this.events = events;
  }

  /** What the page's first frame does without. */
  async startRest() {
    const [{ Predictions }, { showTrouble }] = await Promise.all([import("./predictions.js"), import("./trouble.js")]);
    this.#predictions = new Predictions(this.events.complain);
    this.#showTrouble = showTrouble;
    this.#predictions.show(this.run?.info ?? null);
    showTrouble(this.run, this.events.setup(), this.events.remedy);
  }

  /** The run that goes on now, if one does. */
  get going() {
    return this.run && !this.run.over ? this.run : null;
  }

  get sample() {
    return this.#looker.sample;
  }

  set sample(sample) {
    this.#looker.sample = sample;
    this.#looker.look();
  }

  /** @param {Run | null} run */
  show(run) {
    this.run?.close();
    this.run = run;
    this.#state = "";
    this.strip.blank();
    if (run) this.#listen(run);
    this.#looker.follow(run);
    this.curves.show(run, this.earlier);
    this.#predictions?.show(run?.info ?? null);
    this.#weight?.hide();
    this.#changed();
  }

  /** The run that was shown goes under the next one, where both learn from the same data; the first stays. @param {string} dataset */
  keep(dataset) {
    const shown = this.run?.history.last ? [{ info: this.run.info, history: this.run.history }] : [];
    const like = [...this.earlier, ...shown].filter(({ info }) => info.settings.dataset === dataset);
    this.earlier = like.length > MOST_EARLIER ? [...like.slice(0, 1), ...like.slice(1 - MOST_EARLIER)] : like;
  }

  /** @param {Drawn[]} earlier */
  lay(earlier) {
    this.earlier = earlier.slice(-MOST_EARLIER);
    this.curves.show(this.run, this.earlier);
  }

  /** A run that goes on lies under this one. @param {Run} run */
  lie(run) {
    for (const name of ["step", "epoch", "end"]) run.addEventListener(name, () => this.curves.update());
    this.lay([...this.earlier, run]);
  }

  /** A network that waits for its start. @param {Checked[]} layers @param {number[]} inputShape @param {string[]} classes @param {string} sentence */
  plan(layers, inputShape, classes, sentence) {
    this.strip.plan(layers, inputShape, classes);
    this.say(sentence);
  }

  /** What the network makes of the picture before it has learned anything. @param {Snapshot} snapshot @param {Checked[]} layers */
  begin(snapshot, layers) {
    if (this.run) return;
    this.#begins = { snapshot, layers };
    this.strip.show(snapshot);
    this.#enlarged?.show(snapshot, layers);
  }

  /** @param {string} sentence */
  say(sentence) {
    const node = byRole("sentence");
    if (node.textContent !== sentence) node.textContent = sentence;
  }

  /** @param {Run} run */
  #listen(run) {
    this.strip.plan(run.info.layers, run.info.input_shape, run.info.classes);
    run.addEventListener("step", () => this.#onStep());
    run.addEventListener("epoch", () => this.#onEpoch());
    run.addEventListener("substep", () => this.#onSubstep());
    run.addEventListener("change", () => this.#changed());
    run.addEventListener("end", () => this.#onEnd());
    run.addEventListener("gone", () => this.events.complain(say("training.gone")));
  }

  #changed() {
    const { run } = this;
    byRole("watching").hidden = !run || run.commandable;
    this.#showTrouble?.(run, this.events.setup(), this.events.remedy);
    this.events.changed();
    if (!run) return;
    this.#predictions?.show(run.info);
    this.curves.update();
    const state = `${run.info.state} ${run.info.place} ${run.info.starts_in} ${run.offline} ${run.info.slow_motion} ${run.info.trouble} ${Boolean(run.info.end)} ${run.commandable}`;
    if (state !== this.#state) {
      this.say(stateSentences(run));
      this.#showWeight();
    }
    this.#state = state;
    this.#showPhase();
  }

  #onStep() {
    this.#looker.look();
    this.#predictions?.update();
    this.curves.update();
    this.#tell();
  }

  /** What else a step changes, as often as its curves and at the same time: each would be a frame to be drawn. */
  #tell = rarely(() => {
    this.events.changed();
    this.#showPhase();
  });

  #onSubstep() {
    this.#looker.look();
    this.#showWeight();
  }

  /** @param {string} weight */
  #follow(weight) {
    this.weight = weight;
    this.events.looked();
    this.#showWeight();
  }

  /** What becomes of one weight: in slow motion, where a step has phases. */
  async #showWeight() {
    const { run } = this;
    this.followed = "";
    if (!run?.info.slow_motion || run.over) return this.#weight?.hide();
    const found = await import("./weight.js").catch(() => this.events.complain(MISSING));
    if (!found) return undefined;
    this.#weight ??= new found.Weight();
    const shown = await this.#weight.show(run, this.weight);
    this.followed = this.weight ? (shown ?? "") : "";
    return this.events.changed();
  }

  #onEpoch() {
    const epoch = this.run?.history.epochs.at(-1);
    this.#predictions?.update(true);
    this.curves.update();
    if (!epoch || !this.run || this.run.over || performance.now() < this.#spoken) return;
    this.#spoken = performance.now() + SPOKEN_MS;
    this.say(epochSentence(epoch, this.run.info));
  }

  #onEnd() {
    this.#looker.look();
    this.#predictions?.update(true);
    this.#changed();
    this.events.ended();
  }

  #seen() {
    const { snapshot } = this.#looker;
    if (!this.run || !snapshot) return;
    this.strip.show(snapshot);
    this.#enlarged?.show(snapshot, this.run.info.layers);
    this.#showPhase();
  }

  #showPhase() {
    const slow = Boolean(this.run?.info.slow_motion && !this.run.over);
    const phase = slow ? this.run?.phase : null;
    const list = byRole("phases");
    list.hidden = !slow;
    for (const node of list.children) {
      if (node.getAttribute("data-phase") === phase) node.setAttribute("aria-current", "step");
      else node.removeAttribute("aria-current");
    }
    const sentence = phase && this.run ? phaseSentence(phase, this.run, this.#looker.snapshot) : "";
    if (sentence) this.say(sentence);
  }

  /** The grids are asked for when somebody wants to see one. @param {Ref} ref */
  async #enlarge(ref) {
    const found = await import("./enlarge.js").catch(() => this.events.complain(MISSING));
    if (!found) return;
    const enlarged = (this.#enlarged ??= new found.Enlarge((weight) => this.#follow(weight)));
    const { snapshot } = this.#looker;
    if (this.run && snapshot) enlarged.open(ref, snapshot, this.run.info.layers, this.strip.own);
    else if (!this.run && this.#begins) enlarged.open(ref, this.#begins.snapshot, this.#begins.layers, this.strip.own);
  }
}
