// The pad: a mouse, a finger or a pen draws on it, or erases. A finger taps it first: until then it scrolls the page.
// A picture that is given in another way is shown on it.

/** @import { Chosen } from "./settings.js" */
/** @import { Point, Stroke } from "./strokes.js" */

import { buttonTo, byRole, chip, find, onAction } from "../draw/dom.js";
import { slider } from "../draw/slider.js";
import { latest } from "../input/latest.js";
import { needed, ofKind } from "../needed.js";
import { say } from "../words.js";
import { drawPicture } from "../draw/pictures.js";
import { OPENED } from "./settings.js";
import { cellsOf, ERASER, formatStrokes, INKS, isFull, lengthen, parseStrokes, SAMPLES, SIDE, WHITE, WIDEST } from "./strokes.js";

const WIDTH = 5; // cells, at first
const EVEN = 0.5; // the pressure at which a pen is as wide as it is set

const INK_NAMES = {
  d: say("explorer.white"),
  r: say("explorer.red"),
  y: say("explorer.yellow"),
  g: say("explorer.green"),
  c: say("explorer.cyan"),
  b: say("explorer.blue"),
  m: say("explorer.magenta"),
};

export class Pad {
  #canvas = find('[data-role="pad"]', HTMLCanvasElement);
  /** @type {Stroke[]} */ #shown = [];
  #isPicture = false; // that something else than a drawing is given
  /** @type {Stroke[] | null} */ #pieces = null; // of the stroke that is being drawn
  #hand = 0; // the pointer that draws it: a second finger, or a palm beside a pen, draws nothing meanwhile
  /** @type {Stroke[] | null} */ #newest = null; // what is drawn and not answered yet: no older drawing takes its place
  #strokes = 0;
  #tapping = 0; // the finger that was put on the pad while that was asleep
  #erases = false;
  #ink = WHITE;
  #width = WIDTH;
  #send;

