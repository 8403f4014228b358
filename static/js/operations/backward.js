// The backward mode of an operation's page: a decorator of its declaration. The page says which operation its gradients
// are of; what is set, how it is asked for and what draws it follow.

/** @import { Build, Control, Field, GradientChoice, Operation, State, TraceLike, TraceRequest } from "../types" */
/** @import { ApiError } from "../api.js" */

import { el } from "../draw/dom.js";
import { choiceField, gradientField } from "../fields.js";
import { frame, isBackward } from "../frame.js";
import { say } from "../words.js";
import { optionsOf, pasteOf } from "./shared.js";

const PASSES = { forward: say("backward.forward"), backward: say("backward.backward") };
const FROM_ABOVE = { ones: say("backward.ones"), one: say("backward.one"), random: say("backward.random") };
const SEEN = { sum: say("backward.as_sum"), correlation: say("backward.as_correlation") };
const ONES = /** @type {GradientChoice} */ ({ preset: "ones" });
const OWN = "own";
const ABOVE = "grad_output";

/**
 * What a page says of its gradients.
 * @typedef {object} Backward
 * @property {(state: State) => TraceRequest | undefined} request the operation whose gradients these are, and the arguments that they need; nothing where there are none
 * @property {Record<string, string>} [wrt] what there are gradients of, and what it is called; left out: the input alone
 * @property {string} [otherwise] what is said where there are none, though two settings are not compared
 * @property {boolean} [line] whether the output is a line of numbers
 * @property {(state: State) => boolean} [correlates] whether the gradients are correlations as well
 * @property {string[]} [idle] the fields that no gradient depends on: their controls are not shown
 * @property {Record<string, string>} [names] the fields that hold arguments by other names, where not those of the page
 */

/** A request without some of its arguments. @param {TraceRequest} request @param {string[]} names @returns {TraceRequest} */
export const without = ({ operation, body }, ...names) => ({
  operation,
  body: Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name))),
});

/** What gives way where a change is refused: what was typed for an output of another size. @param {State} state @param {State} before @param {ApiError} refused @returns {State | undefined} */
function givingWay(state, before, { errors }) {
  const isOld = "values" in state[ABOVE] && state[ABOVE] === before[ABOVE];
  return isOld && errors.some(({ field }) => field === ABOVE) ? { [ABOVE]: ONES } : undefined;
}

/** @param {string} sentence @returns {Build} */
const note = (sentence) => () => el("p", { class: "field-note" }, sentence);

/** Whether a gradient can be seen as a correlation, too: that of a bias cannot. @param {Backward} backward @param {(state: State) => boolean} isOn */
const correlating = ({ correlates }, isOn) => (/** @type {State} */ state) => isOn(state) && state["wrt"] !== "bias" && correlates?.(state) === true;

/** How the steps of a convolution's gradient are seen. @param {(state: State) => boolean} when @returns {Field} */
export const seenField = (when) => ({ ...choiceField("seen", say("backward.seen"), "sum", Object.keys(SEEN)), when });
/** @param {(state: State) => boolean} when @returns {Control} */
export const seenControl = (when) => ({ kind: "choice", field: "seen", label: say("backward.seen"), options: optionsOf(SEEN), when });
/** The panels of a trace as it is seen. @param {Pick<TraceLike, "panels" | "correlation">} trace @param {State} state */
export const panelsSeen = ({ panels, correlation }, state) => (state["seen"] === "correlation" && correlation) || panels;

/** The settings of the gradients. @param {Backward} backward @param {(state: State) => boolean} isOffered @param {(state: State) => boolean} isOn @returns {Field[]} */
function fieldsOf(backward, isOffered, isOn) {
  const { wrt, correlates } = backward;
  const operands = Object.keys(wrt ?? {});
  return [
    { ...choiceField("pass", say("backward.pass"), "forward", Object.keys(PASSES)), when: isOffered },
    ...(wrt ? [{ ...choiceField("wrt", say("backward.wrt"), operands[0] ?? "", operands), when: isOn }] : []),
    { ...gradientField(ABOVE, say("backward.from_above"), ONES), when: isOn },
    ...(correlates ? [seenField(correlating(backward, isOn))] : []),
  ];
}

/** @param {Backward} backward @param {(state: State) => boolean} isOffered @param {(state: State) => boolean} isOn @returns {Control[]} */
function controlsOf(backward, isOffered, isOn) {
  const { wrt, otherwise = "", correlates } = backward;
  const field = ABOVE;
  return [
    {
      kind: "choice",
      field: "pass",
      label: say("backward.pass"),
      options: optionsOf(PASSES),
      when: isOffered,
    },
    ...(otherwise
      ? [{ kind: /** @type {const} */ ("custom"), field: "pass", label: say("backward.pass"), build: note(otherwise), when: (/** @type {State} */ state) => !isOffered(state) }]
      : []),
    ...(wrt ? [{ kind: /** @type {const} */ ("choice"), field: "wrt", label: say("backward.wrt"), options: optionsOf(wrt), when: isOn }] : []),
    ...(correlates ? [seenControl(correlating(backward, isOn))] : []),
    {
      kind: "choice",
      field,
      label: say("backward.from_above"),
      options: optionsOf(FROM_ABOVE),
      read: (state) => state[field].preset ?? OWN,
      write: (_, preset) => ({ [field]: { preset } }),
      when: isOn,
    },
    { kind: "seed", field, label: say("common.seed"), when: (state) => isOn(state) && state[field].preset === "random" },
    { kind: "custom", field, label: say("backward.from_above"), build: note(say("backward.note")), when: isOn },
    { ...pasteOf(field, say("backward.from_above")), when: isOn },
  ];
}

/** A page's operation, and its gradients on a switch where it does not compare two settings. @param {Operation} page @param {Backward} backward @returns {Operation} */
export function withBackward(page, backward) {
  const isOffered = (/** @type {State} */ state) => !page.second?.(state) && backward.request(state) !== undefined;
  const isOn = (/** @type {State} */ state) => state["pass"] === "backward" && isOffered(state);
  const idle = (/** @type {Control} */ control) =>
    backward.idle?.includes(control.field)
      ? { ...control, when: (/** @type {State} */ state) => !isOn(state) && (control.when?.(state) ?? true) }
      : control;
  const names = backward.names ?? page.names;
  return {
    ...page,
    fields: [...page.fields, ...fieldsOf(backward, isOffered, isOn)],
    cards: [
      { title: say("backward.passes"), controls: controlsOf(backward, isOffered, isOn) },
      ...page.cards.map((card) => ({ ...card, controls: card.controls.map(idle) })),
    ],
    names: { ...page.names, ...names },
    request: (state) => (isOn(state) ? asked(/** @type {TraceRequest} */ (backward.request(state)), backward, state) : page.request(state)),
    second: (state) => page.second?.(state),
    givingWay,
    frame: (trace, step, state) => (isBackward(trace) ? frame(trace, step, names, panelsSeen(trace, state)) : page.frame(trace, step, state)),
  };
}

/** The request of a gradient. @param {TraceRequest} forward @param {Backward} backward @param {State} state @returns {TraceRequest} */
function asked({ operation, body }, { wrt, line }, state) {
  const choice = /** @type {GradientChoice} */ (state[ABOVE]);
  const above = "values" in choice ? (line ? choice.values.flat(2) : choice.values) : choice;
  return { operation: `${operation}_backward`, body: { ...body, [ABOVE]: above, ...(wrt ? { wrt: state["wrt"] } : {}) } };
}
