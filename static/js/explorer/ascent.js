// A gradient ascent as a timeline of pictures: moved through by a slider, or played.

/** @import { Plane } from "../draw/pictures.js" */

import { byRole, find } from "../draw/dom.js";
import { number } from "../format.js";
import { drawPicture } from "../draw/pictures.js";
import { say } from "../words.js";

const EACH = 160; // milliseconds that a step is shown

export class Ascent {
  #slider = find('[data-role="ascent-step"]', HTMLInputElement);
  #button = byRole("ascend");
  /** @type {{ values: Plane[][], means: (number | null)[] }} */ #steps = { values: [], means: [] };
  /** @type {(mean: string) => string} */ #says = String;
  #of = "";
  #timer = 0;

  /** @param {(step: number) => void} stepped says where it stands when somebody has moved it, or it has come to rest */
  constructor(stepped) {
    this.stepped = stepped;
    this.#slider.addEventListener("input", () => this.#move(Number(this.#slider.value)));
    this.#button.addEventListener("click", () => (this.#timer ? this.#rest() : this.#play()));
  }

  get #last() {
    return this.#steps.values.length - 1;
  }

  /** What plays stops where another map, or none, is looked at. @param {string} of which map of which model */
  leave(of) {
    if (of !== this.#of) this.#stop();
  }

  /** @param {string} of which map of which model @param {{ values: Plane[][], means: (number | null)[] }} steps @param {(mean: string) => string} says what the mean is of @param {number | undefined} step left out: the last */
  show(of, steps, says, step) {
    this.leave(of);
    [this.#of, this.#steps, this.#says] = [of, steps, says];
    this.#slider.max = String(this.#last);
    if (!this.#timer) this.#draw(Math.min(step ?? this.#last, this.#last));
  }

  /** @param {number} step */
  #move(step) {
    this.#stop();
    this.#draw(step);
    this.stepped(step);
  }

  #play() {
    let step = Number(this.#slider.value) < this.#last ? Number(this.#slider.value) : 0;
    this.#button.textContent = say("learned.pause");
    this.#timer = window.setInterval(() => {
      this.#draw(step);
      step += 1;
      if (step > this.#last) this.#rest();
    }, EACH);
  }

  #rest() {
    this.#stop();
    this.stepped(Number(this.#slider.value));
  }

  #stop() {
    window.clearInterval(this.#timer);
    this.#timer = 0;
    this.#button.textContent = say("learned.play");
  }

  /** @param {number} step */
  #draw(step) {
    const picture = this.#steps.values[step];
    if (!picture) return;
    this.#slider.value = String(step);
    drawPicture(find('[data-role="ascent"]', HTMLCanvasElement), picture);
    byRole("ascent-says").textContent = say("learned.ascent", { step, last: this.#last, what: this.#says(number(this.#steps.means[step])) });
  }
}
