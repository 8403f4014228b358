// The flatten page: what can be set, how it is asked for, what draws it.

/** @import { Forward, Settings } from "../types" */

import { arrayField } from "../fields.js";
import { say } from "../words.js";
import { withBackward } from "./backward.js";
import { array, INPUT_CARD } from "./shared.js";

const FIELDS = [arrayField("input", say("common.input"), { preset: "lesson", size: [2, 3], channels: 3 })];

/** @typedef {Settings<typeof FIELDS>} Chosen */

/** @type {Forward<Chosen>} */
const page = {
  fields: FIELDS,
  cards: [
    INPUT_CARD,
  ],
  request: (state) => ({ operation: "flatten", body: { input: array(state["input"]) } }),
};

export const flatten = withBackward(page, { request: page.request, line: true });
