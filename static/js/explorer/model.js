// Models, and what one answers: to a picture, and to each question about that.

/** @import { Answered } from "../types" */
/** @import { Plane } from "../draw/pictures.js" */
/** @import { Chosen } from "./settings.js" */

import { ApiError, post, send } from "../api.js";
import { once } from "../input/latest.js";
import { needed } from "../needed.js";
import { mapsOf, valuesIn } from "../nested.js";
import { unpacked } from "../packed.js";
import { say } from "../words.js";
import { bentOf, requestedInput } from "./settings.js";

/** @typedef {Answered<"/api/models/{model_id}", "get">} Model */
/** @typedef {Model["layers"][number]} Layer */
/** Planes of rows; a line is one plane of one row. @typedef {Plane[]} Planes */
/** What a model answers to each call. @typedef {{ [Call in "answer" | "cell" | "parts" | "reach" | "why" | "why-cell" | "nearest" | "exciting" | "favourite" | "smallest-change"]: Answered<`/api/models/{model_id}/${Call}`, "post"> }} Answers */
/** @typedef {Answers["why"]} Why what it says of a reason */
/** @typedef {NonNullable<Why["largest"]>} Switched cells that are switched off together */
/** @typedef {Answers["why-cell"]} Reckoned the same of one cell */
/** Numbers in full, so that a probability that is nearly 1 is not said to be 1. @typedef {Answers["answer"]} Body */
/** What the network itself answers, beside the answer of one that is bent. @typedef {NonNullable<Body["compared"]>} Compared */
/** An array in lists or packed. @typedef {{ shape: number[], values?: unknown, base64?: string }} Packed */
/** @typedef {Omit<Body, "input" | "maps" | "stages"> & { drawn: boolean, model: Model, chosen: Chosen, input: Planes, maps: Planes[], stages: { name: string, values: Planes }[] }} Answer */

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
    return await (await send(modelPath(id))).json();
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
export const modelPath = (id, part = "") => `/api/models/${encodeURIComponent(id)}${part && `/${part}`}`;

/** @typedef {Answered<"/api/models/{model_id}/samples", "get">["items"][number]} Sample of the data set that a model learned from */

/** @param {Model} model @returns {Promise<Sample[]>} */
export const samplesOf = async ({ id }) => (await (await send(modelPath(id, "samples"))).json()).items;

/** Ask a model, whatever is given. @template {keyof Answers} Call @param {Model} model @param {Call} call @param {Record<string, unknown>} body @param {AbortSignal} [signal] @returns {Promise<Answers[Call]>} */
const askModel = async ({ id }, call, body, signal) => (await post(modelPath(id, call), body, signal && { signal })).json();

/** Ask a model about what is given. @template {keyof Answers} Call @param {Model} model @param {Call} call @param {Chosen} chosen @param {Record<string, unknown>} [more] @param {AbortSignal} [signal] */
export const ask = (model, call, chosen, more = {}, signal = undefined) => askModel(model, call, { ...requestedInput(model, chosen), ...more }, signal);

/** @param {Model} model @param {Chosen} chosen @param {AbortSignal} signal @returns {Promise<Answer>} */
export async function answerOf(model, chosen, signal) {
  const isBent = chosen.changes.length + chosen.off.length > 0;
  const compare = isBent ? { compare: true } : {};
  const threshold = chosen.unsure ? { threshold: chosen.unsure / 100 } : {};
  const body = await ask(model, "answer", chosen, { precision: "packed", ...compare, ...threshold }, signal);
  const stages = (body.stages ?? []).map(({ name, ...stage }) => ({ name, values: answeredPlanes(stage) }));
  const input = answeredPlanes({ shape: model.input_shape, values: body.input });
  return { drawn: true, ...body, model, chosen, input, stages, maps: body.maps.map(answeredPlanes) };
}

/** @param {Packed} array @returns {Planes} */
export function answeredPlanes({ shape, values, base64 }) {
  if (base64 !== undefined) return unpacked(base64, shape);
  return shape.length === 3 ? mapsOf(values) : [[valuesIn(values)]];
}

/** @typedef {{ [Call in keyof Answers]: Map<string, Promise<Answers[Call]>> }} Known what was answered to each call, by what was asked */

/** @returns {Known} */
const nothing = () => ({ answer: new Map(), cell: new Map(), parts: new Map(), reach: new Map(), why: new Map(), "why-cell": new Map(), nearest: new Map(), exciting: new Map(), favourite: new Map(), "smallest-change": new Map() });

/** Questions about one answer: each is asked once, and its answer kept until there is another picture or network. */
export class Questions {
  /** @type {Answer | null} */ #answer = null;
  #answers = nothing();

  /** @param {Answer} answer */
  about(answer) {
    if (answer !== this.#answer) this.#answers = nothing();
    this.#answer = answer;
  }

  /** About the picture. @template {keyof Answers} Call @param {Call} call @param {Record<string, unknown>} body */
  ask(call, body) {
    const { model, chosen } = needed(this.#answer);
    return this.#once(call, body, () => ask(model, call, chosen, body));
  }

  /** About the network alone, as it is bent. @template {"exciting" | "favourite"} Call @param {Call} call @param {Record<string, unknown>} body */
  askModel(call, body) {
    const { model, chosen } = needed(this.#answer);
    const whole = { ...body, ...bentOf(chosen) };
    return this.#once(call, whole, () => askModel(model, call, whole));
  }

  /** @template {keyof Answers} Call @param {Call} call @param {Record<string, unknown>} body @param {() => Promise<Answers[Call]>} ask @returns {Promise<Answers[Call]>} */
  #once(call, body, ask) {
    return once(this.#answers[call], JSON.stringify(body), ask);
  }
}
