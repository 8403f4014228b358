// The timeline of a network: the steps of its layers one after the other, each shown as the operation that it is of.

/** @import { Cell, ChainRule, CheckAnswer, Entry, NetworkAnswer, OperationTimeline, Step, Tensor, TraceLike, TraceRequest } from "./types" */

import { ApiError, post } from "./api.js";
import { once } from "./input/latest.js";
import { needed } from "./needed.js";
import { indicesIn } from "./nested.js";
import { isOwn } from "./network-numbers.js";
import { orFirst, Paged, pageWith } from "./timeline.js";
import { say } from "./words.js";

const PASSES = {
  forward: say("backpropagation.forward"),
  loss: say("backpropagation.loss"),
  backward: say("backpropagation.backward"),
  update: say("backpropagation.update"),
};
const PAGE = 32; // steps in one answer: the fewer, the sooner a step is here that one jumps to
const PARTS = ["card", "links", "messages"];
const PATHS = { tensors: [], steps: { start: 0, count: 1 } }; // what a request is asked beside paths: next to nothing
const MOVED = 409; // how a step is refused whose weights are there no more

/** @implements {OperationTimeline} */
export class NetworkTimeline extends Paged {
  op = "network";
  card = { cards: [], by: "entry" }; // each step is drawn by the trace of its entry; the overview, by which entry it is of
  ahead = PAGE / 2;
  /** the number that a person chose to check, as the engine found it */
  /** @type {CheckAnswer | null} */ checked = null;
  /** what a person said of its steps before their numbers were shown, by question and step */
  /** @type {Map<string, string>} */ predictions = new Map();
  /** @type {OperationTimeline["sizes"]} */ sizes = [];
  /** @type {Map<number, TraceLike>} */ #traces = new Map();
  /** @type {Map<string, Promise<ChainRule>>} */ #chains = new Map();

  /** @param {TraceRequest["body"]} body @param {NetworkAnswer} answer */
  constructor(body, answer) {
    super(PAGE, answer.steps, (index) => this.#fetch(index));
    this.body = body;
    this.params = answer.params;
    this.entries = answer.timeline;
    this.tensors = { ...answer.tensors, ...numbersOf(answer) };
    this.overview = answer.overview ?? [];
    this.outcome = answer.outcome;
    this.step = answer.step; // of the run that is looked into
    this.batch = answer.batch; // how many pictures that step learns from
    this.loss = answer.loss;
    this.lossAfter = answer.loss_after;
    this.predictedChange = answer.predicted_change;
    this.marks = this.entries.map(({ start, label, pass }) => ({ index: start, label, group: PASSES[pass] }));
    this.#learn(answer);
  }

  /** The timeline of these settings, with the steps around one; one that ends before that opens at its first. @param {TraceRequest["body"]} body @param {number} step @param {AbortSignal} signal @returns {Promise<NetworkTimeline>} */
  static async open(body, step, signal) {
    const request = { ...body, overview: isOwn(body) }; // others are too large to be seen at a glance
    return new NetworkTimeline(body, await orFirst(step, (at) => ask(request, at, signal)));
  }

  /** Whether it is of the page's own network. */
  get isOwn() {
    return isOwn(this.body);
  }

  /** Which part of the network each of its steps is of: another optimizer or activation function has the same. */
  get shape() {
    return JSON.stringify(this.entries.map(({ pass, layer, wrt, start, count }) => [pass, layer, wrt, start, count]));
  }

  /** @param {number} index */
  async #fetch(index) {
    const answer = await ask({ ...this.body, tensors: [] }, index);
    if (answer.step !== this.step) throw new ApiError(say("inside.moved_on"), MOVED);
    this.#learn(answer);
    return answer.steps;
  }

  /** The trace of the entry that a step belongs to. @param {Step} step @returns {TraceLike} */
  traceOf(step) {
    return needed(this.#traces.get(Number(step["entry"])));
  }

  /** The entry that a step belongs to. @param {Step} step @returns {Entry} */
  entryOf(step) {
    return needed(this.entries[Number(step["entry"])]);
  }

  /** The number that a step computes, or the gradient or the new value of which; none of a step of the loss. @param {Step} step @returns {Cell | null} */
  numberOf(step) {
    const { tensor } = this.entryOf(step);
    return tensor === null ? null : { tensor, index: indicesIn(step["output_cell"]) };
  }

  /** Which number of the network a cell on the stage shows, or the gradient by which; none of what lies between. @param {Step} step @param {Cell} cell @returns {(Cell & { isGradient: boolean }) | null} */
  shownOn(step, { tensor: name, index }) {
    const { layer, pass, tensor } = this.entryOf(step);
    const before = this.entries.find((entry) => entry.pass === "backward" && entry.layer === layer && entry.wrt === "input")?.tensor;
    const isGradient = name === "grad_output" || name === "gradient" || (name === "output" && pass === "backward");
    /** @type {Record<string, string | null | undefined>} */
    const names = { output: tensor, gradient: tensor, values: tensor, grad_output: `${layer}.output`, weight: `${layer}.weight`, input: before, padded_input: before };
    const own = names[name];
    const alike = own && String(this.tensors[own]?.shape) === String(this.traceOf(step).tensors[name]?.shape); // with padding it has other places
    return layer !== null && own && alike ? { tensor: own, index, isGradient } : null;
  }

  /** The paths of a number to the loss; asked for once. @param {Cell} number @returns {Promise<ChainRule>} */
  chainOf(number) {
    return once(this.#chains, JSON.stringify(number), () => this.#askChain(number));
  }

  /** @param {Cell} number @returns {Promise<ChainRule>} */
  async #askChain(number) {
    const response = await post("/api/trace/network", { ...this.body, ...PATHS, paths: number });
    return (await response.json()).paths;
  }

  /** Keep the traces of an answer's steps. @param {NetworkAnswer} answer */
  #learn({ traces = [] }) {
    for (const trace of traces) this.#traces.set(trace.entry, trace);
  }
}

/** Numbers as a tensor. @param {unknown} values @returns {Tensor} */
const tensorOf = (values) => ({ shape: shapeOf(values), values });
/** @param {unknown} values @returns {number[]} */
const shapeOf = (values) => (Array.isArray(values) ? [values.length, ...shapeOf(values[0])] : []);

/** The parameters before and after, the gradients and the loss as tensors, called as the overview has them. @param {NetworkAnswer} answer @returns {Record<string, Tensor>} */
function numbersOf({ parameters = {}, parameters_after = {}, gradients = {}, input_gradient, loss }) {
  const own = Object.entries(parameters).map(([name, values]) => [name, tensorOf(values)]);
  const after = Object.entries(parameters_after).map(([name, values]) => [`${name}.after`, tensorOf(values)]);
  const by = Object.entries({ ...gradients, input: input_gradient }).map(([name, values]) => [`${name}.gradient`, tensorOf(values)]);
  return { ...Object.fromEntries([...own, ...after, ...by]), loss: tensorOf([loss]) };
}

/** @param {TraceRequest["body"]} body @param {number} step one of the page that is wanted @param {AbortSignal} [signal] @returns {Promise<NetworkAnswer>} */
async function ask(body, step, signal) {
  const requested = { ...body, parts: PARTS, steps: pageWith(step, PAGE) };
  const response = await post("/api/trace/network", requested, signal && { signal });
  return response.json();
}
