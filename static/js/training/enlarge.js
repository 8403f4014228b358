// One map, one filter or the picture, large and with its exact values; it goes on changing while the network learns.

/** @import { Ref } from "./column.js" */
/** @import { Checked } from "./editor.js" */
/** @import { Snapshot } from "./planes.js" */
/** @import { Plane } from "../draw/pictures.js" */

import { byRole, el, find } from "../draw/dom.js";
import { GridView } from "../draw/grid.js";
import { strongest } from "../draw/scale.js";
import { number, size } from "../format.js";
import { grid } from "../frame.js";
import { say } from "../words.js";
import { layerTitle } from "./choices.js";
import { flatValues, lines, strengthIn } from "../draw/pictures.js";
import { flattenedShape, indicesOf, kernelsOf, tensorPlanes, weightName, weightNow } from "./planes.js";

const ROOM = 440; // pixels for one grid
const LARGEST = 46;
const MOST_GRIDS = 64;

/** @typedef {{ title: string, note: string, planes: { name: string, plane: Plane }[], max: number, indices?: number[][][][] }} Enlarged */

/** All the digits of a 32-bit number. @param {number} value */
const exact = (value) => String(Number(value.toPrecision(9))).replace("-", "−").replace("e−", " × 10^−");

/** @param {string} name of its grid @param {import("../types").Target} cell */
function where(name, { row, col }) {
  const cell = { row: row + 1, column: col + 1 };
  return name ? say("common.name_row_column", { name, ...cell }) : say("common.row_column", cell);
}

const WHAT = { change: say("training.changes_note"), gradient: say("training.gradients_note"), "": "" };

export class Enlarge {
  /** @type {Ref | null} */ #ref = null;
  /** @type {GridView[]} */ #views = [];
  /** @type {Enlarged["planes"]} */ #planes = [];
  #shape = "";
  #own = false;
  /** @type {number[][][][]} */ #indices = []; // of each cell of a filter in its parameter
  #dialog = find("#tile-dialog", HTMLDialogElement);

