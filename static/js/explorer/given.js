// What is given to the network in another way than drawn: a sample of its data set, a picture, the camera's.

/** @import { Answer, Model, Sample } from "./model.js" */
/** @import { Chosen } from "./settings.js" */

import { ApiError } from "../api.js";
import { buttonTo, byRole, el, find, onAction } from "../draw/dom.js";
import { noteOf, pixelsOf, sendPhoto, takeFiles } from "../files.js";
import { PhotoKeeping } from "../input/photo-link.js";
import { drawSample } from "../draw/pictures.js";
import { say } from "../words.js";
import { samplesOf } from "./model.js";
import { DIGITS, stepsOf } from "./settings.js";

export class Given {
  /** @type {Model | null} */ #model = null;
  #noted = { image: "", note: "" }; // what has to be said of which picture
  #followed = "";
  /** @type {import("./camera.js").Camera | null} */ #camera = null;
  #snapshot = find('[data-role="snapshot"]', HTMLInputElement);

  /** @param {(patch: Partial<Chosen>) => Promise<unknown>} give @param {() => Chosen} kept what the page has */
  constructor(give, kept) {
    this.give = give;
    this.kept = kept;
    this.keeping = new PhotoKeeping(byRole("keeping"), (sentence) => this.complain(sentence), () => this.give({ image: "" }));
    takeFiles((file) => this.#take(file));
    onAction("camera", () => this.#attempt(() => this.#openCamera()));
    onAction("snapshot", () => this.#snapshot.click());
    this.#snapshot.addEventListener("change", () => {
      const [file] = this.#snapshot.files ?? [];
      if (file) this.#take(file);
      this.#snapshot.value = "";
    });
  }

  /** Give a sample of the network's data set, unless what is given is frozen. @param {Model} model @param {number} index */
  giveSample(model, index) {
    if (this.kept().frozen) return this.complain(say("explorer.is_frozen"));
    this.complain("");
    const sample = String(index);
    const steps = stepsOf(model, { image: "", sample });
    return this.give({ image: "", sample, ...(steps.length ? {} : { without: [] }) });
  }

  /** Say beside the pad what is wrong with what was given. @param {string} sentence @param {boolean} [offersSnapshot] whether the device's own camera is the way out */
  complain(sentence, offersSnapshot = false) {
    byRole("given-fault").textContent = sentence;
    byRole("snapshot-way").hidden = !offersSnapshot;
    const roles = offersSnapshot ? ["snapshot-way", "given-fault"] : ["given-fault"]; // what was pressed may be far below
    if (sentence) for (const role of roles) byRole(role).scrollIntoView({ block: "nearest" });
  }

  /** @param {() => unknown} act */
  async #attempt(act) {
    this.complain("");
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.complain(error.message);
    }
  }

  /** A picture that a person chose, dropped, pasted or took. @param {File} file */
  #take(file) {
    return this.#attempt(async () => {
      if (this.kept().frozen) return this.complain(say("explorer.is_frozen"));
      const answer = await sendPhoto(file);
      const image = answer.headers.get("X-Image-Id") ?? "";
      this.#noted = { image, note: noteOf(answer) };
      await this.give({ image });
    });
  }

  async #openCamera() {
    const { Camera } = await import("./camera.js");
    this.#camera ??= new Camera((file) => this.#take(file));
    const fault = await this.#camera.open();
    if (fault) this.complain(fault, true);
  }

  /** Whether the server still has a picture; one that it dropped is said. @param {string} image */
  async isThere(image) {
    try {
      this.#noted = { image, note: noteOf(await pixelsOf(image)) };
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      this.complain(error.message);
      return false;
    }
  }

  /** @param {Answer} answer */
  show({ model, chosen, truth }) {
    const { image, sample } = chosen;
    byRole("samples").hidden = model.id !== DIGITS;
    byRole("given-note").textContent = this.#note(chosen, truth);
    if (image !== this.#followed) this.keeping.follow(image);
    this.#followed = image;
    for (const button of byRole("data-samples").children)
      button.setAttribute("aria-pressed", String(!image && button.getAttribute("data-index") === sample));
    if (model.id !== this.#model?.id) this.#offer(model, chosen);
  }

  /** @param {Chosen} chosen @param {string | undefined} truth of a sample */
  #note({ image, sample }, truth) {
    if (image) return `${say("maps.your_photo")} ${this.#noted.image === image ? this.#noted.note : ""}`.trim();
    if (!sample) return "";
    const number = Number(sample) + 1;
    return truth === undefined ? say("explorer.is_sample", { number }) : say("explorer.is_sample_of", { number, truth });
  }

  /** The samples of a network's data set to choose from. @param {Model} model @param {Chosen} chosen */
  async #offer(model, { sample }) {
    this.#model = model;
    const host = byRole("data-samples");
    try {
      const items = await samplesOf(model);
      if (this.#model !== model) return;
      host.replaceChildren(...items.map((item) => this.#button(item, model, sample)));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the page does without
      if (this.#model !== model) return;
      host.replaceChildren();
    }
    byRole("data-samples-card").hidden = host.childElementCount === 0;
  }

  /** @param {Sample} item @param {Model} model @param {string} chosen the sample that is given */
  #button({ index, class: name, image }, model, chosen) {
    const canvas = el("canvas", { "aria-hidden": "true" });
    drawSample(canvas, image);
    const label = say("explorer.sample_named", { number: index + 1, truth: name ?? "" });
    return buttonTo(() => this.giveSample(model, index), { class: "sample", "data-index": index, "aria-label": label, title: name, "aria-pressed": String(chosen === String(index)) }, canvas);
  }
}
