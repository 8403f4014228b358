// The backward mode of an operation's page: a decorator of its declaration. The page says which operation its gradients
// are of; what is set, how it is asked for and what draws it follow.

/** @import { Backward, Build, Control, Field, Forward, GradientChoice, Operation, State, TraceLike, TraceRequest } from "../types" */
/** @import { ApiError } from "../api.js" */

import { GRADIENTS } from "../catalogue.js";
import { el } from "../draw/dom.js";
import { choiceField, gradientField, OWN } from "../fields.js";
import { frame, isBackward } from "../frame.js";
import { namedIn } from "../values.js";
import { say } from "../words.js";
import { optionsOf, pasteOf } from "./shared.js";

const PASSES = { forward: say("backward.forward"), backward: say("backward.backward") };
/** @type {GradientChoice} */
const ONES = { preset: "ones" };
const ABOVE = "grad_output";
const WHICH = ["first", "second"];

/** What there are gradients of where one kernel slides, and when they are correlations. */
export const OF_A_KERNEL = {
  wrt: { weight: say("common.kernel"), input: say("common.input"), bias: say("common.bias") },
  correlates: (/** @type {State} */ state) => state["wrt"] === "weight" || (state["padding_mode"] ?? "zeros") === "zeros",
};

/** How the gradients of a convolution are seen: as sums over positions, or as the correlations that they are. */
const SEEN = { sum: say("backward.as_sum"), correlation: say("backward.as_correlation") };

/** @param {(state: State) => boolean} when @returns {Field<"seen", string>} */
export const seenField = (when) => ({ ...choiceField("seen", say("backward.seen"), "sum", SEEN), when });
/** @param {(state: State) => boolean} when @returns {Control<{ seen: string }>} */
export const seenControl = (when) => ({ kind: "choice", field: "seen", label: say("backward.seen"), when });
/** The panels of a trace as it is seen. @param {Pick<TraceLike, "panels" | "correlation">} trace @param {State} state */
export const panelsSeen = ({ panels, correlation }, state) => (state["seen"] === "correlation" && correlation) || panels;

/** A request without some of its arguments. @param {TraceRequest} request @param {string[]} names @returns {TraceRequest} */
export const without = ({ operation, body }, ...names) => ({
  operation,
  body: Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name))),
});

/** What gives way where a change is refused: what was typed for an output of another size. @param {State} state @param {State} before @param {ApiError} refused @returns {State | undefined} */
function givingWay(state, before, { errors }) {
  const isOld = "values" in namedIn(state, ABOVE) && state[ABOVE] === before[ABOVE];
  return isOld && errors.some(({ field }) => field === ABOVE) ? { [ABOVE]: ONES } : undefined;
}

/** @param {string} sentence @returns {Build} */
const note = (sentence) => () => el("p", { class: "field-note" }, sentence);

/** Whether a gradient can be seen as a correlation, too: that of a bias cannot. @param {Backward} backward @param {(state: State) => boolean} isOn */
const correlating = ({ correlates }, isOn) => (/** @type {State} */ state) => isOn(state) && state["wrt"] !== "bias" && correlates?.(state) === true;

/** Whether it is to be said of which operand the gradient is. @param {Backward} backward @param {(state: State) => boolean} isOn */
const ofOperands = ({ single }, isOn) => (/** @type {State} */ state) => isOn(state) && single?.(state) !== true;

/** The settings of the gradients. @param {Backward} backward @param {(state: State) => boolean} isOffered @param {(state: State) => boolean} isOn @returns {Field[]} */
function fieldsOf(backward, isOffered, isOn) {
  const { wrt, correlates, compared, ends } = backward;
  const isOperand = ofOperands(backward, isOn);
  return [
    { ...choiceField("pass", say("backward.pass"), "forward", PASSES), when: isOffered },
    ...(compared ? [{ ...choiceField("of", say("backward.of"), "second", WHICH), when: isOn }] : []),
    ...(wrt ? [{ ...choiceField("wrt", say("backward.wrt"), Object.keys(wrt)[0] ?? "", wrt), when: isOperand }] : []),
    ...(ends ? [] : [{ ...gradientField(ABOVE, say("backward.from_above"), ONES), when: isOn }]),
    ...(correlates ? [seenField(correlating(backward, isOn))] : []),
  ];
}

