// Talking to the server: requests, and errors as sentences for the person.

/** @import { Presets } from "./types" */

import { bytesIn } from "./packed.js";
import { isAborted, say } from "./words.js";

const REFUSALS = [400, 413, 422]; // the settings are at fault, and not what they name, the server or the way to it

export const AGAIN_MS = 2000; // after which a server that did not answer is asked again

/** What the server says instead of an answer, in its own words. */
export class ApiError extends Error {
  /** @param {string} message @param {number} status @param {Fault[]} errors */
  constructor(message, status, errors = []) {
    super(message);
    this.status = status;
    this.errors = errors;
  }

  /** Whether other settings would have an answer. */
  get isRefusal() {
    return REFUSALS.includes(this.status);
  }

  /** Whether nothing came back, not even a refusal. */
  get isSilence() {
    return this.status === 0;
  }
}

/** Why settings were not taken; nothing where they are kept, whether or not an answer came. @param {ApiError | undefined} error */
export const refusedBy = (error) => (error?.isRefusal ? error.message : "");

/** @typedef {{ field: string, message: string, seen?: string }} Fault what is wrong with a field of a request, and how a page says it where that is another way */

/** What pages call arguments of requests, in a sentence: where the path of a field has a name of its own, by that. @type {Record<string, string>} */
const CALLED = {
  kernel_size: say("argument.kernel_size"),
  "pooling.kernel_size": say("argument.pooling_size"),
  output_padding: say("argument.output_padding"),
  batch_size: say("argument.batch_size"),
};

/** Call an argument by its title from now on, where it has no other name. @param {string} name @param {string} title */
export const entitle = (name, title) => void (CALLED[name] ??= title.charAt(0).toLowerCase() + title.slice(1));

const ARGUMENT = /\b[a-z]+(?:_[a-z]+)+\b/g;

/** The minus of a number, as programs write it. */
const HYPHEN = /(?<![\w.\-])-(?=\d)/g;

/** A message in the words of the page. @param {string} message @param {string} [field] that it is about */
export const inWords = (message, field = "") =>
  message.replace(ARGUMENT, (name) => (field.endsWith(`.${name}`) && CALLED[field]) || (CALLED[name] ?? name)).replace(HYPHEN, "−");

/** The path of what a field is a part of. @param {string} field */
const whole = (field) => field.slice(0, Math.max(0, field.lastIndexOf(".")));

/** What is wrong, as the request has it, without the path by which it names the field. @param {Fault} fault */
function bare({ field, message: own, seen }) {
  const message = seen ?? own;
  const path = [field, whole(field)].find((one) => one && message.startsWith(`${one}: `));
  if (path) return message.slice(path.length + 2);
  return field && message.startsWith(`${field} `) ? message.slice(field.lastIndexOf(".") + 1) : message;
}

/** What is wrong in the words of the page, without its field: as it goes on after the field's name and a colon. @param {Fault} fault */
export const unnamed = (fault) => inWords(bare(fault), fault.field);

/** The same as a sentence of its own. @param {Fault} fault */
export const sentence = (fault) => capitalised(unnamed(fault));

/** @param {string} text */
export const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** @param {Response} response */
async function refusal(response) {
  try {
    const problem = await response.json();
    /** @type {Fault[]} */
    const faults = problem.errors ?? [];
    const errors = problem.seen ? faults.map((fault, at) => ({ ...fault, seen: problem.seen[at] })) : faults;
    const sentences = errors.map(sentence).join("; ");
    return new ApiError(sentences || problem.detail || problem.title, response.status, errors);
  } catch {
    return new ApiError(say("api.answered", { status: response.status, statusText: response.statusText }), response.status);
  }
}

const AS_JSON = "application/json";

/** What a request accepts. @param {RequestInit} init */
export const acceptedBy = ({ headers }) => new Headers(headers).get("accept") ?? AS_JSON;

/** The answer that came with the page, where it is to exactly this. @param {string} path @param {RequestInit} [init] */
function answered(path, init = {}) {
  const { method = "GET", body = "" } = init;
  const request = `${method} ${path} ${acceptedBy(init)} ${body}`;
  const known = [...document.querySelectorAll("script[data-request]")].find((script) => script.getAttribute("data-request") === request);
  const headers = known?.getAttribute("data-headers");
  if (!known || !headers) return known && new Response(known.textContent);
  const bytes = new Blob([bytesIn(known.textContent)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(bytes, { headers: JSON.parse(headers) });
}

/** @param {string} path @param {RequestInit} [init] @returns {Promise<Response>} */
export async function send(path, init) {
  const known = answered(path, init);
  if (known) return known;
  let response;
  const headers = { ...init?.headers, "Accept-Language": document.documentElement.lang };
  try {
    response = await fetch(path, { ...init, headers });
  } catch (error) {
    if (isAborted(error)) throw error;
    throw new ApiError(say("api.silent"), 0);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

/** @param {string} path @param {unknown} body @param {{ signal?: AbortSignal, accept?: string }} [options] */
export function post(path, body, { signal, accept = AS_JSON } = {}) {
  const headers = { "Content-Type": AS_JSON, Accept: accept };
  return send(path, { method: "POST", headers, body: JSON.stringify(body), signal: signal ?? null });
}

/** Change what there is at an address. @param {string} path @param {unknown} body */
export const amend = (path, body) => send(path, { method: "PATCH", headers: { "Content-Type": AS_JSON }, body: JSON.stringify(body) });

/** @returns {Promise<Presets>} */
export async function presets() {
  return (await send("/api/presets")).json();
}
