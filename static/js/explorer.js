// The explorer: a drawing or a picture, a network that has learned, all that its layers make of it, and why it answers as it does.

/** @import { ApiError } from "./api.js" */
/** @import { Answer, Model } from "./explorer/model.js" */
/** @import { Chosen, View } from "./explorer/settings.js" */

import { post } from "./api.js";
import { byRole, el, find, onAction } from "./draw/dom.js";
import { ONE_COLUMN } from "./draw/room.js"; // as in explorer.css
import { depthOf } from "./explorer/addresses.js";
import { switched, withChanges } from "./explorer/bending.js";
import { showAnswer } from "./explorer/bars.js";
import { Doubt } from "./explorer/doubt.js";
import { isLearned, Learned } from "./explorer/learned.js";
import { Closer } from "./explorer/closer.js";
import { Given } from "./explorer/given.js";
import { startKeys } from "./explorer/keys.js";
import { answerOf, listedAs, modelOf, models } from "./explorer/model.js";
import { Network } from "./explorer/network.js";
import { OwnModels } from "./explorer/own-models.js";
import { Pad } from "./explorer/pad.js";
import { Pinned } from "./explorer/pinned.js";
import { Reason } from "./explorer/reason.js";
import { Received } from "./explorer/received.js";
import { DIGITS, FIELDS, firstOf, givenTo, SCALES, stepsOf, VIEW } from "./explorer/settings.js";
import { beginOnScreen } from "./explorer/sight.js";
import { Smallest } from "./explorer/smallest.js";
import { Took } from "./explorer/took.js";
import { PHOTO, unpackedPhoto } from "./input/photo-link.js";
import { needed } from "./needed.js";
import { Page } from "./page.js";
import { startPresenting } from "./present.js";
import { formatState, parseState } from "./state.js";
import { say } from "./words.js";

class ExplorerPage {
  fields = FIELDS;
  /** @type {Model[]} */ #models = [];
  /** @type {Answer | null} */ #answer = null;
  /** @type {import("./lesson/task-list.js").TaskList<import("./lesson/tasks/explorer.js").Seen> | null} */ #tasks = null;

