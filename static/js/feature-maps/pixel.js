// Where one pixel of a map comes from: the window, the products and the sum that made it.

/** @import { Chosen } from "./settings.js" */
/** @import { Picture } from "./picture.js" */

import { post } from "../api.js";
import { drawCard } from "../draw/card.js";
import { byRole, find } from "../draw/dom.js";
import { unbroken, withCellNumbers } from "../format.js";
import { pixelCard, pixelSentences } from "../frames/pixel.js";
import { say } from "../words.js";
import { kernelOf, treatment } from "./settings.js";

const DELAY_MS = 30;

/**
 * What the wall is of: the settings that it was computed with.
 * @typedef {{ chosen: Chosen, kernelSize: number[] }} Made
 */
/** @typedef {{ stages: import("../frames/pixel.js").PixelStage[], shown: number, step: number, crop: { row: number, col: number, values: number[][] }, neighbourhood: { values: number[][] } }} Explained */

/** @param {number[][]} plane */
const written = (plane) => plane.map((line) => line.join(",")).join(";");

export class Pixel {
  #opening = ["pixel-title", "pixel-sentence"].map((role) => ({ role, text: byRole(role).textContent }));
  #request = new AbortController();
  #timer = 0;
  /** @type {Made | null} */ #made = null;

  /** @param {Picture} picture @param {(name: string) => { title: string, values: number[][] } | undefined} kernel @param {(act: () => unknown) => void} attempt says why something could not be done */
  constructor(picture, kernel, attempt) {
    this.picture = picture;
    this.kernel = kernel;
    this.attempt = attempt;
  }

  /** Another wall: the arithmetic is gone until a pixel of this one is looked at. @param {Made} made */
  open(made) {
    this.#made = made;
    this.#stop();
    for (const { role, text } of this.#opening) byRole(role).textContent = text;
    byRole("arithmetic").replaceChildren();
    byRole("open-window").hidden = true;
    this.picture.point(null);
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#request.abort();
  }

  /** Explain a pixel, once the pointer rests. @param {{ map: number, row: number, col: number } | null} spot */
  look(spot) {
    clearTimeout(this.#timer);
    const made = this.#made;
    if (spot && made) this.#timer = window.setTimeout(() => this.attempt(() => this.#explain(made, spot)), DELAY_MS);
  }

  /** @param {Made} made @param {{ map: number, row: number, col: number }} spot */
  async #explain({ chosen, kernelSize }, { map, row, col }) {
    this.#stop();
    const { signal } = (this.#request = new AbortController());
    const name = chosen.kernels[map] ?? "";
    const body = { ...treatment(chosen), kernel: kernelOf(name, chosen), row, col, kernel_size: kernelSize };
    try {
      const explained = await (await post("/api/feature-maps/pixel", body, { signal })).json();
      if (!signal.aborted) this.#show(explained, chosen, name, row, col);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** @param {Explained} explained @param {Chosen} chosen @param {string} name @param {number} row @param {number} col */
  #show({ stages, shown, step, crop, neighbourhood }, { own, stride }, name, row, col) {
    const kernel = this.kernel(name);
    const cell = { row: row + 1, column: col + 1 };
    const weights = kernel?.values ?? own.values[0] ?? [];
    byRole("pixel-title").textContent = withCellNumbers(say("common.name_row_column", { name: kernel?.title ?? say("common.your_own"), ...cell }));
    byRole("pixel-sentence").textContent = withCellNumbers(unbroken(pixelSentences(stages, shown)));
    drawCard(byRole("arithmetic"), pixelCard(stages, shown, weights, say("maps.where", cell)));
    this.picture.point(crop);
    const link = find('[data-role="open-window"]', HTMLAnchorElement);
    link.href = `/operations/convolution#input=${written(neighbourhood.values)}&kernel=${written(weights)}&stride=${stride.join("x")}&step=${step}`;
    link.hidden = false;
  }
}
