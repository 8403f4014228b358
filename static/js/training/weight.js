// One weight of a run in slow motion: its old value, its gradient and its new value, as the optimizer in use gets there.

/** @import { Checked } from "./editor.js" */
/** @import { Run, Views } from "./run.js" */

import { ApiError } from "../api.js";
import { byRole, el } from "../draw/dom.js";
import { number } from "../format.js";
import { newest } from "../input/latest.js";
import { say } from "../words.js";
import { layerTitle } from "./choices.js";
import { askRun } from "./run.js";


export class Weight {
  #box = byRole("weight");
  #brought = ""; // the weight that a person chose, whose numbers have been brought into sight

  /**
   * @param {Run} run @param {string} chosen `0.weight,4,0,1,2`; empty for the first of all
   * @returns {Promise<string>} the phase whose numbers are shown; none where there are none yet
   */
  async show(run, chosen) {
    const now = await this.#find({ run, chosen });
    if (!now || !run.info.slow_motion) return "";
    this.#draw(now, run.info.layers);
    if (now.lines.length) this.#bring(chosen);
    return now.lines.length ? (now.phase ?? "") : "";
  }

  /** Once, when its numbers come: they may stand below what is seen. @param {string} chosen */
  #bring(chosen) {
    if (chosen && chosen !== this.#brought) this.#box.scrollIntoView({ block: "nearest" });
    this.#brought = chosen;
  }

  hide() {
    this.#box.hidden = true;
  }

  #find = newest(async (/** @type {{ run: Run, chosen: string }} */ { run, chosen }) => {
    const [name = "", ...cell] = chosen.split(",");
    try {
      return await askRun(run.info.id, "weight", chosen ? { name, cell: cell.join() } : {});
    } catch (error) {
      if (error instanceof ApiError) return null; // of another network: its link chose this weight
      throw error;
    }
  });

  /** @param {Views["weight"]} now @param {Checked[]} layers */
  #draw({ layer, cell, value, lines }, layers) {
    const of = say("training.layer", { layer: layer + 1, title: layerTitle(layers[layer]?.layer ?? "") });
    byRole("weight-title").textContent = say("training.one_weight", { layer: of, cell: weightWords(cell) });
    byRole("weight-note").textContent = lines.length ? "" : say("training.weight_waits", { value: number(value) });
    byRole("weight-lines").replaceChildren(
      ...lines.map(({ label, text }) => el("tr", {}, el("th", { scope: "row" }, label), el("td", {}, text))),
    );
    this.#box.hidden = false;
  }
}

/** @param {number[]} cell */
function weightWords(cell) {
  const [first = 0, second = 0, row = 0, column = 0] = cell.map((index) => index + 1);
  if (cell.length === 2) return say("training.weight_of_output", { output: first, input: second });
  return say("training.weight_of_kernel", { filter: first, channel: second, row, column });
}
