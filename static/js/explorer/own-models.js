// Networks as files: where the one that is asked comes from, taking it along, opening another, deleting one's own.

/** @import { Model } from "./model.js" */

import { send } from "../api.js";
import { askFirst } from "../ask-first.js";
import { byRole, el, find } from "../draw/dom.js";
import { percent } from "../format.js";
import { say } from "../words.js";
import { nameOf, pathOf } from "./model.js";

/**
 * @typedef {object} ModelEvents
 * @property {(model: Model) => void} opened a network of one's own that is new
 * @property {(id: string) => void} deleted
 * @property {(act: () => unknown) => Promise<void>} attempt says why something could not be done
 */

export class OwnModels {
  #file = find('[data-role="model-file"]', HTMLInputElement);
  #save = find('[data-role="save-model"]', HTMLAnchorElement);
  #program = find('[data-role="model-program"]', HTMLAnchorElement);

  /** @param {ModelEvents} events */
  constructor(events) {
    this.events = events;
    byRole("open-model").addEventListener("click", () => this.#file.click());
    this.#file.addEventListener("change", () => {
      const [file] = this.#file.files ?? [];
      if (file) events.attempt(() => this.#open(file));
      this.#file.value = ""; // the same file may be chosen again
    });
  }

  /** The network that is asked, among those that there are. @param {Model} model @param {Model[]} models */
  show(model, models) {
    const { accuracy, source, id } = model;
    const known = accuracy === null ? say("explorer.accuracy_unknown") : say("explorer.accuracy", { accuracy: percent(accuracy) });
    byRole("about").textContent = known;
    byRole("source").textContent = source ? say("explorer.source", { source }) : "";
    this.#save.href = pathOf(id, "file");
    this.#program.href = pathOf(id, "code");
    const own = models.filter(({ mine }) => mine);
    const list = byRole("own-models");
    list.hidden = !own.length;
    list.replaceChildren(...own.map((one) => this.#row(one)));
  }

  /** @param {Model} model */
  #row(model) {
    const name = nameOf(model);
    const remove = el("button", { type: "button", class: "button quiet", "aria-label": say("explorer.delete_model", { name }), "data-asks": say("common.delete_for_good") }, say("common.delete"));
    askFirst(remove, () => this.events.attempt(() => this.#delete(model.id)));
    return el("li", {}, el("span", {}, el("b", {}, name), " ", el("span", { class: "field-note" }, model.source)), remove);
  }

  /** Nothing in the file is run. @param {File} file */
  async #open(file) {
    const body = new FormData();
    body.append("file", file, file.name);
    this.events.opened(await (await send("/api/models", { method: "POST", body })).json());
  }

  /** @param {string} id */
  async #delete(id) {
    await send(pathOf(id), { method: "DELETE" });
    this.events.deleted(id);
  }
}