  /** @param {(weight: string) => void} follow somebody chose a weight: `0.weight,4,0,1,2` */
  constructor(follow) {
    this.follow = follow;
    this.#dialog.addEventListener("close", () => {
      this.#ref = null;
    });
  }

  /** @param {Ref} ref @param {Snapshot} snapshot @param {Checked[]} layers @param {boolean} own whether a map has a scale of its own */
  open(ref, snapshot, layers, own) {
    this.#ref = ref;
    this.#own = own;
    this.show(snapshot, layers);
    this.#dialog.showModal();
  }

  /** @param {Snapshot} snapshot @param {Checked[]} layers */
  show(snapshot, layers) {
    if (!this.#ref) return;
    const found = enlarged(this.#ref, snapshot, layers, this.#own);
    if (!found) return this.#dialog.close();
    byRole("tile-title").textContent = found.title;
    byRole("tile-note").textContent = `${found.note} ${say("training.after_step", { step: snapshot.step })}`;
    const planes = (this.#planes = found.planes.slice(0, MOST_GRIDS));
    this.#indices = found.indices ?? [];
    const shape = JSON.stringify(planes.map(({ name, plane }) => [name, plane.length, plane[0]?.length]));
    if (shape !== this.#shape) this.#build(planes);
    this.#shape = shape;
    const across = Math.max(1, Math.ceil(Math.sqrt(planes.length)));
    const room = Math.min(ROOM, this.#dialog.ownerDocument.documentElement.clientWidth - 96) / across;
    planes.forEach(({ name, plane }, index) => {
      const cols = plane[0]?.length ?? 1;
      const cell = Math.max(6, Math.min(LARGEST, Math.floor(room / Math.max(cols, plane.length)) - 2));
      const model = grid({ id: `tile-${index}`, label: name || found.title, cols, values: plane.flat(), max: found.max });
      this.#views[index]?.show(model, cell);
    });
    return undefined;
  }

  /** @param {Enlarged["planes"]} planes */
  #build(planes) {
    const readout = byRole("tile-value");
    byRole("tile-hint").hidden = !this.#indices.length; // it stays: a value is read as soon as the focus is on a cell
    let rest = this.#indices.length ? "" : say("training.point_hint");
    readout.textContent = rest;
    this.#views = planes.map(({ name }, index) => {
      /** @param {string} _ @param {import("../types").Target | null} target */
      const point = (_, target) => {
        const value = target && this.#planes[index]?.plane[target.row]?.[target.col];
        const isNone = !target || value === null || value === undefined;
        readout.textContent = isNone ? rest : `${where(name, target)}: ${exact(value)}`;
      };
      /** @param {import("../types").Target} target */
      const pin = ({ row, col }) => {
        const weight = this.#indices[index]?.[row]?.[col];
        if (!weight || this.#ref?.kind !== "weight") return;
        this.follow([`${this.#ref.layer}.weight`, ...weight].join());
        readout.textContent = rest = say("training.follows", { where: where(name, { id: "", row, col }), value: exact(this.#planes[index]?.plane[row]?.[col] ?? 0) });
      };
      return new GridView({ point, pin });
    });
    byRole("tile-grids").replaceChildren(
      ...planes.map(({ name }, index) =>
        el("figure", {}, name ? el("figcaption", {}, name) : null, this.#views[index].box),
      ),
    );
  }
}

/** @param {Ref} ref @param {Snapshot} snapshot @param {Checked[]} layers @param {boolean} own @returns {Enlarged | null} */
function enlarged(ref, snapshot, layers, own) {
  if (ref.kind === "sample") {
    const planes = tensorPlanes(snapshot.sample.image);
    const names = planes.length === 3 ? [say("common.red"), say("common.green"), say("common.blue")] : [""];
    const note = say("training.black_white");
    return { title: say("common.the_picture"), note, planes: planes.map((plane, index) => ({ name: names[index] ?? "", plane })), max: 1 };
  }
  const now = snapshot.layers[ref.layer];
  if (!now) return null;
  const title = say("training.layer", { layer: ref.layer + 1, title: layerTitle(now.layer) });
  if (ref.kind === "vector") {
    const values = flatValues(now.output);
    const plane = lines(values, Math.min(values.length, 16));
    return { title, note: say("training.values_in_order", { values: values.length }), planes: [{ name: "", plane }], max: strengthIn(now.output) };
  }
  if (ref.kind === "map") {
    const plane = tensorPlanes(now.output)[ref.index] ?? [[0]];
    const note = say("training.largest", {
      size: size([plane.length, plane[0]?.length ?? 1]),
      strongest: number(strengthIn(now.output)),
    });
    return { title: say("training.part_of_layer", { layer: title, part: say("common.map_index", { index: ref.index + 1 }) }), note, planes: [{ name: "", plane }], max: own ? strongest(plane.flat()) : strengthIn(now.output) };
  }
  return weights(ref, now, layers, title);
}

/** @param {Ref} ref @param {import("./planes.js").LayerNow} now @param {Checked[]} layers @param {string} title @returns {Enlarged | null} */
function weights(ref, now, layers, title) {
  const { tensor, what } = weightNow(now);
  if (!tensor) return null;
  const kernels = kernelsOf(tensor, ref.index, flattenedShape(layers, ref.layer));
  const bias = now.bias ? flatValues(now.bias)[ref.index] : undefined;
  const note = WHAT[what] || (bias === undefined ? "" : say("training.bias", { bias: number(bias) }));
  const planes = kernels.map((plane, index) => ({ name: kernels.length > 1 ? say("training.of_map", { map: index + 1 }) : "", plane }));
  return { title: say("training.part_of_layer", { layer: title, part: weightName(now.layer, ref.index) }), note, planes, max: strongest(kernels.flat(2)), indices: indicesOf(tensor, ref.index, flattenedShape(layers, ref.layer)) };
}
