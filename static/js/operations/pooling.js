// The pooling page: what can be set, how it is asked for, what draws it.

/** @import { Forward, Settings, TraceRequest } from "../types" */

import { arrayField, choiceField, flagField, paddingField, pairField } from "../fields.js";
import { againstFrame } from "../frames/pair.js";
import { choicesOf } from "../limits.js";
import { say } from "../words.js";
import { withBackward } from "./backward.js";
import { Offer } from "./offered.js";
import { array, comparisonOf, INPUT_CARD, slidingOf, spread, spreadField, WINDOW } from "./shared.js";
import { shiftControl, shifted, shiftField } from "./shifts.js";

const offer = new Offer("pool");
const POOLS = offer.names();
/** What a pool has alone that has such an option. */
const ofWindows = offer.where(() => true);

/** What is asked for: max pooling, with which the page opens, also where nothing of the catalogue is known. @param {Chosen} state @returns {TraceRequest} */
function request(state) {
  const { pool, kernel_size, ceil_mode, count_include_pad } = state;
  const given = { input: array(state["input"]), kernel_size, ...slidingOf(state), ceil_mode };
  const body = pool === "max" ? given : offer.body(state, { ...given, count_include_pad });
  return { operation: offer.chosen(state)?.name ?? "max_pool2d", name: say("pooling.as_it_was"), body };
}

/** The same, its input moved. @param {Chosen} state @returns {TraceRequest | undefined} */
const moved = (state) => shifted(request(state), state["shift"]);

const FIELDS = [
  choiceField("pool", say("common.pooling"), "max", POOLS),
  arrayField("input", say("common.input"), { preset: "blob", size: [6, 6] }),
  pairField("kernel_size", say("common.kernel_size"), [2, 2]),
  pairField("stride", say("common.stride"), [2, 2]),
  paddingField("padding", say("common.padding"), [0, 0]),
  spreadField,
  flagField("ceil_mode", say("pooling.ceil_mode"), false),
  flagField("count_include_pad", say("pooling.count_padding"), true),
  shiftField,
];

/** @typedef {Settings<typeof FIELDS>} Chosen */

/** @type {Forward<Chosen>} */
const page = {
  fields: FIELDS,
  cards: [
    INPUT_CARD,
    {
      title: say("common.pooling"),
      controls: [
        {
          kind: "choice",
          field: "pool",
          label: say("pooling.keep"),
          possible: (_, limits) => Object.keys(POOLS).filter((pool) => pool !== "avg" || (choicesOf(limits, "pool")?.includes(pool) ?? true)),
        },
        ofWindows({ kind: "pair", field: "kernel_size", label: say("common.kernel_size"), limit: "kernel_size" }),
        ...WINDOW.map(ofWindows),
      ],
    },
    {
      title: say("pooling.shift"),
      controls: [
        shiftControl,
        comparisonOf("shift", say("pooling.shift"), say("pooling.shift_note"), say("pooling.shift_note_after")),
      ],
    },
    {
      title: say("pooling.windows"),
      more: true,
      controls: [
        ofWindows(spread),
        ofWindows({ kind: "flag", field: "ceil_mode", label: say("pooling.round_up"), limit: "ceil_mode" }),
        ofWindows({ kind: "flag", field: "count_include_pad", label: say("pooling.count_padding"), limit: "count_include_pad" }),
      ],
    },
  ],
  request,
  second: moved,
  compare: (pair, step) => againstFrame(pair, step, { input: say("pooling.input_moved"), output: say("pooling.output") }),
};

export const pooling = withBackward(offer.withOptions(page), {
  request: (/** @type {Chosen} */ state) => (offer.hasGradient(state) ? request(state) : undefined),
});
