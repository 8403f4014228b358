// What layers, their channels and their numbers are called: those of the last layer are classes.

/** @import { Layer, Model } from "./model.js" */

import { layerTitle } from "../training/choices.js";
import { say } from "../words.js";

/** What a layer is called. @param {number} index @param {Layer} layer */
export const titleOf = (index, { layer }) => say("explorer.layer", { number: index + 1, kind: layerTitle(layer) });

/** The class that a channel or a number of the last layer stands for. @param {Model} model @param {number} layer @param {number} unit */
export const classOf = ({ layers, classes }, layer, unit) => (layer === layers.length - 1 ? classes[unit] : undefined);

/** What a channel or a number of a layer is called. @param {Model} model @param {number} layer @param {number} unit */
export function unitName(model, layer, unit) {
  const [title, name] = [titleOf(layer, model.layers[layer]), classOf(model, layer, unit)];
  return name === undefined ? say("explorer.map_of", { layer: title, map: unit + 1 }) : say("explorer.class_of", { layer: title, name });
}

/** What each number of a line is called; of a layer of maps, or of what the network receives, nothing. @param {Model} model @param {number | null} layer */
export function cellNames(model, layer) {
  const [count = 0, ...area] = (layer === null ? null : model.layers[layer]?.output_shape) ?? [];
  return layer === null || area.length ? undefined : Array.from({ length: count }, (_, unit) => numberName(model, layer, unit));
}

/** @param {Model} model @param {number} layer @param {number} unit */
function numberName(model, layer, unit) {
  const name = classOf(model, layer, unit);
  return name === undefined ? say("explorer.number_named", { number: unit + 1 }) : say("explorer.class_named", { name });
}
