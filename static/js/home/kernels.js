// The kernels of the first layer, as small pictures: a click switches one off.

/** @import { Channel } from "../explorer/bending.js" */

import { buttonTo, byRole, el } from "../draw/dom.js";
import { drawSwatch, strongest } from "../draw/scale.js";
import { isOff, switched } from "../explorer/bending.js";
import { say } from "../words.js";

const FIRST = 0; // the layer whose kernels they are

export class Kernels {
  #buttons;
  /** @type {Channel[]} */ #off = [];

  /** @param {number[][][]} kernels @param {(off: Channel[]) => void} change */
  constructor(kernels, change) {
    const max = strongest(kernels.flat(2));
    this.#buttons = kernels.map((kernel, channel) => {
      const canvas = el("canvas", { "aria-hidden": "true" });
      const draw = () => drawSwatch(canvas, kernel, max);
      const button = buttonTo(() => change(switched(this.#off, { layer: FIRST, channel })), { class: "kernel", "aria-label": say("home.kernel_off", { number: channel + 1 }) }, canvas);
      document.addEventListener("themechange", draw);
      draw();
      return button;
    });
    byRole("kernels").replaceChildren(...this.#buttons);
  }

  /** @param {Channel[]} off */
  show(off) {
    this.#off = off;
    this.#buttons.forEach((button, channel) =>
      button.setAttribute("aria-pressed", String(isOff(off, { layer: FIRST, channel }))),
    );
  }
}
