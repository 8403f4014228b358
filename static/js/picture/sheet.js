// The sheet that a picture is drawn on: its colours, how far each thing has come at this time, and where it stands.

/** @import { Movement, Part, Region } from "../types" */
/** @import { Shape } from "./shapes.js" */

import { paint, shadesOf } from "../draw/scale.js";
import { sharesAt, nameOf } from "../motion.js";
import { shape } from "./shapes.js";

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */
/** What a picture looks like: the colour of a token, rules for its figures in a file, and whether it is for a sheet of paper. @typedef {{ token: (name: string) => string, rules?: string, isPaper?: boolean }} Look */

const CORNER = 0.2; // of a number's height
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

  /** @type {Map<string, import("../draw/scale.js").Shades>} */ #hues = new Map();

  /** @param {Movement[]} motion @param {number} time of the step @param {Look} look */
  constructor(motion, time, { token, rules = "", isPaper = false }) {
    this.token = token;
    this.rules = rules;
    this.isPaper = isPaper;
    this.shades = this.#shadesOf();
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

  /** @param {string} [hue] that of a colour channel */
  #shadesOf(hue = "positive") {
    const shades = this.#hues.get(hue) ?? shadesOf(this.token, `--${hue}`);
    this.#hues.set(hue, shades);
    return shades;
  }

  /** @param {number} value @param {number} max @param {string} [hue] */
  paint(value, max, hue) {
    return paint(value, max, this.#shadesOf(hue));
  }

  /** @param {string} words @param {number} x @param {number} y the line that it stands on @param {{ size?: number, anchor?: string, weight?: number, fill?: string, opacity?: number }} [style] @returns {Shape} */
  text(words, x, y, { size = 14, anchor = "start", weight = 400, fill = this.token("--ink"), opacity = 1 } = {}) {
    const look = { "font-size": size, "text-anchor": anchor, "font-weight": weight, fill, ...(opacity < 1 ? { opacity } : {}) };
    return shape("text", { x, y, ...look }, words);
  }

  /** A number on its colour, or without one. @param {import("../draw/chips.js").Chip} chip @param {Box} box @param {number} size @param {number} [opacity] @returns {Shape} */
  chip({ text, value, max, hue }, { x, y, width, height }, size, opacity = 1) {
    const coloured = value !== null && max !== null;
    const { fill, ink } = coloured ? this.paint(value, max, hue) : { fill: this.token("--card"), ink: this.token("--ink") };
    const look = coloured ? { fill } : { fill, stroke: this.token("--line") };
    return shape(
      "g",
      opacity < 1 ? { opacity } : {},
      shape("rect", { x, y, width, height, rx: 4, ...look }),
      ...(this.isPaper && coloured && value < 0 ? [this.#corner(x + width, y + height, CORNER * height)] : []),
      this.text(text, x + width / 2, y + height / 2 + size * 0.36, { size, anchor: "middle", fill: ink }),
    );
  }

  /** Blue and orange are alike in grey: on paper what is negative has a corner cut off as well. @param {number} x @param {number} y @param {number} size */
  #corner(x, y, size) {
    return shape("path", { d: `M${x} ${y}v-${size}l-${size} ${size}z`, fill: this.token("--ink"), class: "negative" });
  }
}
