// The window over a grid: one frame around what the kernel covers, or one around each of its taps where they are spread.

/** @import { Region } from "../types" */

import { el } from "./dom.js";

const BORDER = 3;

/** Whether a window glides to another place without crossing numbers that it is not about: along a row or a column, no further than it reaches. @param {Region | null} from @param {Region | null} to */
function isNear(from, to) {
  if (!from || !to) return false;
  const [down, across] = [Math.abs(to.row - from.row), Math.abs(to.col - from.col)];
  return (down === 0 && across <= to.width * to.colStep) || (across === 0 && down <= to.height * to.rowStep);
}

/** Stands on a grid, glides from place to place, and is touched only when its place is another. */
export class WindowView {
  node = el("div", { class: "window", hidden: true, "aria-hidden": "true" });
  #drawn = "";
  /** @type {Region | null} */ #region = null;

  /** @param {Region | null} region @param {number} size of a cell in pixels @param {number} gap between two cells */
  show(region, size, gap) {
    const drawn = JSON.stringify([region, size, gap]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.node.hidden = !region;
    this.node.classList.toggle("jumps", !isNear(this.#region, region));
    this.#region = region;
    if (!region) return;
    const pitch = size + gap;
    const extent = (/** @type {number} */ taps, /** @type {number} */ step) => ((taps - 1) * step + 1) * pitch - gap;
    const dilated = region.rowStep > 1 || region.colStep > 1;
    this.node.classList.toggle("dilated", dilated);
    Object.assign(this.node.style, {
      transform: `translate(${region.col * pitch - BORDER}px, ${region.row * pitch - BORDER}px)`,
      width: `${extent(region.width, region.colStep) + 2 * BORDER}px`,
      height: `${extent(region.height, region.rowStep) + 2 * BORDER}px`,
    });
    this.#taps(region, dilated ? region.height * region.width : 0, pitch, size);
  }

  /** @param {Region} region @param {number} count @param {number} pitch @param {number} size */
  #taps(region, count, pitch, size) {
    while (this.node.children.length > count) this.node.lastChild?.remove();
    while (this.node.children.length < count) this.node.append(el("i"));
    [...this.node.children].forEach((tap, index) => {
      if (!(tap instanceof HTMLElement)) return;
      const row = Math.floor(index / region.width) * region.rowStep;
      const col = (index % region.width) * region.colStep;
      Object.assign(tap.style, {
        left: `${col * pitch - 1.5}px`,
        top: `${row * pitch - 1.5}px`,
        width: `${size + BORDER}px`,
        height: `${size + BORDER}px`,
      });
    });
  }
}
