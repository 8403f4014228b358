// What a map likes: the pictures that excite it, its favourite input step by step; and the pictures nearest to one's own.

/** @import { Answer, Answers, Planes } from "./model.js" */

import { byRole, el } from "../draw/dom.js";
import { number } from "../format.js";
import { listOf } from "../nested.js";
import { say } from "../words.js";
import { nameIn } from "./names.js";
import { outlineOf } from "./positions.js";
import { Ascent } from "./ascent.js";
import { COUNT } from "./learned.js";
import { answeredPlanes } from "./model.js";
import { outlinedPicture } from "./planes.js";
import { Questions } from "./questions.js";
import { bentOf } from "./settings.js";

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
