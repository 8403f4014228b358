// The padding page: two paddings side by side over the same input and kernel.

/** @import { Cards, Forward, Settings } from "../types" */

import { PADDING_MODES, PADDINGS } from "../catalogue.js";
import { arrayField, choiceField, paddingField, pairField } from "../fields.js";
import { compareFrame } from "../frames/pair.js";
import { array, FILLING, filter, inputControls, KERNEL, NAMES, optionsOf, padding as sides, paddingNamed } from "./shared.js";
import { sidesControl } from "../inspector-sides.js";
import { atSide, sideName } from "../sides.js";
import { say } from "../words.js";
import { OF_A_KERNEL, withBackward, without } from "./backward.js";

/** @param {Chosen} state @param {"padding" | "other"} field */
const request = (state, field) => ({
  operation: "conv2d",
  name: name(state, field),
  body: {
    input: array(state["input"]),
    weight: filter(state["kernel"]),
    stride: state["stride"],
    padding: sides(state[field]),
    padding_mode: state["padding_mode"],
    tensors: ["input", "padded_input", "weight", "output", "visit_counts", "source_rows", "source_cols"],
  },
});

/** @param {Chosen} state @param {"padding" | "other"} field */
function amount(state, field) {
  const choice = state[field];
  if (typeof choice === "string") return PADDINGS[choice] ?? choice;
  const alike = choice.every((side) => side === choice[0]);
  return alike ? String(choice[0] ?? 0) : choice.join(choice.length === 2 ? " × " : ", ");
}

/** What a setting is called by where it stands and what it is. @param {Chosen} state @param {"padding" | "other"} field */
const sideTitle = (state, field) => say("padding.side_is", { side: sideName(field === "other" ? 1 : 0), padding: amount(state, field) });

/** What a setting is called by what it is, and by where it stands too where both are the same. @param {Chosen} state @param {"padding" | "other"} field */
function name(state, field) {
  const isSame = amount(state, "padding") === amount(state, "other");
  return isSame ? sideTitle(state, field) : say("padding.named", { padding: amount(state, field) });
}

/** @param {string} side */
const called = (side) => say("padding.of_side", { side });

const FIELDS = [
  arrayField("input", say("common.input"), { preset: "blob", size: [5, 5] }),
  arrayField("kernel", say("common.kernel"), { preset: "vertical-edge", size: [3, 3] }),
  atSide(0, called, paddingField("padding", say("common.padding"), [0, 0])),
  atSide(1, called, paddingField("other", say("common.padding"), [1, 1])),
  choiceField("padding_mode", say("common.padding_mode"), "zeros", PADDING_MODES),
  pairField("stride", say("common.stride"), [1, 1]),
];

/** @typedef {Settings<typeof FIELDS>} Chosen */

/** Two inputs with one object, and the kernel that finds it where it stands on it. @type {Record<string, string>} */
const EXAMPLES = { blob: say("padding.example_middle"), "border-spot": say("padding.example_border") };

/** Without and with padding over one of them. @param {string} preset @returns {Partial<Chosen>} */
const example = (preset) => ({
  input: { preset, size: [5, 5] },
  kernel: { preset: "outline", size: [3, 3] },
  padding: [0, 0],
  other: [1, 1],
  padding_mode: "zeros",
  stride: [1, 1],
});

/** The sides of one of them. @param {0 | 1} index @param {"padding" | "other"} field @param {string} prefix of its limits @returns {Cards<Chosen>} */
const sidesOf = (index, field, prefix) => ({
  title: (state) => sideTitle(state, field),
  more: true,
  controls: [
    atSide(index, called, { kind: "choice", field, label: "", limit: `${prefix}padding_word`, options: optionsOf(PADDINGS), read: (state) => paddingNamed(state[field]) }),
    atSide(index, called, { kind: "custom", build: sidesControl, field, label: "", limit: `${prefix}padding` }),
  ],
});

/** @type {Forward<Chosen>} */
const page = {
  fields: FIELDS,
  cards: [
    { title: say("pair.input"), controls: inputControls(32) },
    {
      title: say("padding.paddings"),
      controls: [
        atSide(0, called, { kind: "pair", field: "padding", label: "", limit: "padding" }),
        atSide(1, called, { kind: "pair", field: "other", label: "", limit: "b.padding" }),
        {
          kind: "choice",
          field: "input",
          label: say("padding.example"),
          options: optionsOf(EXAMPLES),
          read: ({ input }) => ("preset" in input ? input.preset : ""),
          write: (_, preset) => example(String(preset)),
        },
      ],
    },
    {
      title: say("pair.kernel"),
      controls: [
        ...KERNEL,
        { kind: "pair", field: "stride", label: say("common.stride"), limit: "stride" },
      ],
    },
    {
      title: say("padding.both"),
      more: true,
      controls: [FILLING],
    },
    sidesOf(0, "padding", ""),
    sidesOf(1, "other", "b."),
  ],
  request: (state) => request(state, "padding"),
  second: (state) => request(state, "other"),
  names: NAMES,
  compare: (pair, step) => compareFrame(pair, step, NAMES),
};

export const padding = withBackward(page, {
  request: (state) => without(request(state, state.of === "first" ? "padding" : "other"), "tensors"),
  compared: (state, which) => sideTitle(state, which === "first" ? "padding" : "other"),
  ...OF_A_KERNEL,
});
