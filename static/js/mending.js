// A link that cannot be computed as it is: which of its settings are at fault. Those give way; the others are kept.

/** @import { Field, State } from "./types" */
/** @import { ApiError } from "./api.js" */

import { capitalised, unnamed } from "./api.js";
import { isPreset } from "./values.js";

const MOST = 40; // attempts: more are no link that somebody made

/** What requests call settings that have another name on the page. @type {Record<string, string[]>} */
const CALLED = {
  weight: ["kernel", "weight"],
  second_weight: ["kernel2"],
  second_stride: ["stride2"],
  kernel_size: ["kernel"],
  bias: ["bias1", "bias2"],
  layers: ["weight1", "weight2", "bias1", "bias2"],
  stride: ["other"],
  padding: ["other"],
  input: ["logits"],
  target: ["truth"],
  mode: ["padding_mode"],
  pooling: ["stride", "pool_size"],
};

/**
 * Put other values in the place of those that are refused, one after the other, until the rest can be computed.
 * @template {State} S
 * @param {Field[]} fields @param {S} state @param {ApiError} refused why it cannot be computed as it is
 * @param {string[]} problems what is wrong, in sentences: added to
 * @param {(state: S) => Promise<ApiError | undefined>} ask shows these settings, or says why they cannot be shown
 * @returns {Promise<ApiError | undefined>} why nothing can be shown, where that is so
 */
export async function mend(fields, state, refused, problems, ask) {
  let now = state;
  /** @type {ApiError | undefined} */
  let why = refused;
  let attempts = 0;
  while (why?.isRefusal && attempts < MOST) {
    const step = await firstThatHelps(why, candidates(fields, now, why), (patch) => {
      attempts += 1;
      return ask({ ...now, ...patch });
    });
    if (!step) break; // what the page opens with is refused: nothing here is at fault
    if (step.next && !step.next.isRefusal) return step.next; // nobody knows whether it would have helped
    const problem = problemOf(step.field, messageFor(step.field, why));
    if (!problems.includes(problem)) problems.push(problem);
    now = { ...now, [step.field.name]: step.value };
    why = step.next;
  }
  return why;
}

/** What is wrong with a setting, which is named once: a message may begin with its name. @param {Field} field @param {string} message */
function problemOf({ label }, message) {
  const isNamedThere = message.toLowerCase().startsWith(label.toLowerCase());
  return isNamedThere ? `${capitalised(message)}.` : `${label}: ${message}.`;
}

/** @typedef {{ field: Field, value: unknown }} Candidate */

/**
 * The first replacement after which there is nothing to refuse, or something else.
 * @param {ApiError} why @param {Candidate[]} candidates @param {(patch: State) => Promise<ApiError | undefined>} ask
 */
async function firstThatHelps(why, candidates, ask) {
  for (const { field, value } of candidates) {
    const next = await ask({ [field.name]: value });
    if (next?.message !== why.message) return { field, value, next };
  }
  return null;
}

/** What could be put in the place of what: settings that the refusal names come first. @param {Field[]} fields @param {State} state @param {ApiError} why @returns {Candidate[]} */
function candidates(fields, state, why) {
  const changed = fields.filter(({ name, format, initial }) => format(state[name]) !== format(initial));
  const named = changed.filter((field) => isNamed(field, why));
  const others = changed.filter((field) => !named.includes(field));
  return [...named, ...others].flatMap((field) =>
    substitutes(field, state[field.name]).map((value) => ({ field, value })),
  );
}

/** The part of a refusal's field that names an argument: `input.preset` → input. @param {string} field */
const argument = (field) => field.split(/[.[]/)[0] ?? "";

/** @param {Field} field @param {ApiError} why */
const isNamed = ({ name }, why) =>
  why.errors.some((error) => argument(error.field) === name || CALLED[argument(error.field)]?.includes(name));

/** @param {Field} field @param {ApiError} why */
function messageFor({ name }, why) {
  const own = why.errors.find(({ field }) => argument(field) === name || CALLED[argument(field)]?.includes(name));
  return (own ? [own] : why.errors).map(unnamed).join("; ") || why.message;
}

/** What the page opens with: at the size that the link asks for, if only its name is wrong, or as it is. @param {Field} field @param {unknown} value @returns {unknown[]} */
function substitutes({ initial }, value) {
  if (!isPreset(value) || !isPreset(initial) || value.preset === initial.preset) return [initial];
  return [{ ...initial, size: value.size, channels: value.channels ?? 1 }, initial];
}
