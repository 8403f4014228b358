// The activation page: what can be set, how it is asked for, what draws it.

/** @import { Control, Operation, State } from "../types" */

import { arrayField, choiceField, numberField } from "../fields.js";
import { frame } from "../frame.js";
import { arrayIn, numberIn, textIn } from "../values.js";
import { say } from "../words.js";
import { withBackward } from "./backward.js";
import { has, OPTIONS, TITLES } from "./offered.js";
import { array, inputOf, optionsOf } from "./shared.js";

/** Options that open with another value than the engine's. @type {Record<string, number>} */
const OPENS = { negative_slope: 0.1 }; // which can be seen

/** Whether the function that is chosen has an option. @param {State} state @param {string} name */
const isSet = (state, name) => has(textIn(state, "function"), name);

/** @type {Control[]} */
const NUMBERS = OPTIONS.map(({ name, title }) => ({ kind: "number", field: name, label: title, when: (state) => isSet(state, name) }));

/** @type {Operation} */
const page = {
  fields: [
    choiceField("function", say("activation.activation"), "relu", TITLES),
    ...OPTIONS.map(({ name, title, default: initial }) => numberField(name, title, OPENS[name] ?? initial)),
    arrayField("input", say("common.input"), { preset: "signed", size: [5, 5], seed: 1 }),
  ],
  cards: [
    {
      title: say("common.input"),
      controls: [...inputOf(32), { kind: "channels", field: "input", label: say("common.channels"), min: 1, max: 4 }],
    },
    {
      title: say("activation.activation"),
      controls: [{ kind: "choice", field: "function", label: say("activation.function"), options: optionsOf(TITLES) }, ...NUMBERS],
    },
  ],
  request: (state) => {
    const options = OPTIONS.filter(({ name }) => isSet(state, name)).map(({ name }) => [name, numberIn(state, name)]);
    return { operation: textIn(state, "function"), body: { input: array(arrayIn(state, "input")), ...Object.fromEntries(options) } };
  },
  frame: (trace, step) => frame(trace, step),
};

export const activation = withBackward(page, { request: page.request });
