// The test set: closed until the run is over, then opened once. What was opened stays open, and looking is counted.

/** @import { RunInfo, Views } from "./run.js" */

import { byRole, el, find, onAction } from "../draw/dom.js";
import { number, percent } from "../format.js";
import { remember, remembered, TESTED } from "../remembered.js";
import { messageOf, say } from "../words.js";
import { askRun } from "./run.js";

const MOST = 200; // runs that are remembered

/** @typedef {{ id: string, dataset: string }} Looked */

/** @param {unknown} known @returns {known is Looked} */
const isLooked = (known) => typeof known === "object" && known !== null && "id" in known && "dataset" in known;

const looked = () => remembered(TESTED).filter(isLooked);

/** @param {RunInfo} info */
function note({ id, settings }) {
  const others = looked().filter((known) => known.id !== id);
  remember(TESTED, [...others, { id, dataset: settings.dataset }].slice(-MOST));
}

export class TestSet {
  /** @type {RunInfo | null} */ #info = null;
  #opened = "";
  #button = find('[data-action="test"]', HTMLButtonElement);

  /** @param {(message: string) => void} complain */
  constructor(complain) {
    this.complain = complain;
    onAction("test", () => this.#open());
  }

  /** @param {RunInfo | null} info */
  show(info) {
    if (info?.id !== this.#info?.id) byRole("test-result").replaceChildren();
    this.#info = info;
    if (info && this.#over && this.#opened !== info.id && looked().some(({ id }) => id === info.id)) this.#open();
    this.#offer();
  }

  get #over() {
    return ["finished", "stopped"].includes(this.#info?.state ?? "");
  }

  #offer() {
    const opened = Boolean(this.#info) && this.#opened === this.#info?.id;
    this.#button.disabled = !this.#over || opened;
    const before = looked().filter(({ id, dataset }) => id !== this.#info?.id && dataset === this.#info?.settings.dataset).length;
    const warning = say("training.looked", { before });
    const sentences = [opened ? say("training.test_open") : say("training.test_may_open"), ...(before ? [warning] : [])];
    byRole("test-when").textContent = this.#over ? sentences.join(" ") : say("training.test_closed");
  }

  async #open() {
    const info = this.#info;
    if (!info) return;
    this.#opened = info.id;
    this.#offer();
    try {
      const found = await askRun(info.id, "evaluation", { split: "test" });
      if (this.#info?.id === info.id) this.#show(found, info);
    } catch (error) {
      this.#opened = "";
      this.complain(messageOf(error));
      this.#offer();
    }
  }

  /** @param {Views["evaluation"]} found @param {RunInfo} info */
  #show(found, info) {
    if (found.reason) return this.complain(found.reason);
    note(info);
    const facts = found.accuracy === null || found.accuracy === undefined
      ? [[say("training.mean_squared_error"), number(found.mse)], [say("training.mean_absolute_error"), number(found.mae)], ["R²", number(found.r2)]]
      : [[say("training.right"), percent(found.accuracy)], [say("training.loss_line"), number(found.loss)], [say("training.validation_set"), percent(info.metrics["validation_accuracy"])]];
    return byRole("test-result").replaceChildren(
      el("dl", { class: "facts" }, ...facts.map(([name, value]) => el("div", {}, el("dt", {}, name ?? ""), el("dd", {}, value ?? "")))),
    );
  }
}
