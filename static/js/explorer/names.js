// What layers, their channels and their numbers are called: those of the last layer are classes. Sentences of the engine call them so too.

/** @import { Layer, Model } from "./model.js" */

import { capitalised } from "../api.js";
import { layerTitle } from "../training/choices.js";
import { say } from "../words.js";

/** What a layer is called. @param {number} index @param {Layer} layer */
export const titleOf = (index, { layer }) => say("explorer.layer", { number: index + 1, kind: layerTitle(layer) });

/** The class that a channel or a number of the last layer stands for. @param {Model} model @param {number | null} layer @param {number} unit */
export const classOf = ({ layers, classes }, layer, unit) =>
  layer === layers.length - 1 && layers[layer].output_shape[0] === classes.length ? classes[unit] : undefined;

/** What a channel or a number of a layer, or a channel of what the network receives, is called within it. @param {Model} model @param {number | null} layer @param {number} unit */
export function nameIn(model, layer, unit) {
  const [name, number] = [classOf(model, layer, unit), unit + 1];
  if (name !== undefined) return say("explorer.class_named", { name });
  if (layer === null) return say("explorer.channel", { number });
  return isMaps(model, layer) ? say("explorer.map_named", { number }) : say("explorer.number_named", { number });
}

/** The same where it begins a line. @param {Model} model @param {number | null} layer @param {number} unit */
export const titleIn = (model, layer, unit) => capitalised(nameIn(model, layer, unit));

/** What a channel or a number of a layer is called. @param {Model} model @param {number} layer @param {number} unit */
export const unitName = (model, layer, unit) => say("explorer.unit_of", { layer: titleOf(layer, model.layers[layer]), unit: nameIn(model, layer, unit) });

/** What each number of a line is called; of a layer of maps, or of what the network receives, nothing. @param {Model} model @param {number | null} layer */
export function cellNames(model, layer) {
  if (layer === null || isMaps(model, layer)) return undefined;
  return Array.from({ length: model.layers[layer]?.output_shape[0] ?? 0 }, (_, unit) => nameIn(model, layer, unit));
}

/** What a cell is called, with the map that it is in where there are several. @param {Model} model @param {number | null} layer @param {number[]} cell (channel, row, column), (row, column) or (number,) */
export function cellTitle(model, layer, cell) {
  if (cell.length === 1) return titleIn(model, layer, cell[0] ?? 0);
  const [col = 0, row = 0, unit] = [...cell].reverse();
  const position = say("explorer.cell_at", { row: row + 1, col: col + 1 });
  return unit === undefined ? position : say("explorer.cell_of", { cell: position, unit: nameIn(model, layer, unit) });
}

/** @param {Model} model @param {number} layer */
const isMaps = ({ layers }, layer) => layers[layer]?.output_shape.length === 3;
