// A map or a cell that is pinned: it stays in sight, with what it gives now, whatever one looks at.

/** @import { Answer } from "./model.js" */

import { byRole, find, onAction } from "../draw/dom.js";
import { number } from "../format.js";
import { drawSwatch } from "../draw/scale.js";
import { scalesOf } from "./network.js";
import { cellName, depthOf, isThere, mapName, mapOf, numbers, planeOf, rowAndCol } from "./addresses.js";

const CELL = 2;

export class Pinned {
  at = ""; // as links have it
  /** @type {Answer | null} */ #answer = null;

  /** @param {() => string} seen the place that one looks at @param {(at: string) => void} open @param {() => void} changed */
  constructor(seen, open, changed) {
    this.seen = seen;
    this.changed = changed;
    onAction("pin", () => this.#pin(this.seen()));
    onAction("unpin", () => this.#unpin());
    onAction("open-pinned", () => open(this.at));
    document.addEventListener("themechange", () => this.#draw());
  }

  /** @param {string} at */
  #pin(at) {
    this.at = at;
    this.changed();
    this.#draw();
  }

  /** The button goes with the card: the one that pins has the focus next or, out of sight, the map in the network. */
  #unpin() {
    const map = this.#answer ? mapOf(this.#answer.model, this.at) : "";
    this.#pin("");
    const pin = find('[data-action="pin"]', HTMLElement);
    pin.focus();
    if (document.activeElement === pin) return;
    const unpinned = byRole("network").querySelector(`[data-at="${map}"]`);
    if (unpinned instanceof HTMLElement) unpinned.focus();
  }

  /** @param {Answer} answer */
  show(answer) {
    this.#answer = answer;
    if (this.at && !isThere(answer.model, this.at)) this.at = "";
    this.#draw();
  }

  #draw() {
    const { at } = this;
    const answer = this.#answer;
    byRole("pinned").hidden = !at || !answer;
    if (!at || !answer) return;
    const isCell = depthOf(answer.model, at) === CELL;
    const plane = planeOf(answer, at);
    const [layer = 0, channel = 0] = numbers(at);
    const [row, col] = isCell ? rowAndCol(answer.model, at) : [0, 0];
    byRole("pinned-name").textContent = mapName(answer.model, at);
    byRole("pinned-value").textContent = isCell ? `${cellName(answer.model, at)}: ${number(plane[row]?.[col])}` : "";
    drawSwatch(find('[data-role="pinned-map"]', HTMLCanvasElement), plane, scalesOf(answer)(layer, channel));
  }
}
