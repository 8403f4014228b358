// The explorer: a drawing, a network that has learned, all that its layers make of it, and why it answers as it does.

/** @import { Answer, Model } from "./explorer/model.js" */
/** @import { Chosen } from "./explorer/settings.js" */

import { byRole, el } from "./draw/dom.js";
import { showAnswer } from "./explorer/bars.js";
import { Closer } from "./explorer/closer.js";
import { answerOf, models, nameOf } from "./explorer/model.js";
import { Network } from "./explorer/network.js";
import { Pad } from "./explorer/pad.js";
import { Reason } from "./explorer/reason.js";
import { Received } from "./explorer/received.js";
import { AT, FIELDS, WHY } from "./explorer/settings.js";
import { percent } from "./format.js";
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
    this.closer = new Closer(changed, attempt);
    this.network = new Network((at) => this.closer.go(at));
    this.reason = new Reason(changed, attempt);
    this.chooser = /** @type {HTMLSelectElement} */ (byRole("model"));
    this.chooser.addEventListener("change", () => this.store.set({ model: this.chooser.value, without: [] }));
    document.addEventListener("themechange", () => this.#answer && this.network.show(this.#answer));
  }

  start() {
    return this.page.start();
  }

  async #know() {
    if (this.#models.length) return;
    this.#models = await models();
    this.chooser.replaceChildren(...this.#models.map((model) => el("option", { value: model.id }, nameOf(model))));
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
      chosen["model"] = FIELDS[0]?.initial;
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
    this.network.show(answer);
    const { accuracy } = answer.model;
    byRole("about").textContent = accuracy === null ? "" : say("explorer.accuracy", { accuracy: percent(accuracy) });
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
