// Which maps feed which: lines between the rows of the network, as thick as the kernel between two maps is long.

/** @import { Answered } from "../types" */
/** @import { Layer, Model } from "./model.js" */
/** @import { Change } from "./bending.js" */

import { post } from "../api.js";
import { bentDown } from "../draw/bent-lines.js";
import { svg } from "../draw/dom.js";
import { newest, once } from "../input/latest.js";
import { formatChanges } from "./bending.js";
import { modelPath } from "./model.js";

const [THINNEST, THICKEST] = [0.5, 4]; // pixels of a line

/** @typedef {{ layer: number, channel: number }} Unit */
/** @typedef {{ from: Unit, to: Unit, share: number }} Wire with its strength as a share of the strongest of the layer */
/** What feeds the maps of a layer, (out, in), and which feeds each the most; null where each map is made of one. @typedef {Answered<"/api/models/{model_id}/wiring", "post">[number]} Feeding */

/** How many maps a layer gives; a row of numbers counts as one. @param {Layer | undefined} layer */
const countOf = (layer) => (layer && layer.output_shape.length === 3 ? (layer.output_shape[0] ?? 1) : 1);

/** How strongly maps feed each other, as a network is or with changes. @param {string} id @param {Change[]} changes @returns {Promise<Feeding[]>} */
export async function wiringOf(id, changes) {
  return (await post(modelPath(id, "wiring"), changes.length ? { changes } : {})).json();
}

/** What feeds a map. @param {Feeding[]} wiring @param {Unit} to @returns {Wire[]} */
function feeding(wiring, to) {
  const fed = wiring[to.layer];
  const before = (/** @type {number} */ channel) => ({ layer: to.layer - 1, channel });
  if (!fed) return []; // nothing is known of it yet
  const own = fed.shares;
  if (!own) return to.layer > 0 ? [{ from: before(to.channel), to, share: 1 }] : [];
  return (own[to.channel] ?? []).map((share, channel) => ({ from: before(channel), to, share }));
}

/** What a map feeds. @param {Feeding[]} wiring @param {Unit} from @param {Layer[]} layers @returns {Wire[]} */
function fedBy(wiring, from, layers) {
  const next = from.layer + 1;
  if (next >= layers.length) return [];
  const maps = Array.from({ length: countOf(layers[next]) }, (_, channel) => ({ layer: next, channel }));
  return maps.flatMap((to) => feeding(wiring, to)).filter((wire) => wire.from.channel === from.channel);
}

/** The strongest that feeds each map; all that feed a row of numbers. @param {Feeding[]} wiring @returns {Wire[]} */
const strongestWires = (wiring) =>
  wiring.flatMap(({ strongest }, layer) =>
    (strongest ?? []).flatMap((most, channel) => {
      const all = feeding(wiring, { layer, channel });
      return strongest?.length === 1 ? all : all.filter(({ from }) => from.channel === most);
    }),
  );

/** The lines that are drawn: all of one map, or of each map the strongest that feeds it. @param {Feeding[]} wiring @param {Layer[]} layers @param {Unit | null} unit @returns {Wire[]} */
export const wiresOf = (wiring, layers, unit) =>
  unit ? [...feeding(wiring, unit), ...fedBy(wiring, unit, layers)] : strongestWires(wiring);

/** Whether the maps of a row stand between a map of it and what is above or below. @param {Element} map @param {"above" | "below"} side */
function isInside(map, side) {
  const [own, row] = [map.getBoundingClientRect(), (map.closest(".layer-maps") ?? map).getBoundingClientRect()];
  return own.height > 0 && (side === "above" ? own.top - row.top : row.bottom - own.bottom) > own.height / 2;
}

export class Wires {
  #svg = svg("svg", { class: "wires", "aria-hidden": "true" });
  /** @type {Feeding[]} */ #wiring = [];
  /** @type {Layer[]} */ #layers = [];
  /** @type {Map<string, Promise<Feeding[]>>} */ #known = new Map();
  /** @type {Unit | null} */ #unit = null;
  #elementOf;
  #ask = newest((/** @type {{ id: string, changes: Change[] }} */ { id, changes }) => once(this.#known, `${id} ${formatChanges(changes)}`, () => wiringOf(id, changes)));

  /** @param {HTMLElement} host @param {(unit: Unit) => Element | undefined} elementOf where a map is shown; layer −1 is the input */
  constructor(host, elementOf) {
    this.host = host;
    this.#elementOf = elementOf;
    host.prepend(this.#svg);
    new ResizeObserver(() => this.#draw()).observe(host);
  }

  /** Ask how strongly maps feed each other, where that may be new. @param {Model} model @param {Change[]} changes */
  async know({ id, layers }, changes) {
    if (layers !== this.#layers) {
      [this.#layers, this.#wiring] = [layers, []];
      this.#draw();
    }
    const wiring = await this.#ask({ id, changes });
    if (!wiring || wiring === this.#wiring) return;
    this.#wiring = wiring;
    this.#draw();
  }

  /** The map whose lines are wanted; without one the strongest of all. @param {Unit | null} unit */
  point(unit) {
    this.#unit = unit;
    this.#draw();
  }

  #draw() {
    const around = this.host.getBoundingClientRect();
    const wires = wiresOf(this.#wiring, this.#layers, this.#unit);
    const drawn = wires.map((wire) => ({ wire, path: this.#path(wire, around) }));
    this.#svg.classList.toggle("pointed", this.#unit !== null);
    this.#svg.replaceChildren(...drawn.flatMap(({ path }) => path ?? []));
    this.#frame(drawn.filter(({ path }) => !path).map(({ wire }) => wire));
  }

  /** The maps at the other ends of lines that cannot be drawn, of the one that is pointed at. @param {Wire[]} wires */
  #frame(wires) {
    for (const node of this.host.querySelectorAll(".joined")) node.classList.remove("joined");
    const unit = this.#unit;
    if (!unit) return;
    for (const { from, to, share } of wires) if (share > 0) this.#elementOf(from.layer === unit.layer ? to : from)?.parentElement?.classList.add("joined");
  }

  /** The line, where no other map is in its way: rows with many maps stand in several lines. @param {Wire} wire @param {DOMRect} around */
  #path({ from, to, share }, around) {
    const [start, end] = [this.#elementOf(from), this.#elementOf(to)];
    if (!start || !end || isInside(start, "below") || isInside(end, "above")) return null;
    const [above, below] = [start.getBoundingClientRect(), end.getBoundingClientRect()];
    const [x, y] = [above.left + above.width / 2 - around.left, above.bottom - around.top];
    const title = end.closest("li")?.querySelector(".layer-name")?.getBoundingClientRect();
    const under = title && title.bottom <= below.top ? title.bottom - around.top : y; // a title on the way is passed straight, behind it
    const d = `M${x} ${y}V${under}` + bentDown({ x, y: under }, { x: below.left + below.width / 2 - around.left, y: below.top - around.top });
    const stroke = { "stroke-width": THINNEST + share * (THICKEST - THINNEST), "stroke-opacity": 0.15 + 0.85 * share };
    return svg("path", { d, ...stroke });
  }
}
