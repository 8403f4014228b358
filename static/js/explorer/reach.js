// How far the cell that is open reaches: marked back to the pixels and forward, and what the logits are without it.

/** @import { Answer, Answers } from "./model.js" */

import { byRole, el } from "../draw/dom.js";
import { number } from "../format.js";
import { say } from "../words.js";
import { ACROSS, outlineOf } from "./positions.js";
import { outlinedPicture } from "./planes.js";

/** @typedef {Answers["reach"]} Reached */
/** @typedef {Reached["boxes"][number]} Box along each axis the first index and the last */

export class Reach {
  /** @type {HTMLElement[]} */ #marks = [];

  /** @param {Answer} answer @param {number} layer of the cell @param {Reached} found */
  show(answer, layer, found) {
    this.#mark(answer, layer, found.boxes);
    this.#tell(answer, found);
  }

  clear() {
    for (const mark of this.#marks) mark.remove();
    this.#marks = [];
  }

  /** @param {Answer} answer @param {number} own the layer of the cell @param {Box[]} boxes */
  #mark({ model, input: received }, own, boxes) {
    this.clear();
    for (const { layer, box } of boxes) {
      const shape = layer === null ? model.input_shape : (model.layers[layer]?.output_shape ?? []);
      const kind = layer === null || layer < own ? "back" : layer === own ? "own" : "forward";
      for (const host of hostsOf(layer, box)) {
        const mark = el("span", { class: `reach ${kind}`, "aria-hidden": "true" });
        Object.assign(mark.style, boxStyle(box, shape));
        host.append(mark);
        this.#marks.push(mark);
      }
    }
    const input = boxes.find(({ layer }) => layer === null)?.box;
    byRole("reach-picture").replaceChildren(...(input?.length === 3 ? [outlinedPicture(received, outlineOf(input))] : [])); // what is received may be out of sight
    byRole("reach-sentence").textContent = input ? whereOf(input) : say("explorer.reaches_nothing");
  }

  /** @param {Answer} answer @param {Reached} reached */
  #tell({ model }, { logits, without, change }) {
    const rows = model.classes.map((name, index) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, name),
        ...[logits, without, change].map((column) => el("td", {}, number(column[index]))),
      ),
    );
    byRole("reach-rows").replaceChildren(...rows);
  }
}

/** What shows the cells of a box: the picture that is received, or maps of a layer. @param {number | null} layer @param {Box["box"]} box @returns {Element[]} */
function hostsOf(layer, box) {
  if (layer === null) return [byRole("received-box"), ...byRole("network").querySelectorAll("li:first-child .map-button")];
  const maps = [...byRole("network").querySelectorAll(`[data-at="${layer}"], [data-at^="${layer},"]`)];
  const [[first, last] = [0, 0]] = box;
  return box.length === 1 ? maps : maps.slice(first, last + 1);
}

/** Where a box is on a picture of a shape, in hundredths. @param {Box["box"]} box @param {number[]} shape */
function boxStyle(box, shape) {
  const [rows, cols] = box.length === 3 ? box.slice(1) : lineOf(box, shape);
  const [height = 1, width = 1] = shape.length === 3 ? shape.slice(1) : [Math.ceil((shape[0] ?? 1) / ACROSS), Math.min(ACROSS, shape[0] ?? 1)];
  const along = (/** @type {[number, number] | undefined} */ [first, last] = [0, 0], /** @type {number} */ size) => [(100 * first) / size, (100 * (last + 1 - first)) / size];
  const [[top, down], [left, right]] = [along(rows, height), along(cols, width)];
  return { top: `${top}%`, height: `${down}%`, left: `${left}%`, width: `${right}%` };
}

/** Rows and columns of a line in several. @param {Box["box"]} box @param {number[]} shape @returns {[number, number][]} */
function lineOf([[first, last] = [0, 0]], [size = 1]) {
  /** @type {[number, number]} */
  const rows = [Math.floor(first / ACROSS), Math.floor(last / ACROSS)];
  const isWithin = rows[0] === rows[1];
  return [rows, isWithin ? [first % ACROSS, last % ACROSS] : [0, Math.min(ACROSS, size) - 1]];
}

/** @param {Box["box"]} box of the input, counted from 1 for people */
function whereOf(box) {
  if (box.length < 3) return say("explorer.reaches_numbers", { first: (box[0]?.[0] ?? 0) + 1, last: (box[0]?.[1] ?? 0) + 1 });
  const [, [top = 0, bottom = 0] = [], [left = 0, right = 0] = []] = box;
  return say("explorer.reaches", { top: top + 1, bottom: bottom + 1, left: left + 1, right: right + 1 });
}
