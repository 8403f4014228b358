// Motion over what is drawn: elements that come into sight, copies that travel. What moves when, the frame says.

/** @import { Frame, Movement, Part } from "../types" */

import { asideOf, sharesAt, eased, lengthOf, opacityAt } from "../motion.js";
import { ghostOf } from "./ghosts.js";

const reduced = matchMedia("(prefers-reduced-motion: reduce)");

export const motionAllowed = () => !reduced.matches && document.visibilityState === "visible";

/** The element comes into sight where it stands. @param {Element} node @param {number} delay @param {number} duration */
export function appear(node, delay, duration) {
  const frames = [
    { opacity: 0, transform: "translateY(-6px)" },
    { opacity: 1, transform: "none" },
  ];
  node.animate(frames, { delay, duration, fill: "backwards", easing: "cubic-bezier(0.2, 0.7, 0.2, 1)" });
}

/** What is as it was until its time has come, and then at once as it is. */
const HELD = new Set(["cell", "choice", "figure", "sentence"]);

/**
 * What motion needs of whoever has drawn the frame.
 * @typedef {object} Surface
 * @property {(part: Part) => Element[]} find the elements that show a part
 * @property {(part: Part, held: boolean) => void} hold keep what is in `HELD` as it was, or let it be as the frame has it
 */

/** The motion of one step at a time; the next one may come at any moment. */
export class Film {
  #generation = 0;
  /** @type {((share: number) => void)[]} */ #draws = [];
  /** @type {HTMLElement[]} */ #ghosts = [];
  /** @type {(() => void)[]} */ #ends = [];
  /** @type {Movement[]} */ #motion = [];

  /** @param {Surface} surface */
  constructor(surface) {
    this.surface = surface;
  }

  /** Drop whatever still moves: everything is as the frame has it. */
  settle() {
    this.#generation += 1;
    for (const end of this.#ends) end();
    for (const ghost of this.#ghosts) ghost.remove();
    [this.#draws, this.#ghosts, this.#ends, this.#motion] = [[], [], [], []];
  }

  /**
   * Play a motion over a frame that is drawn whole.
   * @param {Frame} frame @param {Movement[]} motion @param {number} speed by how much faster than it says
   */
  play(frame, motion, speed) {
    this.settle();
    this.#motion = motion;
    this.#draws = motion.map((movement) => this.#drawing(frame, movement));
    document.body.append(...this.#ghosts);
    this.drawAt(0);
    this.#run(this.#generation, speed, lengthOf(motion));
  }

  /** @param {number} time of the step, in milliseconds */
  drawAt(time) {
    sharesAt(this.#motion, time, (_, share, index) => this.#draws[index]?.(share));
  }

  /** @param {number} generation @param {number} speed @param {number} length */
  #run(generation, speed, length) {
    let since = 0;
    const tick = (/** @type {number} */ now) => {
      if (generation !== this.#generation) return;
      since ||= now;
      const time = (now - since) * speed;
      if (time >= length) return this.settle();
      this.drawAt(time);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  /** What draws a movement at a share of its way. @param {Frame} frame @param {Movement} movement @returns {(share: number) => void} */
  #drawing(frame, { what, from, to }) {
    if (what.kind === "window") return () => {}; // it glides by itself
    if (from) return this.#travelling(frame, what, from, to);
    if (HELD.has(what.kind)) return this.#holding(what);
    return this.#appearing(this.surface.find(what).filter((node) => node instanceof HTMLElement || node instanceof SVGElement));
  }

  /** @param {Part} what */
  #holding(what) {
    let held = true;
    const release = () => {
      if (held) this.surface.hold(what, false);
      held = false;
    };
    this.surface.hold(what, true);
    this.#ends.push(release);
    return (/** @type {number} */ share) => void (share > 0 && release());
  }

  /** @param {(HTMLElement | SVGElement)[]} nodes */
  #appearing(nodes) {
    this.#ends.push(() => nodes.forEach((node) => node.style.removeProperty("opacity")));
    let shown = -1;
    return (/** @type {number} */ share) => {
      if (share !== shown) for (const node of nodes) node.style.opacity = String(share);
      shown = share;
    };
  }

  /** A copy travels, and is gone when it has arrived. @param {Frame} frame @param {Part} what @param {Part} from @param {Part} to */
  #travelling(frame, what, from, to) {
    const [start, end] = [boxOf(this.surface.find(from)), boxOf(this.surface.find(to))];
    if (!start || !end) return () => {};
    const ghost = ghostOf(frame, what, end);
    this.#ghosts.push(ghost);
    const aside = asideOf(to);
    let shown = -1;
    return (/** @type {number} */ share) => {
      if (share === shown) return;
      shown = share;
      const isOnItsWay = share > 0 && share < 1;
      ghost.style.visibility = isOnItsWay ? "" : "hidden"; // which takes no layer
      if (!isOnItsWay) return;
      const way = eased(share);
      const [x, y] = [start.x + (end.x - start.x) * way, start.y + (end.y - start.y) * way];
      if (what.kind !== "grid") ghost.style.opacity = String(opacityAt(share)); // a kernel hides nothing: its weights are in corners
      ghost.style.transform = `translate(${x}px, ${y}px) translate(${100 * aside * way - 50}%, -50%)`;
    };
  }
}

/** The middle of some elements together, on the page, and how large they are. @param {Element[]} nodes */
function boxOf(nodes) {
  const boxes = nodes.map((node) => node.getBoundingClientRect()).filter(({ width }) => width);
  if (!boxes.length) return null;
  const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))];
  const [right, bottom] = [Math.max(...boxes.map((box) => box.right)), Math.max(...boxes.map((box) => box.bottom))];
  return { x: (left + right) / 2 + scrollX, y: (top + bottom) / 2 + scrollY, width: right - left, height: bottom - top };
}