  /** @param {(drawing: Stroke[], gesture: string) => Promise<unknown>} change @param {() => Chosen} kept what the page has @param {(sentence: string) => void} tell */
  constructor(change, kept, tell) {
    this.kept = kept;
    this.tell = tell;
    this.#send = latest(async (/** @type {{ drawing: Stroke[], gesture: string }} */ { drawing, gesture }) => {
      await change(drawing, gesture);
      if (this.#newest !== drawing) return;
      this.#newest = null;
      this.show(kept()); // another, where this one was refused
    });
    this.#canvas.addEventListener("pointerdown", (event) => this.#down(event));
    this.#canvas.addEventListener("pointermove", (event) => this.#move(event));
    this.#canvas.addEventListener("pointerup", (event) => this.#up(event));
    this.#canvas.addEventListener("pointercancel", (event) => this.#up(event));
    this.#canvas.addEventListener("touchstart", (event) => this.#pieces && event.preventDefault(), { passive: false }); // a stroke scrolls nothing
    new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => !isIntersecting) && this.#wake(false)).observe(this.#canvas);
    onAction("clear", () => this.#put([]));
    onAction("erase", ({ currentTarget }) => {
      this.#erases = !this.#erases;
      ofKind(currentTarget, HTMLElement).setAttribute("aria-pressed", String(this.#erases));
    });
    byRole("samples").replaceChildren(...SAMPLES.map((text, digit) => sampleButton(text, digit, (drawing) => this.#put(drawing))));
  }

  /** Let its pen be chosen. */
  offerPens() {
    byRole("pen").replaceChildren(this.#widths());
    byRole("inks").replaceChildren(...this.#inks());
  }

  #widths() {
    const { node, show } = slider(say("explorer.pen"), { low: 1, high: WIDEST, move: (width) => show((this.#width = width)) });
    show(this.#width);
    return node;
  }

  #inks() {
    return Object.entries(INK_NAMES).map(([ink, name]) => {
      const { node } = chip(() => (this.#ink = ink), { name: "ink", value: ink, checked: ink === this.#ink, "aria-label": name });
      Object.assign(node, { className: "chip ink", title: name });
      node.style.setProperty("--pen", `rgb(${(INKS[ink] ?? []).map((share) => Math.round(255 * share)).join(" ")})`);
      return node;
    });
  }

  /** Show a drawing; what is drawn and not answered yet stays. @param {Chosen} chosen */
  show({ image, sample, drawing, frozen }) {
    this.#isPicture = Boolean(image || sample);
    const text = this.#isPicture ? "" : formatStrokes(drawing);
    for (const button of byRole("samples").children) button.setAttribute("aria-pressed", String(button.getAttribute("data-strokes") === text));
    this.#canvas.classList.toggle("frozen", frozen);
    if (this.#pieces || (this.#newest && drawing !== this.#newest)) return;
    this.#shown = this.#isPicture ? [] : drawing;
    if (!this.#isPicture) this.#draw();
  }

  /** Show what else is given. @param {import("../draw/pictures.js").Plane[]} planes */
  showPicture(planes) {
    if (this.#isPicture && !this.#pieces && !this.#newest) drawPicture(this.#canvas, planes);
  }

  /** A network of colours is drawn for in colours. @param {boolean} isColoured */
  offerInks(isColoured) {
    byRole("inks").hidden = !isColoured;
    if (!isColoured) this.#ink = WHITE;
  }

  /** Another drawing in the place of this one. @param {Stroke[]} drawing */
  #put(drawing) {
    if (this.#refuses()) return;
    this.#isPicture = false;
    this.#shown = this.#newest = drawing;
    this.#draw();
    this.#send({ drawing, gesture: "" });
  }

  /** Whether nothing can be drawn now: that is said, and else nothing of what was given before. */
  #refuses() {
    const { frozen } = this.kept();
    this.tell(frozen ? say("explorer.is_frozen") : "");
    return frozen;
  }

  /** Whether what is kept is what pages open with, which nobody drew. */
  get #isOpening() {
    return formatStrokes(this.kept().drawing) === formatStrokes(OPENED);
  }

  /** Whether a pointer draws: a finger does once it has tapped the pad, until that leaves the screen. @param {PointerEvent} event */
  draws({ button, pointerType }) {
    return button === 0 && (pointerType !== "touch" || this.#canvas.classList.contains("awake"));
  }

  /** @param {boolean} on */
  #wake(on) {
    this.#canvas.classList.toggle("awake", on);
  }

  /** @param {PointerEvent} event */
  #up({ pointerId, type }) {
    if (pointerId === this.#hand) this.#end();
    if (pointerId === this.#tapping && type === "pointerup") this.#wake(true); // where the page was scrolled, that was cancelled
    this.#tapping = 0;
  }

  #end() {
    this.#shown = this.#all();
    this.#pieces = null;
  }

  #draw() {
    drawPicture(this.#canvas, cellsOf(this.#all()));
  }

  #all() {
    return this.#pieces ? [...this.#shown, ...this.#pieces] : this.#shown;
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (this.#pieces) return;
    if (!this.draws(event)) return void (this.#tapping = event.pointerId);
    if (this.#refuses()) return;
    event.preventDefault();
    this.#wake(true);
    this.#hand = event.pointerId;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#strokes += 1;
    this.#end();
    this.#isPicture = false;
    if (!this.#erases && !this.#newest && this.#isOpening) this.#shown = []; // whoever draws first draws on an empty pad
    if (isFull(this.#shown)) return this.tell(say("explorer.is_full"));
    this.#pieces = [{ ink: this.#erases ? ERASER : this.#ink, width: this.#width, points: [] }];
    return this.#extend([event]);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#pieces || event.pointerId !== this.#hand) return;
    const passed = event.getCoalescedEvents();
    this.#extend(passed.length ? passed : [event]);
  }

  /** @param {PointerEvent[]} passed */
  #extend(passed) {
    const pieces = needed(this.#pieces);
    for (const event of passed) lengthen(pieces, this.#pointAt(event), this.#widthAt(event));
    this.#draw();
    const drawing = (this.#newest = [...this.#shown, ...pieces.map((piece) => ({ ...piece, points: [...piece.points] }))]);
    this.#send({ drawing, gesture: `stroke ${this.#strokes}` });
    if (!isFull(drawing)) return;
    this.#end();
    this.tell(say("explorer.is_full"));
  }

  /** A pen that knows how hard it is pressed is as wide as that. @param {PointerEvent} event */
  #widthAt({ pointerType, pressure }) {
    if (pointerType !== "pen" || !pressure) return this.#width;
    return Math.max(1, Math.min(WIDEST, Math.round((this.#width * pressure) / EVEN)));
  }

  /** @param {PointerEvent} event @returns {Point} */
  #pointAt(event) {
    const area = this.#canvas.getBoundingClientRect();
    const along = (/** @type {number} */ offset, /** @type {number} */ extent) => Math.max(0, Math.min(SIDE - 1, Math.floor((offset / extent) * SIDE)));
    return [along(event.clientY - area.top, area.height), along(event.clientX - area.left, area.width)];
  }
}

/** @param {string} text @param {number} digit @param {(drawing: Stroke[]) => void} put */
function sampleButton(text, digit, put) {
  const label = say("explorer.drawn_for_you", { digit });
  return buttonTo(() => put(parseStrokes(text)), { "aria-label": label, "data-strokes": text, "aria-pressed": "false" }, String(digit));
}
