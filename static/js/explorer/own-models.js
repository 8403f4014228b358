// Networks as files: what there is to draw for the one that is asked and where it comes from, taking it along, opening
// another, sharing and deleting one's own.

/** @import { Model } from "./model.js" */

import { amend, send } from "../api.js";
import { askFirst } from "../ask-first.js";
import { byRole, el, find } from "../draw/dom.js";
import { percent } from "../format.js";
import { latest } from "../input/latest.js";
import { say } from "../words.js";
import { modelPath, nameOf } from "./model.js";
import { DIGITS } from "./settings.js";

/** What the page says first; of digits it came with that. @type {Record<string, string>} */
const LEADS = {
  [DIGITS]: byRole("lead").textContent ?? "",
  clothes: say("explorer.lead_clothes"),
  orientations: say("explorer.lead_orientations"),
  "shapes-colour": say("explorer.lead_shapes"),
};

/**
 * @typedef {object} ModelEvents
 * @property {(model: Model) => void} opened a network of one's own that is new
 * @property {(id: string) => void} deleted
 * @property {(act: () => unknown) => Promise<void>} attempt says why something could not be done
 */

export class OwnModels {
  /** @type {Model[]} */ #models = []; // of which one's own are listed
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
    byRole("lead").textContent = LEADS[id] ?? say("explorer.lead_own");
    byRole("about").textContent = known;
    byRole("source").textContent = source ? say("explorer.source", { source }) : "";
    this.#save.href = modelPath(id, "file");
    this.#program.href = modelPath(id, "code");
    if (models === this.#models) return; // what has the focus keeps it
    this.#models = models;
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
    const about = el("span", {}, el("b", {}, name), " ", el("span", { class: "field-note" }, model.source));
    return el("li", {}, about, el("span", { class: "chips" }, this.#share(model, name), remove));
  }

  /** Whether everybody on this server finds it in their list. @param {Model} model @param {string} name */
  #share(model, name) {
    const box = el("input", { type: "checkbox", "aria-label": say("explorer.share_model", { name }) });
    box.checked = model.shared;
    const share = latest(async (/** @type {boolean} */ shared) => {
      await this.events.attempt(async () => (model.shared = (await (await amend(modelPath(model.id), { shared })).json()).shared));
      box.checked = model.shared; // as it was, where that was refused
    });
    box.addEventListener("change", () => share(box.checked));
    return el("label", { class: "chip" }, box, say("explorer.share"));
  }

  /** Nothing in the file is run. @param {File} file */
  async #open(file) {
    const body = new FormData();
    body.append("file", file, file.name);
    this.events.opened(await (await send("/api/models", { method: "POST", body })).json());
  }

  /** @param {string} id */
  async #delete(id) {
    await send(modelPath(id), { method: "DELETE" });
    this.events.deleted(id);
  }
}