  constructor() {
    /** @type {Page<Chosen, View, Answer>} */
    this.page = new Page(this);
    this.store = this.page.store;
    const changed = () => {
      this.page.address.schedule();
      this.#lookAtTasks();
    };
    const attempt = (/** @type {() => unknown} */ act) => this.page.attempt(act);
    const kept = () => this.store.state;
    this.given = new Given((patch) => this.page.change(patch), kept);
    this.pad = new Pad(
      (drawing, gesture) => this.page.change({ drawing, image: "", sample: "" }, gesture),
      kept,
      (sentence) => this.given.complain(sentence),
    );
    this.pad.offerPens();
    this.received = new Received((without) => this.store.set({ without }), (moved) => this.store.set({ moved }));
    this.closer = new Closer(changed, attempt, {
      bend: (more) => this.#bend(more),
      turn: (channel) => this.store.set({ off: switched(this.store.state.off, channel) }),
      complain: (sentence) => this.page.message.show(sentence),
    });
    this.pinned = new Pinned(() => this.closer.at, (at) => this.closer.go(at), changed);
    startKeys(this.closer);
    startPresenting({ next: () => this.closer.step(0, 1), previous: () => this.closer.step(0, -1), changeSpeed: () => {} });
    onAction("freeze", () => {
      this.given.complain(""); // that it is frozen is no longer so, or not yet tried
      this.store.set({ frozen: !this.store.state.frozen });
    });
    this.took = new Took(
      (bent) => this.store.set(bent),
      () => attempt(() => this.#keep()),
    );
    this.smallest = new Smallest((change) => this.#bend([change]), attempt);
    this.network = new Network((at) => this.closer.go(at), attempt);
    this.colours = find('[data-role="colours"]', HTMLSelectElement);
    this.colours.replaceChildren(...Object.entries(SCALES).map(([value, title]) => el("option", { value }, title)));
    this.colours.addEventListener("change", () => this.store.set({ colours: this.colours.value }));
    this.reason = new Reason(changed, attempt);
    this.doubt = new Doubt((unsure) => this.store.set({ unsure }, "unsure"), attempt);
    this.learned = new Learned((learns, gesture) => this.store.set({ learns }, gesture), (model, sample) => this.#giveSample(model, sample), attempt);
    this.chooser = find('[data-role="model"]', HTMLSelectElement);
    this.chooser.addEventListener("change", () => this.#choose(this.chooser.value));
    this.ownModels = new OwnModels({
      opened: (model) => this.#offer([...this.#models, model], model.id),
      deleted: (id) => this.#offer(this.#models.filter((model) => model.id !== id), this.store.state.model === id ? "" : this.store.state.model),
      attempt,
    });
    document.addEventListener("themechange", () => this.#answer && this.network.show(this.#answer));
    const fold = () => byRole("others").toggleAttribute("open", !ONE_COLUMN.matches); // so that the network is not far below
    ONE_COLUMN.addEventListener("change", fold);
    fold();
  }

  start() {
    return this.page.start(() => this.#startTasks(), () => this.#startPaper());
  }

  /** On paper stands why, unless it is a map or a cell that is looked at. */
  async #startPaper() {
    const { startExplorerPaper } = await import("./explorer/paper.js");
    const ready = async () => void (this.#answer?.drawn && !this.closer.at && (await this.reason.open()));
    startExplorerPaper(() => this.#answer, ready);
  }

  async #startTasks() {
    const [{ TaskList }, { tasks }] = await Promise.all([import("./lesson/task-list.js"), import("./lesson/tasks/explorer.js")]);
    this.#tasks = new TaskList("explorer", tasks, this.store);
    this.#lookAtTasks();
  }

  #lookAtTasks() {
    if (this.#answer) this.#tasks?.look({ trace: this.#answer, step: { index: depthOf(this.#answer.model, this.closer.at) } });
  }

  async #know() {
    if (!this.#models.length) this.#list(await models());
  }

  /** A link may lead to a network that somebody else keeps. @param {string} id */
  async #find(id) {
    const model = await modelOf(id);
    if (model) this.#list([...this.#models, model]);
  }

  /** @param {Model[]} models */
  #list(models) {
    this.#models = models;
    this.chooser.replaceChildren(...this.#models.map((model) => el("option", { value: model.id }, listedAs(model))));
  }

  /** Others can be chosen from now on, and this one is; without one the first. @param {Model[]} models @param {string} id */
  #offer(models, id) {
    this.#list(models);
    if (id === this.store.state.model && this.#answer) {
      this.chooser.value = id;
      this.ownModels.show(this.#answer.model, models);
    } else this.#choose(id || DIGITS);
  }

  /** @param {import("./explorer/bending.js").Change[]} more */
  #bend(more) {
    this.store.set({ changes: withChanges(this.store.state.changes, more) });
  }

  /** The network with its changed weights becomes one of one's own; what is given to it stays. */
  async #keep() {
    const { model, changes } = this.store.state;
    const made = await (await post("/api/models", { model, changes })).json();
    this.#list([...this.#models, made]);
    this.store.set({ model: made.id, changes: [] });
  }

  /** What is given, or why nothing new is, stands beside the pad: that comes into sight. @param {Model} model @param {number} sample */
  #giveSample(model, sample) {
    this.given.giveSample(model, sample);
    byRole("pad").scrollIntoView({ block: "nearest" });
  }

  /** Another network, as it is, is given what a person drew or brought, or a sample of its own data set. @param {string} id */
  #choose(id) {
    const model = needed(this.#model(id));
    this.closer.channel = "";
    const anew = { without: [], moved: [0, 0], changes: [], off: [], learns: "" };
    this.store.set({ ...givenTo(this.store.state, model), model: id, ...anew });
  }

  /** @param {string} id */
  #model(id) {
    return this.#models.find((model) => model.id === id);
  }

  about() {
    return this.given.keeping.aboutLink();
  }

  /** @returns {string} */
  fragment() {
    const view = this.page.view ?? { at: this.closer.at, channel: this.closer.channel, why: this.reason.text, pinned: this.pinned.at };
    return formatState([...FIELDS, ...VIEW], { ...this.store.state, ...view }, 0);
  }

  /** @param {string} fragment */
  async read(fragment) {
    await this.#know();
    const { state, problems } = parseState([...FIELDS, ...VIEW, PHOTO], fragment);
    const { at, channel, why, pinned, photo, ...chosen } = state;
    this.given.complain("");
    if (photo) Object.assign(chosen, await this.#unpacked(photo, problems));
    else if (chosen.image && !(await this.given.isThere(chosen.image))) chosen.image = "";
    if (!this.#model(chosen.model)) await this.#find(chosen.model);
    if (!this.#model(chosen.model)) {
      problems.push(say("explorer.no_model", { name: chosen.model }));
      chosen.model = DIGITS;
    }
    const model = needed(this.#model(chosen.model));
    if (!/(^|[#&])drawing=/.test(fragment) && !chosen.image && !chosen.sample) Object.assign(chosen, firstOf(model));
    const steps = stepsOf(model, chosen);
    const unknown = chosen.without.filter((name) => !steps.includes(name));
    for (const name of unknown) problems.push(say("explorer.no_stage", { name }));
    if (unknown.length) chosen.without = [];
    if (!isLearned(model, chosen.learns)) {
      problems.push(say("learned.no_map", { map: chosen.learns }));
      chosen.learns = "";
    }
    return { state: chosen, view: { at, channel, why, pinned }, problems };
  }

  /** A photo that came in the link is an upload like any other. @param {string} photo @param {string[]} problems */
  async #unpacked(photo, problems) {
    const image = await unpackedPhoto(photo, problems);
    if (image) this.page.address.schedule();
    return { image, sample: "" };
  }

  /** @param {View} [view] */
  showSettings(view) {
    if (view) [this.closer.at, this.closer.channel, this.reason.text, this.pinned.at] = [view.at, view.channel, view.why, view.pinned];
    const { state } = this.store;
    this.pad.show(state);
    this.chooser.value = state.model;
    this.colours.value = state.colours;
    this.learned.follow(state);
    if (view) this.doubt.open(state);
    document.querySelector('[data-action="freeze"]')?.setAttribute("aria-pressed", String(state.frozen));
  }

  /** @param {Chosen} chosen @param {AbortSignal} signal @returns {Promise<Answer>} */
  ask(chosen, signal) {
    return answerOf(needed(this.#model(chosen.model)), chosen, signal);
  }

  /** @param {Answer} answer @param {View} [view] of a link */
  show(answer, view) {
    this.#answer = answer;
    const { model, stages, input } = answer;
    this.pad.showPicture(stages[0]?.values ?? input);
    this.pad.offerInks(model.input_shape[0] === 3);
    showAnswer(answer);
    this.ownModels.show(model, this.#models);
    for (const part of [this.given, this.received, this.took, this.smallest, this.network, this.closer, this.pinned, this.doubt, this.learned]) part.show(answer);
    this.reason.show(answer, view !== undefined);
    this.#lookAtTasks();
  }

  /** A picture that the server has dropped meanwhile is said beside the pad, too. @param {ApiError} error */
  failed({ status, message }) {
    if (status === 404 && this.store.state.image) this.given.complain(message);
  }

  /** @param {View} view @param {string[]} problems */
  opened({ at, channel, why, pinned }, problems) {
    if (at !== this.closer.at) problems.push(say("explorer.no_place", { at }));
    else if (channel !== this.closer.channel) {
      problems.push(say("explorer.no_cell_channel", { channel }));
      this.page.address.schedule();
    }
    if (pinned !== this.pinned.at) problems.push(say("explorer.no_place", { at: pinned }));
    if (why !== this.reason.text) problems.push(say("explorer.no_reason", { why }));
    this.#lead();
  }

  /** What the link is about comes into sight. */
  #lead() {
    if (this.closer.at) void this.closer.leadTo();
    else if (this.reason.text) beginOnScreen(byRole("why-card"));
    else if (this.store.state.learns) beginOnScreen(byRole("learned"));
  }
}

await new ExplorerPage().start();
