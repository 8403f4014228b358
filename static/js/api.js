// Talking to the server: requests, steps by the page, and errors as sentences for the person.

/** @import { Comparison, Presets, Step, Tensor, Geometry, Limits } from "./types" */

const PAGE = 128;

/** A refusal by the server, in its own words. */
export class ApiError extends Error {
  /** @param {string} message @param {number} status @param {{ field: string, message: string }[]} errors */
  constructor(message, status, errors = []) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/** @param {Response} response */
async function refusal(response) {
  try {
    const problem = await response.json();
    const errors = problem.errors ?? [];
    const told = errors.map((/** @type {{message: string}} */ error) => error.message).join("; ");
    return new ApiError(told || problem.detail || problem.title, response.status, errors);
  } catch {
    return new ApiError(`The server answered ${response.status} ${response.statusText}.`, response.status);
  }
}

/** @param {string} path @param {RequestInit} [init] @returns {Promise<Response>} */
export async function send(path, init) {
  let response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (/** @type {Error} */ (error).name === "AbortError") throw error;
    throw new ApiError("The server does not answer. What you set is kept: try again in a moment.", 0);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

/** @param {string} path @param {unknown} body @param {{ signal?: AbortSignal, accept?: string }} [options] */
export function post(path, body, { signal, accept = "application/json" } = {}) {
  const headers = { "Content-Type": "application/json", Accept: accept };
  return send(path, { method: "POST", headers, body: JSON.stringify(body), signal: signal ?? null });
}

/** @returns {Promise<Presets>} */
export async function presets() {
  return (await send("/api/presets")).json();
}

/** A trace whose tensors are here whole and whose steps are here a page at a time. */
export class Trace {
  #pages = new Map();
  #loading = new Map();

  /** @param {string} operation @param {Record<string, unknown>} body @param {any} answer @param {number} page */
  constructor(operation, body, answer, page) {
    this.page = page;
    this.operation = operation;
    this.body = body;
    this.op = /** @type {string} */ (answer.op);
    this.params = /** @type {Record<string, unknown>} */ (answer.params);
    this.geometry = /** @type {Geometry | undefined} */ (answer.geometry);
    this.counts = /** @type {Record<string, number> | undefined} */ (answer.counts);
    this.limits = /** @type {Limits | undefined} */ (answer.limits);
    this.comparison = /** @type {Comparison | undefined} */ (answer.comparison);
    this.tensors = /** @type {Record<string, Tensor>} */ (answer.tensors);
    this.total = /** @type {number} */ (answer.steps.total);
    this.#pages.set(Math.floor(answer.steps.start / page), answer.steps);
  }

  /**
   * @param {string} operation @param {Record<string, unknown>} body @param {number} step a step of the page wanted first
   * @param {AbortSignal} [signal] @param {number} [page] steps in one answer
   */
  static async open(operation, body, step, signal, page = PAGE) {
    const steps = { start: Math.floor(step / page) * page, count: page };
    const response = await post(`/api/trace/${operation}`, { ...body, steps }, signal ? { signal } : {});
    return new Trace(operation, body, await response.json(), page);
  }

  /** What its steps are, values aside: two traces with the same shape have the same steps. */
  get shape() {
    return JSON.stringify([this.geometry, this.tensors["input"]?.shape, this.tensors["output"]?.shape]);
  }

  /** @param {number} index */
  has(index) {
    return this.#pages.has(Math.floor(index / this.page));
  }

  /** @param {number} index @returns {Step | undefined} */
  at(index) {
    const page = this.#pages.get(Math.floor(index / this.page));
    if (!page) return undefined;
    const step = /** @type {any} */ ({ index });
    for (const [name, column] of Object.entries(page)) {
      if (Array.isArray(column)) step[name] = column[index - page.start];
    }
    return step;
  }

  /** Fetch the page of steps that holds this one, once. @param {number} index @returns {Promise<void>} */
  load(index) {
    const page = Math.floor(index / this.page);
    if (index < 0 || index >= this.total || this.#pages.has(page)) return Promise.resolve();
    if (!this.#loading.has(page)) this.#loading.set(page, this.#fetch(page));
    return this.#loading.get(page);
  }

  /** @param {number} page */
  async #fetch(page) {
    try {
      const body = { ...this.body, tensors: [], steps: { start: page * this.page, count: this.page } };
      const response = await post(`/api/trace/${this.operation}`, body);
      this.#pages.set(page, (await response.json()).steps);
    } finally {
      this.#loading.delete(page);
    }
  }
}