/** @param {Backward} backward @param {(state: State) => boolean} isOffered @param {(state: State) => boolean} isOn @returns {Control[]} */
function controlsOf(backward, isOffered, isOn) {
  const { wrt, otherwise = "", correlates, compared, ends } = backward;
  /** @type {Control} */
  const instead = { kind: "custom", field: "pass", label: say("backward.pass"), build: note(otherwise), when: (state) => !isOffered(state) };
  /** @type {Control} */
  const operand = { kind: "choice", field: "wrt", label: say("backward.wrt"), when: ofOperands(backward, isOn) };
  /** @type {Control[]} */
  const which = compared ? [{ kind: "choice", field: "of", label: say("backward.of"), options: WHICH.map((value) => ({ value, called: (state) => compared(state, value) })), when: isOn }] : [];
  /** @type {Control} */
  const nothing = { kind: "custom", field: "pass", label: say("backward.pass"), build: note(say("backward.ends")), when: isOn };
  return [
    { kind: "choice", field: "pass", label: say("backward.pass"), when: isOffered },
    ...(otherwise ? [instead] : []),
    ...which,
    ...(wrt ? [operand] : []),
    ...(correlates ? [seenControl(correlating(backward, isOn))] : []),
    ...(ends ? [nothing] : aboveControls(isOn)),
  ];
}

/** What comes from above. @param {(state: State) => boolean} isOn @returns {Control[]} */
function aboveControls(isOn) {
  const field = ABOVE;
  return [
    {
      kind: "choice",
      field,
      label: say("backward.from_above"),
      options: optionsOf(GRADIENTS),
      read: (state) => presetOf(state) ?? OWN,
      write: (_, preset) => ({ [field]: { preset } }),
      when: isOn,
    },
    { kind: "seed", field, label: say("common.seed"), when: (state) => isOn(state) && presetOf(state) === "random" },
    { kind: "custom", field, label: say("backward.from_above"), build: note(say("backward.note")), when: isOn },
    { ...pasteOf(field, say("backward.from_above")), when: isOn },
  ];
}

/** The name of the gradient from above, where it has one. @param {State} state */
function presetOf(state) {
  const above = namedIn(state, ABOVE);
  return "preset" in above ? above.preset : undefined;
}

/** A page's operation, and its gradients on a switch: where it compares two settings, those of one of them. @template {State} S @param {Forward<S>} page @param {Backward<S>} backward @returns {Operation} */
export const withBackward = (page, backward) => both(page, backward);

/** @param {Forward} page @param {Backward} backward @returns {Operation} */
function both(page, backward) {
  const isOffered = (/** @type {State} */ state) => (backward.compared !== undefined || !page.second?.(state)) && backward.request(state) !== undefined;
  const isOn = (/** @type {State} */ state) => state["pass"] === "backward" && isOffered(state);
  const idle = (/** @type {Control} */ control) =>
    backward.idle?.includes(control.field)
      ? { ...control, when: (/** @type {State} */ state) => !isOn(state) && (control.when?.(state) ?? true) }
      : control;
  const names = backward.names ?? page.names;
  return {
    ...page,
    fields: [...page.fields, ...fieldsOf(backward, isOffered, isOn)],
    cards: afterBasics(
      page.cards.map((card) => ({ ...card, controls: card.controls.map(idle) })),
      { title: say("backward.passes"), controls: controlsOf(backward, isOffered, isOn) },
    ),
    names: { ...page.names, ...names },
    request: (state) => {
      const forward = isOn(state) ? backward.request(state) : undefined;
      return forward ? requestOf(forward, backward, state) : page.request(state);
    },
    second: (state) => (isOn(state) ? undefined : page.second?.(state)),
    givingWay,
    frame: (trace, step, state) => (isBackward(trace) ? frame(trace, step, names, panelsSeen(trace, state)) : (page.frame?.(trace, step, state) ?? frame(trace, step, page.names))),
  };
}

/** These cards with one more after those that a beginner needs, and before those of *More*. @param {Operation["cards"]} cards @param {Operation["cards"][number]} passes */
const afterBasics = (cards, passes) => [...cards.filter(({ more }) => !more), passes, ...cards.filter(({ more }) => more)];

/** The request of a gradient. @param {TraceRequest} forward @param {Backward} backward @param {State} state @returns {TraceRequest} */
function requestOf({ operation, body }, { wrt, line, ends, single }, state) {
  if (ends) return { operation, body };
  const choice = namedIn(state, ABOVE);
  const above = "values" in choice ? (line ? choice.values.flat(2) : choice.values) : choice;
  return { operation: `${operation}_backward`, body: { ...body, [ABOVE]: above, ...(wrt && !single?.(state) ? { wrt: state["wrt"] } : {}) } };
}
