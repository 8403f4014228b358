// Models, and what one answers.

/** @import { Tensor, TraceAnswer } from "../types" */
/** @import { Plane } from "../draw/pictures.js" */
/** @import { Excited, Favourite, Near } from "./learned-view.js" */
/** @import { Parts } from "./parts.js" */
/** @import { Reached } from "./reach.js" */
/** @import { Chosen } from "./settings.js" */
/** @import { Reckoned, Why } from "./why.js" */

import { ApiError, post, send } from "../api.js";
import { mapsOf, valuesIn } from "../nested.js";
import { unpacked } from "../packed.js";
import { say } from "../words.js";
import { inputOf } from "./settings.js";

/** @typedef {{ layer: string, output_shape: number[], input_shape: number[], parameters: number }} Layer */
/** @typedef {{ id: string, name: string, classes: string[], prepare: Record<string, boolean>, layers: Layer[], input_shape: number[], dataset: { name: string } | null, accuracy: number | null, source: string, mine: boolean, shared: boolean, shipped: boolean }} Model */
/** Planes of rows; a line is one plane of one row. @typedef {Plane[]} Planes */
/** How many of how many numbers differ, and by how much at most. @typedef {{ changed: number, of: number, largest: number | null }} Difference */
/** What the network itself answers, beside the answer of one that is bent. @typedef {{ probabilities: number[], best: number | null, weights: Difference, cells: Difference, distance: number | null, was: (number | null)[] }} Compared */
/** What a layer gives, in lists or packed. @typedef {{ layer: number, shape: number[], values?: unknown, base64?: string }} Maps */
/** Where the largest number stands, of what the network receives and of each layer; null where none is finite. @typedef {{ input: number[] | null, maps: (number[] | null)[] }} Largest */
/** What the API answers: numbers in full, so that a probability that is nearly 1 is not said to be 1. @typedef {{ probabilities: number[], best: number | null, input: Planes, maps: Maps[], largest: Largest, stages?: { name: string, values: Planes }[], drawn?: boolean, truth?: string, compared?: Compared }} Body */
/** @typedef {Omit<Body, "maps"> & Required<Pick<Body, "stages" | "drawn">> & { model: Model, chosen: Chosen, maps: Planes[] }} Answer */
/** What a model answers to each call. @typedef {{ answer: Body, cell: TraceAnswer & { leading: number | null }, parts: Parts, reach: Reached, why: Why, "why-cell": Reckoned, nearest: { of: number, pictures: Near[] }, exciting: { of: number, pictures: Excited[] }, favourite: Favourite }} Answers */

/** What those are called that are shipped. @type {Record<string, string>} */
const NAMES = {
  digits: say("explorer.digits"),
  clothes: say("explorer.clothes"),
  orientations: say("explorer.orientations"),
  "shapes-colour": say("explorer.shapes_colour"),
};

/** @returns {Promise<Model[]>} */
export async function models() {
  return (await send("/api/models")).json();
}

const KEPT = /^[\w-]{22}$/; // the id of a network that somebody keeps

/** A network that is not among one's own, by its id; none where there is none. @param {string} id @returns {Promise<Model | null>} */
export async function modelOf(id) {
  if (!KEPT.test(id)) return null;
  try {
    return await (await send(pathOf(id))).json();
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** @param {Model} model */
export const nameOf = ({ id, name }) => NAMES[id] ?? name;

/** What it is called in a list of all. @param {Model} model */
export const listedAs = (model) => (model.mine || model.shipped ? nameOf(model) : say("explorer.others_model", { name: nameOf(model) }));

/** @param {string} id @param {string} [part] */
export const pathOf = (id, part = "") => `/api/models/${encodeURIComponent(id)}${part && `/${part}`}`;

/** @typedef {{ index: number, class: string | null, image: Tensor }} Sample of the data set that a model learned from */

/** @param {Model} model @returns {Promise<Sample[]>} */
export const samplesOf = async ({ id }) => (await (await send(pathOf(id, "samples"))).json()).items;

/** Ask a model, whatever is given. @template {keyof Answers} Call @param {Model} model @param {Call} call @param {Record<string, unknown>} body @param {AbortSignal} [signal] @returns {Promise<Answers[Call]>} */
export const askModel = async ({ id }, call, body, signal) => (await post(pathOf(id, call), body, signal && { signal })).json();

/** Ask a model about what is given. @template {keyof Answers} Call @param {Model} model @param {Call} call @param {Chosen} chosen @param {Record<string, unknown>} [more] @param {AbortSignal} [signal] */
export const ask = (model, call, chosen, more = {}, signal = undefined) => askModel(model, call, { ...inputOf(model, chosen), ...more }, signal);

/** @param {Model} model @param {Chosen} chosen @param {AbortSignal} signal @returns {Promise<Answer>} */
export async function answerOf(model, chosen, signal) {
  const isBent = chosen.changes.length + chosen.off.length > 0;
  const body = await ask(model, "answer", chosen, { precision: "packed", ...(isBent ? { compare: true } : {}) }, signal);
  return { stages: [], drawn: true, ...body, model, chosen, maps: body.maps.map(planesOf) };
}

/** @param {Maps} maps @returns {Planes} */
export function planesOf({ shape, values, base64 }) {
  if (base64 !== undefined) return unpacked(base64, shape);
  return shape.length === 3 ? mapsOf(values) : [[valuesIn(values)]];
}
