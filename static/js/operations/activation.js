// The activation page: what can be set, how it is asked for, what draws it.

/** @import { Operation, State } from "../types" */

import { arrayField, choiceField } from "../fields.js";
import { frame } from "../frame.js";
import { arrayIn, textIn } from "../values.js";
import { say } from "../words.js";
import { withBackward } from "./backward.js";
import { optionsFor, TITLES, withNumbers } from "./offered.js";
import { array, INPUT_CARD, optionsOf } from "./shared.js";

const OPENS = { negative_slope: 0.1 }; // which can be seen

/** @param {State} state */
const chosen = (state) => textIn(state, "function");

/** @type {Operation} */
const page = {
  fields: [
    choiceField("function", say("activation.activation"), "relu", TITLES),
    arrayField("input", say("common.input"), { preset: "signed", size: [5, 5], seed: 1 }),
  ],
  cards: [
    INPUT_CARD,
    {
      title: say("activation.activation"),
      controls: [{ kind: "choice", field: "function", label: say("activation.function"), options: optionsOf(TITLES) }],
    },
  ],
  request: (state) => ({
    operation: chosen(state),
    body: { input: array(arrayIn(state, "input")), ...optionsFor(chosen(state), state) },
  }),
  frame: (trace, step) => frame(trace, step),
};

export const activation = withBackward(withNumbers(page, "function", chosen, OPENS), { request: page.request });
