// Two traces on one clock, stepped as if they were one: the shorter one waits at its end.

/** @import { Limits, Pair, TraceLike } from "./types" */
/** @import { Trace } from "./api.js" */

export class TracePair {
  /** @param {Trace} one @param {Trace} two @param {[string, string]} names */
  constructor(one, two, names) {
    this.one = one;
    this.two = two;
    this.names = names;
    this.total = Math.max(one.total, two.total);
    this.op = one.op;
    this.params = one.params;
    this.geometry = one.geometry;
    this.tensors = one.tensors;
    this.comparison = two.comparison;
    this.limits = together(one.limits, two.limits);
  }

  /** Whether the windows of both go the same way. */
  get alike() {
    return JSON.stringify(this.one.geometry) === JSON.stringify(this.two.geometry);
  }

  get shape() {
    return this.one.shape === this.two.shape ? this.one.shape : `${this.one.shape} ${this.two.shape}`;
  }

  /** The step of one of the two at an index of both. @param {TraceLike} trace @param {number} index */
  #within(trace, index) {
    return Math.min(index, trace.total - 1);
  }

  /** @param {number} index */
  has(index) {
    return [this.one, this.two].every((trace) => trace.has(this.#within(trace, index)));
  }

  /** @param {number} index @returns {import("./types").Step | undefined} */
  at(index) {
    const [one, two] = [this.one, this.two].map((trace) => trace.at(this.#within(trace, index)));
    return one && two && { ...one, index, one, two };
  }

  /** @param {number} index */
  async load(index) {
    await Promise.all([this.one, this.two].map((trace) => trace.load(this.#within(trace, index))));
  }
}

/** What both can compute; the second one's own limits by the names `b.…`. @param {Limits | undefined} one @param {Limits | undefined} two @returns {Limits | undefined} */
function together(one, two) {
  if (!one || !two) return undefined;
  /** @type {Record<string, any>} */
  const both = {};
  for (const [name, limit] of Object.entries(one)) {
    const other = /** @type {any} */ (two[name]);
    both[`b.${name}`] = other;
    const own = name === "stride" || name === "padding" || name === "padding_word";
    both[name] = own ? limit : common(limit, other);
  }
  return /** @type {Limits} */ (both);
}

/** @param {any} one @param {any} two */
function common(one, two) {
  if (Array.isArray(one)) return one.filter((value) => two.includes(value));
  const axis = (/** @type {Pair} */ [low, high], /** @type {Pair} */ [from, to]) => [
    Math.max(low, from),
    Math.min(high, to),
  ];
  return { height: axis(one.height, two.height), width: axis(one.width, two.width) };
}
