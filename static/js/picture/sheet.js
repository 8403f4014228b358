// The sheet that a picture is drawn on: its colours, how far each thing has come at this time, and where it stands.

/** @import { Movement, Part, Region } from "../types" */
/** @import { Shape } from "./shapes.js" */

import { paint, shadesOf } from "../draw/scale.js";
import { sharesAt, nameOf } from "../motion.js";
import { shape } from "./shapes.js";

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */

const LETTER = 0.58; // the width of a letter beside its height, on the generous side: nobody measures here

/** About how wide a text is. @param {string} text @param {number} size */
export const widthOf = (text, size) => text.length * size * LETTER;

/** A region on its way. @param {Region} from @param {Region} to @param {number} share @returns {Region} */
function between(from, to, share) {
  const at = (/** @type {"row" | "col" | "height" | "width"} */ side) => from[side] + (to[side] - from[side]) * share;
  return { ...to, row: at("row"), col: at("col"), height: at("height"), width: at("width") };
}

export class Sheet {
  /** @type {Map<string, number>} */ #shares = new Map();
  /** @type {Map<string, Region>} */ #windows = new Map();
  /** @type {Map<string, Box>} */ #boxes = new Map();
  /** what travels now, and how far it is @type {{ movement: Movement, share: number }[]} */
  flying = [];

  /** @param {Movement[]} motion @param {number} time of the step @param {(name: string) => string} token a colour by its name */
  constructor(motion, time, token) {
    this.token = token;
    this.shades = shadesOf(token);
    sharesAt(motion, time, (movement, share) => this.#take(movement, share));
  }

  /** @param {Movement} movement @param {number} share */
  #take(movement, share) {
    const { what, from, to } = movement;
    if (to.kind === "window" && what.kind === "window") {
      const moved = from?.kind === "window" ? between(from.region, to.region, share) : to.region;
      this.#windows.set(to.grid, moved);
    } else if (!from) this.#shares.set(nameOf(what), share);
    else if (share > 0 && share < 1) this.flying.push({ movement, share });
  }

  /** How much of a part is in sight, from 0 to 1. @param {Part} part */
  share(part) {
    const row = part.kind === "term" ? this.#shares.get(nameOf({ kind: "terms", block: part.block, row: part.row })) : undefined;
    return this.#shares.get(nameOf(part)) ?? row ?? 1;
  }

  /** Where the window on a grid is now. @param {string} grid @param {Region} region */
  window(grid, region) {
    return this.#windows.get(grid) ?? region;
  }

  /** Remember where a part stands. @param {Part} part @param {Box} box */
  put(part, box) {
    this.#boxes.set(nameOf(part), box);
  }

  /** @param {Part} part */
  boxOf(part) {
    return this.#boxes.get(nameOf(part));
  }

  /** @param {number} value @param {number} max */
  paint(value, max) {
    return paint(value, max, this.shades);
  }

  /** @param {string} words @param {number} x @param {number} y the line that it stands on @param {{ size?: number, anchor?: string, weight?: number, fill?: string, opacity?: number }} [style] @returns {Shape} */
  text(words, x, y, { size = 14, anchor = "start", weight = 400, fill = this.token("--ink"), opacity = 1 } = {}) {
    const look = { "font-size": size, "text-anchor": anchor, "font-weight": weight, fill, ...(opacity < 1 ? { opacity } : {}) };
    return shape("text", { x, y, ...look }, words);
  }

  /** A number on its colour, or without one. @param {import("../draw/chips.js").Chip} chip @param {Box} box @param {number} size @param {number} [opacity] @returns {Shape} */
  chip({ text, value, max }, { x, y, width, height }, size, opacity = 1) {
    const coloured = value !== null && max !== null;
    const { fill, ink } = coloured ? this.paint(value, max) : { fill: this.token("--card"), ink: this.token("--ink") };
    const look = coloured ? { fill } : { fill, stroke: this.token("--line") };
    return shape(
      "g",
      opacity < 1 ? { opacity } : {},
      shape("rect", { x, y, width, height, rx: 4, ...look }),
      this.text(text, x + width / 2, y + height / 2 + size * 0.36, { size, anchor: "middle", fill: ink }),
    );
  }
}
