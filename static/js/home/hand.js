// A hand that draws a drawing once, so that one sees at a glance what the pad is for.

/** @import { Stroke } from "../explorer/strokes.js" */

import { SIDE } from "../explorer/strokes.js";

const POINT = 90; // milliseconds from one point to the next

/** @param {Stroke[]} strokes */
const pointsOf = (strokes) => strokes.reduce((sum, { points }) => sum + points.length, 0);

/** What is drawn after a share of the time, the same for the same share. @param {Stroke[]} strokes @param {number} share @returns {Stroke[]} */
export function drawnBy(strokes, share) {
  let left = Math.ceil(share * pointsOf(strokes));
  const drawn = strokes.map((stroke) => {
    const points = stroke.points.slice(0, Math.max(0, left));
    left -= stroke.points.length;
    return { ...stroke, points };
  });
  return drawn.filter(({ points }) => points.length);
}

export class Hand {
  #request = 0;

  /** @param {HTMLElement} node with the picture of a hand, whose tip is at its top left @param {(drawing: Stroke[], share: number) => void} draw */
  constructor(node, draw) {
    this.node = node;
    this.draw = draw;
  }

  /** @param {Stroke[]} strokes */
  start(strokes) {
    const begun = performance.now();
    const length = POINT * pointsOf(strokes);
    this.node.hidden = false;
    const go = (/** @type {number} */ now) => {
      const share = Math.min(1, Math.max(0, now - begun) / length);
      const drawing = drawnBy(strokes, share);
      this.#move(drawing);
      this.draw(drawing, share);
      if (share < 1) this.#request = requestAnimationFrame(go);
      else this.stop();
    };
    this.#request = requestAnimationFrame(go);
  }

  stop() {
    cancelAnimationFrame(this.#request);
    this.node.hidden = true;
  }

  /** @param {Stroke[]} drawing */
  #move(drawing) {
    const [row, col] = drawing.at(-1)?.points.at(-1) ?? [0, 0];
    this.node.style.left = `${(100 * (col + 0.5)) / SIDE}%`;
    this.node.style.top = `${(100 * (row + 0.5)) / SIDE}%`;
  }
}
