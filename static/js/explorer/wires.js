// Which maps feed which: lines between the rows of the network, as thick as the kernel between two maps is long.

/** @import { Layer, Model } from "./model.js" */
/** @import { Change } from "./bending.js" */

import { post } from "../api.js";
import { formatChanges } from "./bending.js";

const [THINNEST, THICKEST] = [0.5, 4]; // pixels of a line
const SVG = "http://www.w3.org/2000/svg";

/** @typedef {{ layer: number, channel: number }} Unit */
/** @typedef {{ from: Unit, to: Unit, share: number }} Wire with its strength as a share of the strongest of the layer */
/** Strengths, for each layer (out, in), null where each map is made of one. @typedef {(number[][] | null)[]} Strengths */

/** @param {number[][]} strengths */
const largest = (strengths) => Math.max(...strengths.flat(), 0) || 1;

/** How many maps a layer gives; a row of numbers counts as one. @param {Layer | undefined} layer */
const countOf = (layer) => (layer && layer.output_shape.length === 3 ? (layer.output_shape[0] ?? 1) : 1);

/** What feeds a map. @param {Strengths} strengths @param {Unit} to @returns {Wire[]} */
function feeding(strengths, to) {
  const own = strengths[to.layer];
  const before = (/** @type {number} */ channel) => ({ layer: to.layer - 1, channel });
  if (own === undefined) return []; // nothing is known of it yet
  if (!own) return to.layer > 0 ? [{ from: before(to.channel), to, share: 1 }] : [];
  const max = largest(own);
  return (own[to.channel] ?? []).map((strength, channel) => ({ from: before(channel), to, share: strength / max }));
}

/** What a map feeds. @param {Strengths} strengths @param {Unit} from @param {Layer[]} layers @returns {Wire[]} */
function fed(strengths, from, layers) {
  const next = from.layer + 1;
  if (next >= layers.length) return [];
  const maps = Array.from({ length: countOf(layers[next]) }, (_, channel) => ({ layer: next, channel }));
  return maps.flatMap((to) => feeding(strengths, to)).filter((wire) => wire.from.channel === from.channel);
}

/** The strongest that feeds each map; all that feed a row of numbers. @param {Strengths} strengths @returns {Wire[]} */
const strongestWires = (strengths) =>
  strengths.flatMap((own, layer) =>
    (own ?? []).flatMap((_, channel) => {
      const all = feeding(strengths, { layer, channel });
      return own?.length === 1 ? all : all.filter(({ share }) => share > 0 && share === Math.max(...all.map((wire) => wire.share)));
    }),
  );

/** The lines that are drawn: all of one map, or of each map the strongest that feeds it. @param {Strengths} strengths @param {Layer[]} layers @param {Unit | null} unit @returns {Wire[]} */
export const wiresOf = (strengths, layers, unit) =>
  unit ? [...feeding(strengths, unit), ...fed(strengths, unit, layers)] : strongestWires(strengths);

export class Wires {
  #svg = document.createElementNS(SVG, "svg");
  /** @type {Strengths} */ #strengths = [];
  /** @type {Layer[]} */ #layers = [];
  #known = "";
  /** @type {Unit | null} */ #unit = null;
  #place;

  /** @param {HTMLElement} host @param {(unit: Unit) => Element | undefined} place where a map is shown; layer −1 is the input */
  constructor(host, place) {
    this.host = host;
    this.#place = place;
    this.#svg.setAttribute("class", "wires");
    this.#svg.setAttribute("aria-hidden", "true");
    host.prepend(this.#svg);
    new ResizeObserver(() => this.#draw()).observe(host);
  }

  /** Ask how strongly maps feed each other, where that may be new. @param {Model} model @param {Change[]} changes */
  async know({ id, layers }, changes) {
    const key = `${id} ${formatChanges(changes)}`;
    if (key === this.#known) return;
    this.#known = key;
    if (layers !== this.#layers) {
      [this.#layers, this.#strengths] = [layers, []];
      this.#draw();
    }
    try {
      const answer = await post(`/api/models/${encodeURIComponent(id)}/wiring`, changes.length ? { changes } : {});
      /** @type {{ strengths: number[][] | null }[]} */
      const rows = await answer.json();
      if (key !== this.#known) return;
      this.#strengths = rows.map(({ strengths }) => strengths);
      this.#draw();
    } catch (error) {
      if (key === this.#known) this.#known = ""; // the next answer asks again
      throw error;
    }
  }

  /** The map whose lines are wanted; without one the strongest of all. @param {Unit | null} unit */
  point(unit) {
    this.#unit = unit;
    this.#draw();
  }

  #draw() {
    const around = this.host.getBoundingClientRect();
    const paths = wiresOf(this.#strengths, this.#layers, this.#unit).flatMap((wire) => this.#path(wire, around) ?? []);
    this.#svg.classList.toggle("pointed", this.#unit !== null);
    this.#svg.replaceChildren(...paths);
  }

  /** @param {Wire} wire @param {DOMRect} around */
  #path({ from, to, share }, around) {
    const [above, below] = [this.#place(from)?.getBoundingClientRect(), this.#place(to)?.getBoundingClientRect()];
    if (!above || !below) return null;
    const [x1, y1] = [above.left + above.width / 2 - around.left, above.bottom - around.top];
    const [x2, y2] = [below.left + below.width / 2 - around.left, below.top - around.top];
    const middle = (y1 + y2) / 2;
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}`);
    path.setAttribute("stroke-width", String(THINNEST + share * (THICKEST - THINNEST)));
    path.setAttribute("stroke-opacity", String(0.15 + 0.85 * share));
    return path;
  }
}
