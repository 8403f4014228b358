// What a map likes: the pictures that excite it, its favourite input step by step; and the pictures nearest to one's own.

/** @import { Answer, Answers, Planes } from "./model.js" */

import { byRole, el, find } from "../draw/dom.js";
import { drawPicture } from "../draw/pictures.js";
import { number } from "../format.js";
import { listOf } from "../nested.js";
import { say } from "../words.js";
import { nameIn } from "./names.js";
import { outlineOf } from "./positions.js";
import { COUNT } from "./learned.js";
import { answeredPlanes, Questions } from "./model.js";
import { outlinedPicture } from "./planes.js";
import { bentOf } from "./settings.js";

const EACH = 160; // milliseconds that a step is shown

/** A gradient ascent as a timeline of pictures: moved through by a slider, or played. */
class Ascent {
  #slider = find('[data-role="ascent-step"]', HTMLInputElement);
  #button = byRole("ascend");
  /** @type {{ values: Planes[], means: (number | null)[] }} */ #steps = { values: [], means: [] };
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

  /** @param {string} of which map of which model @param {{ values: Planes[], means: (number | null)[] }} steps @param {(mean: string) => string} says what the mean is of @param {number | undefined} step left out: the last */
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

export class LearnedView {
  #questions = new Questions();
  #ofModel = new Questions();
  #bent = ""; // which network, as it is bent
  #ascent;

  /** @param {(step: number) => void} stepped @param {(sample: number) => void} give makes a picture of the data set the input */
  constructor(stepped, give) {
    this.#ascent = new Ascent(stepped);
    for (const role of ["excited", "nearest"])
      byRole(role).addEventListener("click", ({ target }) => {
        const sample = target instanceof Element ? target.closest("[data-sample]")?.getAttribute("data-sample") : null;
        if (sample) give(Number(sample));
      });
  }

  /** What plays stops where another map, or none, is looked at. @param {string} of which map of which model */
  leave(of) {
    this.#ascent.leave(of);
  }

  /** Ask what there is to be asked; what is given back shows it, with which map of which model it is. @param {Answer} answer @param {number} layer @param {number} channel @returns {Promise<(of: string, step: number | undefined) => void>} */
  async ask(answer, layer, channel) {
    this.#questions.about(answer);
    const bent = JSON.stringify([answer.model.id, bentOf(answer.chosen)]);
    if (bent !== this.#bent) this.#ofModel.about(answer); // these do not depend on the picture
    this.#bent = bent;
    const map = { layer, channel };
    const excited = await this.#ofModel.askModel("exciting", { ...map, count: COUNT });
    const favourite = await this.#ofModel.askModel("favourite", map);
    const nearest = answer.drawn ? await this.#questions.ask("nearest", { layer, count: COUNT }) : null;
    const shape = favourite.shape.slice(1);
    const steps = listOf(favourite.values).map((values) => answeredPlanes({ shape, values }));
    const unit = nameIn(answer.model, layer, channel);
    const isMap = answer.model.layers[layer]?.output_shape.length === 3;
    const says = (/** @type {string} */ mean) => (isMap ? say("learned.mean", { unit, mean }) : say("learned.value", { unit, value: mean }));
    return (of, step) => {
      showExcited(excited);
      this.#ascent.show(of, { means: favourite.means, values: steps }, says, step);
      showNearest(nearest);
    };
  }
}

/** @param {Answers["exciting"]} found */
function showExcited({ of, pictures }) {
  byRole("excited-of").textContent = say("learned.excited_of", { count: pictures.length, of });
  byRole("excited").replaceChildren(
    ...pictures.map(({ sample, label, value, box, ...picture }) => example(sample, answeredPlanes(picture), outlineOf(box), say("learned.excited", { label, value: number(value) }))),
  );
}

/** @param {Answers["nearest"] | null} found */
function showNearest(found) {
  const { of = 0, pictures = [] } = found ?? {};
  byRole("nearest-of").textContent = found ? say("learned.nearest_of", { count: pictures.length, of }) : say("learned.nothing_drawn");
  byRole("nearest").replaceChildren(...pictures.map(({ sample, label, distance, ...picture }) => example(sample, answeredPlanes(picture), null, say("learned.near", { label, distance: number(distance) }))));
}

/** A picture of the data set, which a click gives to the network. @param {number} sample @param {Planes} picture @param {number[] | null} outlined @param {string} text */
function example(sample, picture, outlined, text) {
  const label = say("learned.give", { what: text });
  return el("li", {}, el("button", { type: "button", class: "example", "data-sample": sample, "aria-label": label, title: label }, outlinedPicture(picture, outlined), el("span", {}, text)));
}
