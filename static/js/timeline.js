// Timelines: what has steps that a player goes through. A trace is one, and so are two traces on one clock.

/** @import { Mark, OperationTimeline, PairStep, Step, TraceAnswer, TraceRequest } from "./types" */

import { ApiError, post } from "./api.js";
import { once } from "./input/latest.js";
import { together } from "./limits.js";
import { say } from "./words.js";

const PAGE = 128; // steps in one answer
const PARTS = ["card", "links", "messages"]; // what an answer has beside its numbers
const AHEAD = 48; // steps before the end of what is here at which the next page is fetched
const BEYOND = 422; // how a step after the last one is refused

/** One of the steps of an answer, if it has it. @param {TraceAnswer["steps"]} columns @param {number} index @returns {Step | undefined} */
export function stepIn(columns, index) {
  const row = index - columns.start;
  if (row < 0 || row >= Number(columns["count"])) return undefined;
  const cells = Object.entries(columns).flatMap(([name, column]) => (Array.isArray(column) ? [[name, column[row]]] : []));
  return { index, ...Object.fromEntries(cells) };
}

/** Which steps a page has that holds a step. @param {number} step @param {number} page how many it has */
export const pageWith = (step, page) => ({ start: Math.floor(step / page) * page, count: page });

/** Steps that are here a page at a time. */
export class Paged {
  /** @type {Map<number, TraceAnswer["steps"]>} */ #pages = new Map();
  /** @type {Map<number, Promise<void>>} */ #loading = new Map();
  #page; // how many steps one has
  #fetch; // asks for the page that holds a step

  /** @param {number} page @param {TraceAnswer["steps"]} first those that are here @param {(index: number) => Promise<TraceAnswer["steps"]>} fetch */
  constructor(page, first, fetch) {
    this.#page = page;
    this.#fetch = fetch;
    this.total = first.total;
    this.#pages.set(this.#startOf(first.start), first);
  }

  /** Where the page begins that holds a step. @param {number} index */
  #startOf(index) {
    return pageWith(index, this.#page).start;
  }

  /** @param {number} index */
  has(index) {
    return this.#pages.has(this.#startOf(index));
  }

  /** @param {number} index @returns {Step | undefined} */
  at(index) {
    const columns = this.#pages.get(this.#startOf(index));
    return columns && stepIn(columns, index);
  }

  /** Fetch the page of steps that holds this one, once. @param {number} index @returns {Promise<void>} */
  async load(index) {
    if (index < 0 || index >= this.total || this.has(index)) return;
    const start = this.#startOf(index);
    await once(this.#loading, start, async () => void this.#pages.set(start, await this.#fetch(index)));
  }
}

/** A trace whose tensors are here whole and whose steps are here a page at a time. @implements {OperationTimeline} */
export class TraceTimeline extends Paged {
  /** @type {Mark[]} */ marks = [];

  /** @param {TraceRequest} request @param {TraceAnswer} answer */
  constructor({ operation, body, page = PAGE }, answer) {
    super(page, answer.steps, async (index) => {
      const requested = { ...body, tensors: [], steps: pageWith(index, page) };
      return (await (await post(`/api/trace/${operation}`, requested)).json()).steps;
    });
    this.operation = operation;
    this.body = body;
    this.ahead = Math.min(AHEAD, page);
    this.op = answer.op;
    this.group = answer.group;
    this.params = answer.params;
    this.geometry = answer.geometry;
    this.outer = answer.outer_geometry;
    this.counts = answer.counts;
    this.largest = answer.largest;
    this.limits = answer.limits;
    this.comparison = answer.comparison;
    this.panels = answer.panels;
    this.correlation = answer.correlation;
    this.card = answer.card;
    this.tensors = answer.tensors;
    this.links = answer.links;
  }

  /** @param {TraceRequest} request @param {number} step a step of the page wanted first @param {AbortSignal} signal */
  static async open(request, step, signal) {
    const { operation, body, page = PAGE } = request;
    const requested = { ...body, parts: PARTS, steps: pageWith(step, page) };
    return new TraceTimeline(request, await (await post(`/api/trace/${operation}`, requested, { signal })).json());
  }

  /** What its steps are, values aside: two traces with the same shape have the same steps. */
  get shape() {
    return JSON.stringify([this.geometry, this.tensors["input"]?.shape, this.tensors["output"]?.shape]);
  }

  /** How the size of its output comes about. */
  get sizes() {
    if (!this.outer) return [{ name: "", geometry: this.geometry }];
    return [this.geometry, this.outer].map((geometry, index) => ({ name: say("formula.layer", { layer: index + 1 }), geometry }));
  }
}

/** Two traces on one clock, stepped as if they were one: the shorter one waits at its end. @implements {OperationTimeline} */
export class PairTimeline {
  /** @type {Mark[]} */ marks = [];

  /** @param {TraceTimeline} one @param {TraceTimeline} two @param {[string, string]} names */
  constructor(one, two, names) {
    this.one = one;
    this.two = two;
    this.names = names;
    this.total = Math.max(one.total, two.total);
    this.ahead = Math.min(one.ahead, two.ahead);
    this.op = one.op;
    this.group = one.group;
    this.params = one.params;
    this.geometry = one.geometry;
    this.tensors = one.tensors;
    this.panels = one.panels;
    this.card = one.card;
    this.links = one.links;
    this.comparison = two.comparison;
    this.limits = together(one.limits, two.limits);
  }

  get shape() {
    return this.one.shape === this.two.shape ? this.one.shape : `${this.one.shape} ${this.two.shape}`;
  }

  /** How the size of each output comes about; once where the windows of both go the same way. */
  get sizes() {
    const { one, two, names } = this;
    if (JSON.stringify(one.geometry) === JSON.stringify(two.geometry)) return one.sizes;
    return [one, two].map(({ geometry }, index) => ({ name: names[index] ?? "", geometry }));
  }

  /** The step of one of the two at an index of both. @param {TraceTimeline} trace @param {number} index */
  #within(trace, index) {
    return Math.min(index, trace.total - 1);
  }

  /** @param {number} index */
  has(index) {
    return [this.one, this.two].every((trace) => trace.has(this.#within(trace, index)));
  }

  /** @param {number} index @returns {PairStep | undefined} */
  at(index) {
    const [one, two] = [this.one, this.two].map((trace) => trace.at(this.#within(trace, index)));
    return one && two && { ...one, index, one, two };
  }

  /** @param {number} index */
  async load(index) {
    await Promise.all([this.one, this.two].map((trace) => trace.load(this.#within(trace, index))));
  }
}

/** What opens at a step; where there are not so many, at the first. @template T @param {number} step @param {(step: number) => Promise<T>} open */
export async function orFirst(step, open) {
  try {
    return await open(step);
  } catch (error) {
    if (!step || !(error instanceof ApiError) || error.status !== BEYOND) throw error;
    return open(0);
  }
}

/**
 * The timeline of one trace, or of two. One that ends before the step opens at its first page.
 * @param {TraceRequest} first @param {TraceRequest | undefined} second @param {number} step @param {AbortSignal} signal
 * @returns {Promise<OperationTimeline>}
 */
export async function openTimeline(first, second, step, signal) {
  const open = (/** @type {TraceRequest} */ request) => orFirst(step, (at) => TraceTimeline.open(request, at, signal));
  if (!second) return open(first);
  const [one, two] = await Promise.all([open(first), open(second)]);
  return new PairTimeline(one, two, [first.name ?? "", second.name ?? ""]);
}
