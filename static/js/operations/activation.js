// The activation page: what can be set, how it is asked for, what draws it.

/** @import { Forward } from "../types" */

import { arrayField, choiceField } from "../fields.js";
import { arrayIn, textIn } from "../values.js";
import { say } from "../words.js";
import { withBackward } from "./backward.js";
import { Offer } from "./offered.js";
import { array, INPUT_CARD } from "./shared.js";

const offer = new Offer("function");

/** @type {Forward} */
const page = {
  fields: [
    choiceField("function", say("activation.activation"), "relu", offer.names()),
    arrayField("input", say("common.input"), { preset: "signed", size: [5, 5], seed: 1 }),
  ],
  cards: [
    INPUT_CARD,
    {
      title: say("activation.activation"),
      controls: [{ kind: "choice", field: "function", label: say("activation.function") }],
    },
  ],
  request: (state) => ({
    operation: textIn(state, "function"),
    body: offer.body(state, { input: array(arrayIn(state, "input")) }),
  }),
};

export const activation = withBackward(offer.withOptions(page), {
  request: (state) => (offer.hasGradient(state) ? page.request(state) : undefined),
});
