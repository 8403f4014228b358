// Layers begun anew, from the last: the values before and after, and how alike they are.

/** @import { Model } from "./model.js" */
/** @import { Why } from "./why.js" */

import { byRole, el, find } from "../draw/dom.js";
import { number } from "../format.js";
import { say } from "../words.js";
import { titleOf } from "./names.js";
import { thumbOf } from "./planes.js";

export class Scrambling {
  #slider = find('[data-role="why-scramble"]', HTMLInputElement);

  /** @param {(layers: number) => void} choose */
  constructor(choose) {
    this.#slider.addEventListener("input", () => choose(Number(this.#slider.value)));
  }

  /** @param {Model} model @param {Why} why @param {Why | null} scrambled */
  show(model, why, scrambled) {
    const learning = model.layers.filter(({ parameters }) => parameters > 0).length;
    const found = scrambled?.scrambled;
    const count = found?.layers.length ?? learning;
    this.#slider.max = String(learning);
    this.#slider.value = String(count);
    this.#slider.setAttribute("aria-valuetext", say("why.layers_scrambled", { count }));
    const names = (found?.layers ?? []).map((index) => {
      const layer = model.layers[index];
      return layer ? titleOf(index, layer) : "";
    });
    byRole("why-scrambled-layers").textContent = found ? say("why.scrambled_layers", { names: names.join(", ") }) : say("why.scramble_not_run");
    const before = { title: say("why.before"), values: why.values };
    const after = found ? [{ title: say("why.after"), values: scrambled?.values }] : [];
    byRole("why-scrambled").replaceChildren(
      ...[before, ...after].map(({ title, values }) => el("figure", {}, thumbOf(why.shape, values), el("figcaption", {}, title))),
    );
    byRole("why-likeness").textContent = found ? likeness(found.correlation, found.strengths) : "";
  }
}

/** @param {number | null} correlation @param {number | null} strengths */
const likeness = (correlation, strengths) => say("why.likeness", { correlation: number(correlation), strengths: number(strengths) });
