// Why: whose answer is explained, as the equation that it is; by which method, its view says, which comes when it is asked.

/** @import { Answer } from "./model.js" */
/** @import { ReasonSettings } from "./reason-settings.js" */
/** @import { ReasonView } from "./reason-view.js" */

import { byRole, el, find } from "../draw/dom.js";
import { latest } from "../input/latest.js";
import { needed } from "../needed.js";
import { say } from "../words.js";
import { asksMore, followed, formatReason, isIn, parseReason } from "./reason-settings.js";
import { titleOf } from "./names.js";

const field = (/** @type {string} */ role) => find(`[data-role="${role}"]`, HTMLSelectElement);

/** What a network is given. @type {("image" | "sample" | "drawing")[]} */
const GIVEN = ["image", "sample", "drawing"];

/** Whether two answers of one network are to two pictures. @param {Answer} now @param {Answer} before */
const isOfOther = (now, before) => now.model.id === before.model.id && GIVEN.some((name) => now.chosen[name] !== before.chosen[name]);

export class Reason {
  text = ""; // as links have it
  settled = Promise.resolve(); // until what is asked is shown
  /** @type {Answer | null} */ #answer = null;
  /** @type {Answer | null} */ #explained = null; // the last one to a picture on which there was something
  /** @type {ReasonView | null} */ #view = null;
  #model = "";
  #more = false; // whether the other methods and the tests are opened
  #again = () => {}; // shows once more what is shown
  #ask;

  /** @param {() => void} changed @param {(act: () => unknown) => Promise<void>} attempt says why something could not be done */
  constructor(changed, attempt) {
    this.changed = changed;
    this.attempt = attempt;
    this.#ask = latest(() => attempt(() => this.#load()));
    byRole("why-button").addEventListener("click", () => {
      if (this.text) this.#choose("");
      else this.open();
      if (this.text) byRole("why-card").scrollIntoView({ block: "start" });
    });
    byRole("why-more").addEventListener("click", () => {
      this.#more = !this.#more;
      if (!this.#more) this.#change({ method: "contribution", cell: null, scrambled: null });
      else this.#look();
    });
    for (const role of ["why-class", "why-against", "why-layer"]) byRole(role).addEventListener("change", () => this.#read());
    document.addEventListener("themechange", () => this.#again());
  }

  /** Ask why the answer is what it is, unless that is asked already. */
  open() {
    if (!this.text) this.#choose(String(this.#answer?.best ?? 0));
    return this.settled;
  }

  /** Another class or layer: the cell and what is scrambled were of the last one. */
  #read() {
    const [name, against, layer] = ["why-class", "why-against", "why-layer"].map((role) => field(role).value);
    const classes = [Number(name), ...(against && against !== name ? [Number(against)] : [])];
    this.#change({ classes, layer: layer ? Number(layer) : null, cell: null });
  }

  /** @param {Partial<ReasonSettings>} some */
  #change(some) {
    this.#choose(formatReason({ ...parseReason(this.text), ...some }));
  }

  /** @param {string} text */
  #choose(text) {
    this.text = text;
    this.changed();
    this.#look();
  }

  /** @param {Answer} answer @param {boolean} isLinked whether a link says what is asked */
  show(answer, isLinked) {
    const last = this.#explained;
    this.#answer = answer;
    if (answer.drawn) this.#explained = answer;
    const { model } = answer;
    if (!isLinked && answer.drawn && last && isOfOther(answer, last)) this.#follow(last, answer);
    if (model.id !== this.#model) this.#offer(answer);
    this.#model = model.id;
    if (this.text && !isIn(model, parseReason(this.text))) this.text = "";
    this.#look();
  }

  /** @param {Answer} before @param {Answer} now */
  #follow(before, now) {
    if (!this.text || before.best === null || now.best === null) return;
    this.text = formatReason(followed(parseReason(this.text), before.best, now.best));
    this.changed();
  }

  /** @param {Answer} answer */
  #offer({ model }) {
    const classes = () => model.classes.map((name, index) => el("option", { value: index }, name));
    const layers = model.layers.map((layer, index) => el("option", { value: index }, titleOf(index, layer)));
    field("why-class").replaceChildren(...classes());
    field("why-against").replaceChildren(el("option", { value: "" }, say("why.nothing_else")), ...classes());
    field("why-layer").replaceChildren(el("option", { value: "" }, say("explorer.the_input")), ...layers);
  }

  #look() {
    const isOpen = this.text !== "" && (this.#answer?.drawn ?? false);
    byRole("why-card").hidden = !isOpen;
    const button = byRole("why-button");
    button.hidden = !this.#answer?.drawn;
    button.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    const settings = parseReason(this.text);
    const { classes, layer } = settings;
    this.#more ||= asksMore(settings);
    byRole("why-more").setAttribute("aria-expanded", String(this.#more));
    for (const role of ["why-methods", "why-tests"]) byRole(role).hidden = !this.#more;
    field("why-class").value = String(classes[0]);
    field("why-against").value = String(classes[1] ?? "");
    field("why-layer").value = String(layer ?? "");
    this.settled = this.#ask("");
  }

  async #load() {
    const { text } = this;
    const more = this.#more;
    const answer = needed(this.#answer);
    const { ReasonView } = await import("./reason-view.js");
    this.#view ??= new ReasonView((some) => this.#change(some), this.attempt);
    const shown = await this.#view.ask(answer, parseReason(text), more);
    if (text !== this.text || answer.model.id !== this.#model) return;
    this.#again = shown;
    shown();
  }
}
