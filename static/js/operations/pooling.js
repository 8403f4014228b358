// The pooling page: what can be set, how it is asked for, what draws it.

/** @import { Control, Operation, Settings, TraceRequest } from "../types" */

import { arrayField, choiceField, flagField, paddingField, pairField } from "../fields.js";
import { frame } from "../frame.js";
import { againstFrame } from "../frames/pair.js";
import { comparisonNote } from "../inspector-comparison.js";
import { choicesOf } from "../limits.js";
import { say } from "../words.js";
import { withBackward } from "./backward.js";
import { Offer } from "./offered.js";
import { array, INPUT_CARD, optionsOf, slidingOf, spread, spreadField, WINDOW } from "./shared.js";
import { shiftControl, shifted, shiftField } from "./shifts.js";

/** @param {Chosen} state */
const isMax = (state) => state["pool"] === "max";
/** Whether each channel is one window. @param {Chosen} state */
const isGlobal = (state) => state["pool"].startsWith("global");
/** @param {Control<Chosen>} control @returns {Control<Chosen>} */
const ofWindows = (control) => offer.where((/** @type {Chosen} */ state) => !isGlobal(state) && (control.when?.(state) ?? true))(control);

const KIND = "_pool2d";
const OWN = {
  max: say("pooling.largest"),
  avg: say("pooling.average"),
  global_max: say("pooling.global_maximum"),
  global_avg: say("pooling.global_average"),
};
const offer = new Offer("pool", Object.keys(OWN).map((pool) => pool + KIND), (name) => name.replace(KIND, ""));
const POOLS = { ...OWN, ...offer.names() };

/** @param {Chosen} state @returns {TraceRequest} */
function request(state) {
  const input = array(state["input"]);
  const name = say("pooling.as_it_was");
  if (isGlobal(state)) return { operation: `${state["pool"]}_pool2d`, name, body: { input } };
  const { kernel_size, ceil_mode, count_include_pad } = state;
  const window = { kernel_size, ...slidingOf(state), ceil_mode };
  const offered = offer.chosen(state);
  if (offered) return { operation: offered.name, name, body: offer.body(state, { input, ...window }) };
  if (isMax(state)) return { operation: "max_pool2d", name, body: { input, ...window } };
  return { operation: "avg_pool2d", name, body: { input, ...window, count_include_pad } };
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

/** @type {Operation<Chosen>} */
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
          possible: (_, limits) => [
            ...(choicesOf(limits, "pool") ?? ["max", "avg"]),
            ...Object.keys(POOLS).filter((pool) => pool !== "max" && pool !== "avg"),
          ],
          options: optionsOf(POOLS),
        },
        ofWindows({ kind: "pair", field: "kernel_size", label: say("common.kernel_size"), limit: "kernel_size" }),
        ...WINDOW.map(ofWindows),
      ],
    },
    {
      title: say("pooling.shift"),
      controls: [
        shiftControl,
        {
          kind: "custom",
          field: "shift",
          label: say("pooling.shift"),
          build: comparisonNote(
            say("pooling.shift_note"),
            say("pooling.shift_note_after"),
          ),
        },
      ],
    },
    {
      title: say("pooling.windows"),
      more: true,
      controls: [
        ofWindows(spread),
        ofWindows({ kind: "flag", field: "ceil_mode", label: say("pooling.round_up"), limit: "ceil_mode" }),
        ofWindows({
          kind: "flag",
          field: "count_include_pad",
          label: say("pooling.count_padding"),
          limit: "count_include_pad",
          when: (state) => !isMax(state),
        }),
      ],
    },
  ],
  request,
  second: moved,
  frame: (trace, step) => frame(trace, step),
  compare: (pair, step) => againstFrame(pair, step, { input: say("pooling.input_moved"), output: say("pooling.output") }),
};

export const pooling = withBackward(offer.withOptions(page), {
  request: (/** @type {Chosen} */ state) => (offer.hasGradient(state) ? request(state) : undefined),
});
