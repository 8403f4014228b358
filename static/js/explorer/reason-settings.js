// What is asked: why this class, by which method, and how that is looked at; as links have it, such as 7-1,4,gradient,c0.3.5.

/** @import { Model } from "./model.js" */

/** @typedef {"contribution" | "occlusion" | "gradient" | "grad_cam"} MethodName */
/** @typedef {{ classes: number[], layer: number | null, method: MethodName, cell: number[] | null, scrambled: number | null, baseline: number }} ReasonSettings */

/** @type {MethodName[]} */
export const METHODS = ["contribution", "occlusion", "gradient", "grad_cam"];
export const PATTERN = /^(\d{1,4}(?:-\d{1,4})?)(?:,(\d{1,3}))?(?:,(occlusion|gradient|grad_cam))?(?:,c(\d{1,6}(?:\.\d{1,4}){0,2}))?(?:,s(\d{1,3}))?(?:,b(\d(?:\.\d{1,2})?))?$/;

/** @param {string} text @returns {ReasonSettings} */
export function parseReason(text) {
  const [, classes = "0", layer, method, cell, scrambled, baseline] = PATTERN.exec(text) ?? [];
  return {
    classes: classes.split("-").map(Number),
    layer: layer === undefined ? null : Number(layer),
    method: METHODS.find((name) => name === method) ?? "contribution",
    cell: cell === undefined ? null : cell.split(".").map(Number),
    scrambled: scrambled === undefined ? null : Number(scrambled),
    baseline: Number(baseline ?? 0),
  };
}

/** @param {ReasonSettings} settings */
export const formatReason = ({ classes, layer, method, cell, scrambled, baseline }) =>
  [
    classes.join("-"),
    layer,
    method === "contribution" ? null : method,
    cell && `c${cell.join(".")}`,
    scrambled === null ? null : `s${scrambled}`,
    baseline ? `b${baseline}` : null,
  ].filter((part) => part !== null).join();

/**
 * What is asked of another picture: still why the answer is what it is, where that was asked; a class that was chosen stays.
 * @param {ReasonSettings} settings @param {number} before the answer to the last picture @param {number} now
 * @returns {ReasonSettings}
 */
export function followed(settings, before, now) {
  const [first, ...others] = settings.classes;
  return first === before ? { ...settings, classes: [now, ...others.filter((other) => other !== now)] } : settings;
}

/** Whether more is asked than what adds up, which is shown first. @param {ReasonSettings} settings */
export const asksMore = ({ method, scrambled }) => method !== "contribution" || scrambled !== null;

/** Whether a network has the classes, the layer and the cell. @param {Model} model @param {ReasonSettings} settings */
export function isIn(model, settings) {
  const { classes, layer, cell } = settings;
  if (classes.some((one) => one >= model.classes.length) || new Set(classes).size < classes.length) return false;
  if (layer !== null && layer >= model.layers.length) return false;
  if (settings.method === "grad_cam" && !hasMaps(model)) return false;
  const shape = shapeOf(model, settings);
  if (!cell || !shape) return true;
  return cell.length === shape.length && cell.every((one, axis) => one < (shape[axis] ?? 0));
}

/** Whether any layer gives maps. @param {Model} model */
export const hasMaps = ({ layers }) => layers.some(({ output_shape }) => output_shape.length === 3);

/** The shape of a method's values; of Grad-CAM, which may choose its layer, none before it has. @param {Model} model @param {ReasonSettings} settings */
function shapeOf(model, { layer, method }) {
  const input = model.layers[0]?.input_shape ?? [];
  if (method === "occlusion") return input.slice(-2);
  if (method === "grad_cam") return null;
  return layer === null ? input : model.layers[layer]?.output_shape;
}

/** What the API takes of it. @param {Model} model @param {ReasonSettings} settings */
export function bodyOf(model, { classes, layer, method, baseline }) {
  const isMaps = layer !== null && model.layers[layer]?.output_shape.length === 3;
  const isOfLayer = layer !== null && method !== "occlusion" && (method !== "grad_cam" || isMaps);
  return { method, class: classes, ...(isOfLayer ? { layer } : {}), ...(method === "occlusion" ? { baseline } : {}) };
}
