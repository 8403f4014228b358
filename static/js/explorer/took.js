// What it took: how far a network is bent, what its own answer was, and each change with the way back.

/** @import { Answer, Compared, Model } from "./model.js" */
/** @import { Change, Channel } from "./bending.js" */

import { byRole, el, patch } from "../draw/dom.js";
import { grouped, inFull, number } from "../format.js";
import { say } from "../words.js";
import { classOf, titleOf, unitName } from "./names.js";

const MOST_LISTED = 12;

export class Took {
  #host = byRole("took");
  /** @type {{ changes: Change[], off: Channel[] }} */ #chosen = { changes: [], off: [] };

  /** @param {(bent: { changes?: Change[], off?: Channel[] }) => void} change @param {() => void} keep makes another network of this one */
  constructor(change, keep) {
    this.#host.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (!button) return;
      const { what, index } = button.dataset;
      const { changes, off } = this.#chosen;
      if (what === "keep") keep();
      else if (what === "changes") change({ changes: changes.toSpliced(Number(index), 1) });
      else if (what === "off") change({ off: off.toSpliced(Number(index), 1) });
      else change({ changes: [], off: [] });
    });
  }

  /** @param {Answer} answer */
  show({ model, chosen, best, drawn, compared }) {
    this.#chosen = chosen;
    this.#host.hidden = !compared;
    if (!compared) return;
    const { changes, off } = chosen;
    const listed = [
      ...off.map((channel, index) => row(offText(model, channel), "off", index)),
      ...changes.map((one, index) => row(changeText(model, one, compared.was[index]), "changes", index)),
    ];
    const more = listed.length - MOST_LISTED;
    patch(this.#host, [
      el("h2", {}, drawn ? turned(model, compared.best, best) : say("explorer.bent")),
      ...sentences(compared, off.length).map((text) => el("p", { class: "field-note" }, text)),
      el("ul", { class: "bent-list" }, ...listed.slice(0, MOST_LISTED)),
      ...(more > 0 ? [el("p", { class: "field-note" }, say("explorer.more_changes", { count: more }))] : []),
      el(
        "p",
        { class: "pad-tools" },
        el("button", { type: "button", class: "button", "data-what": "all" }, say("explorer.take_back_all")),
        changes.length ? el("button", { type: "button", class: "button", "data-what": "keep", title: say("explorer.keep_bent_title") }, say("explorer.keep_bent")) : null,
      ),
    ]);
  }
}

/** What has become of the answer. @param {Model} model @param {number | null} was @param {number | null} is */
function turned({ classes }, was, is) {
  const [before, after] = [was, is].map((best) => (best === null ? undefined : classes[best]));
  if (before === undefined || after === undefined) return say("explorer.bent");
  return before === after ? say("explorer.stays", { name: after }) : say("explorer.becomes", { before, after });
}

/** @param {string} text @param {string} what @param {number} index among the changes, or the channels that are off */
function row(text, what, index) {
  const label = say("explorer.take_back", { what: text });
  return el("li", {}, el("span", {}, text), el("button", { type: "button", class: "button quiet", "aria-label": label, title: label, "data-what": what, "data-index": index }, "×"));
}

/** What it took, and what it did. @param {Compared} compared @param {number} off */
function sentences({ weights, cells, distance }, off) {
  const counts = { changed: grouped(weights.changed), of: grouped(weights.of), largest: number(weights.largest), distance: number(distance) };
  return [
    ...(weights.changed ? [say("explorer.took_weights", counts)] : []),
    ...(off ? [say("explorer.took_off", { count: off })] : []),
    say("explorer.took_cells", { count: cells.changed, of: grouped(cells.of) }),
  ];
}

/** @param {Model} model @param {Channel} channel */
const offText = (model, { layer, channel }) => (model.layers[layer] ? say("explorer.off_unit", { unit: unitName(model, layer, channel) }) : "");

/** A change, as people count. @param {Model} model @param {Change} change @param {number | null | undefined} was */
export function changeText(model, { parameter, index, value }, was) {
  const layer = Number.parseInt(parameter, 10);
  const own = model.layers[layer];
  if (!own) return "";
  const [unit = 0, ...inside] = index;
  const isClass = classOf(model, layer, unit) !== undefined; // then the first number is said by its name
  const cell = (isClass ? inside : index).map((one) => one + 1).join(", ");
  const name = [parameter.split(".")[1] ?? "", cell].filter(Boolean).join(" ");
  return say("explorer.change_of", { of: isClass ? unitName(model, layer, unit) : titleOf(layer, own), name, was: number(was), value: inFull(value) });
}
