// Places in a network, as links have them: a layer and a map, and a row and a column; of a line the layer, and a number.

/** @import { Answer, Layer, Model } from "./model.js" */

import { inDigits } from "../packed.js";
import { cellTitle, titleOf, unitName } from "./names.js";
import { shownPlanes } from "./network.js";
import { cellIn, positionIn } from "./positions.js";

/** A place in numbers. @param {string} at */
export const numbers = (at) => at.split(",").map(Number);

/** @param {Model} model @param {string} at */
export const layerOf = ({ layers }, at) => layers[numbers(at)[0] ?? 0];

/** How many numbers name a map of a layer, or its line. @param {Layer} layer */
const short = ({ output_shape }) => (output_shape.length === 3 ? 2 : 1);

/** How close a place is: 0 the network, 1 a map, 2 a cell. @param {Model} model @param {string} at */
export const depthOf = (model, at) => (at === "" ? 0 : numbers(at).length === short(layerOf(model, at)) ? 1 : 2);

/** The map that a place is in. @param {Model} model @param {string} at */
export const mapOf = (model, at) => numbers(at).slice(0, short(layerOf(model, at))).join();

/** Whether a network has a place. @param {Model} model @param {string} at */
export function isThere({ layers }, at) {
  const [layer = 0, ...index] = numbers(at);
  const shape = layers[layer]?.output_shape;
  if (!shape || ![shape.length, shape.length === 3 ? 1 : 0].includes(index.length)) return false;
  return index.every((one, axis) => one < (shape[axis] ?? 0));
}

/** The rows of the map that a place is in. @param {Answer} answer @param {string} at @returns {import("../draw/pictures.js").Plane} */
export function planeOf({ model, maps }, at) {
  const [layer = 0, channel = 0] = numbers(at);
  const planes = shownPlanes(maps[layer] ?? [], layerOf(model, at));
  const plane = planes[short(layerOf(model, at)) === 2 ? channel : 0] ?? [];
  return plane.map((row) => row.map(inDigits));
}

/** The row and the column of a cell in its map. @param {Model} model @param {string} at @returns {[number, number]} */
export function rowAndCol(model, at) {
  const { row, col } = positionIn(layerOf(model, at).output_shape, numbers(at).slice(1));
  return [row, col];
}

/** The place of a cell of the map that a place is in. @param {Model} model @param {string} at @param {number} row @param {number} col */
export function cellAt(model, at, row, col) {
  const [layer = 0, channel = 0] = numbers(at);
  return [layer, ...cellIn(layerOf(model, at).output_shape, channel, row, col)].join();
}

/** What a map, or a line, is called. @param {Model} model @param {string} at */
export function mapName(model, at) {
  const [layer = 0, channel = 0] = numbers(at);
  return short(layerOf(model, at)) === 2 ? unitName(model, layer, channel) : titleOf(layer, layerOf(model, at));
}

/** What a cell is called in its map. @param {Model} model @param {string} at */
export function cellName(model, at) {
  const [layer = 0, first = 0, ...spot] = numbers(at);
  return cellTitle(model, layer, spot.length ? spot : [first]);
}
