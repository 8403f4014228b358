// The explorer: a drawing, a network that has learned, all that its layers make of it, and why it answers as it does.

/** @import { Answer, Model } from "./explorer/model.js" */
/** @import { Chosen } from "./explorer/settings.js" */

import { post } from "./api.js";
import { byRole, el } from "./draw/dom.js";
import { switched, withChanges } from "./explorer/bending.js";
import { showAnswer } from "./explorer/bars.js";
import { Closer } from "./explorer/closer.js";
import { answerOf, models, nameOf } from "./explorer/model.js";
import { Network } from "./explorer/network.js";
import { OwnModels } from "./explorer/own-models.js";
import { Pad } from "./explorer/pad.js";
import { Reason } from "./explorer/reason.js";
import { Received } from "./explorer/received.js";
import { AT, DIGITS, FIELDS, WHY } from "./explorer/settings.js";
import { Took } from "./explorer/took.js";
import { Page } from "./page.js";
import { formatState, parseState } from "./state.js";
import { say } from "./words.js";

/** @typedef {{ at: string, why: string }} View what a link looks at */

class ExplorerPage {
  fields = FIELDS;
  #models = /** @type {Model[]} */ ([]);
  #answer = /** @type {Answer | null} */ (null);

  constructor() {
    this.page = /** @type {Page<Chosen, View, Answer>} */ (new Page(this));
    this.store = this.page.store;
    const changed = () => this.page.address.schedule();
    const attempt = (/** @type {() => unknown} */ act) => this.page.attempt(act);
    this.pad = new Pad(
      (drawing, gesture) => this.page.change({ drawing }, gesture),
      () => this.store.state.drawing,
    );
    this.received = new Received((without) => this.store.set({ without }));
    this.closer = new Closer(changed, attempt, {
      bend: (more) => this.store.set({ changes: withChanges(this.store.state.changes, more) }),
      turn: (channel) => this.store.set({ off: switched(this.store.state.off, channel) }),
    });
    this.took = new Took(
      (bent) => this.store.set(bent),
      () => attempt(() => this.#keep()),
    );
    this.network = new Network((at) => this.closer.go(at), attempt);
    this.colours = /** @type {HTMLSelectElement} */ (byRole("colours"));
    this.colours.addEventListener("change", () => this.store.set({ colours: this.colours.value }));
    this.reason = new Reason(changed, attempt);
    this.chooser = /** @type {HTMLSelectElement} */ (byRole("model"));
    this.chooser.addEventListener("change", () => this.#choose(this.chooser.value));
    this.ownModels = new OwnModels({
      opened: (model) => this.#offer([...this.#models, model], model.id),
      deleted: (id) => this.#offer(this.#models.filter((model) => model.id !== id), this.store.state.model === id ? "" : this.store.state.model),
      attempt,
    });
    document.addEventListener("themechange", () => this.#answer && this.network.show(this.#answer));
  }

  start() {
    return this.page.start();
  }

  async #know() {
    if (!this.#models.length) this.#list(await models());
  }

  /** @param {Model[]} models */
  #list(models) {
    this.#models = models;
    this.chooser.replaceChildren(...this.#models.map((model) => el("option", { value: model.id }, nameOf(model))));
  }

  /** Others can be chosen from now on, and this one is; without one the first. @param {Model[]} models @param {string} id */
  #offer(models, id) {
    this.#list(models);
    if (id === this.store.state.model && this.#answer) {
      this.chooser.value = id;
      this.ownModels.show(this.#answer.model, models);
    } else this.#choose(id || DIGITS);
  }

  /** The network with its changed weights becomes one of one's own. */
  async #keep() {
    const { model, changes } = this.store.state;
    const made = await (await post("/api/models", { model, changes })).json();
    this.#offer([...this.#models, made], made.id);
  }

  /** Another network, as it is. @param {string} model */
  #choose(model) {
    this.store.set({ model, without: [], changes: [], off: [] });
  }

  /** @param {string} id */
  #model(id) {
    return this.#models.find((model) => model.id === id);
  }

  /** @returns {string} */
  fragment() {
    const { at, why } = this.page.view ?? { at: this.closer.at, why: this.reason.text };
    return [formatState(FIELDS, this.store.state, 0), at && `at=${at}`, why && `why=${why}`].filter(Boolean).join("&");
  }

  /** @param {string} fragment */
  async read(fragment) {
    await this.#know();
    const { state, problems } = parseState([...FIELDS, AT, WHY], fragment);
    const { at, why, ...chosen } = state;
    if (!this.#model(chosen["model"])) {
      problems.push(say("explorer.no_model", { name: chosen["model"] }));
      chosen["model"] = DIGITS;
    }
    const { prepare = {} } = this.#model(chosen["model"]) ?? {};
    const unknown = chosen["without"].filter((/** @type {string} */ name) => !prepare[name]);
    for (const name of unknown) problems.push(say("explorer.no_stage", { name }));
    if (unknown.length) chosen["without"] = [];
    return { state: /** @type {Chosen} */ (chosen), view: { at, why }, problems };
  }

  /** @param {View} [view] */
  showSettings(view) {
    if (view) [this.closer.at, this.reason.text] = [view.at, view.why];
    this.pad.show(this.store.state.drawing);
    this.chooser.value = this.store.state.model;
    this.colours.value = this.store.state.colours;
  }

  /** @param {Chosen} chosen @param {AbortSignal} signal @returns {Promise<Answer>} */
  ask(chosen, signal) {
    return answerOf(/** @type {Model} */ (this.#model(chosen.model)), chosen, signal);
  }

  /** @param {Answer} answer */
  show(answer) {
    this.#answer = answer;
    this.received.show(answer);
    showAnswer(answer);
    this.took.show(answer);
    this.network.show(answer);
    this.ownModels.show(answer.model, this.#models);
    this.closer.show(answer);
    this.reason.show(answer);
  }

  /** @param {View} view @param {string[]} problems */
  opened({ at, why }, problems) {
    if (at !== this.closer.at) problems.push(say("explorer.no_place", { at }));
    if (why !== this.reason.text) problems.push(say("explorer.no_reason", { why }));
  }
}

await new ExplorerPage().start();
