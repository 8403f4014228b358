// The stride page: two strides side by side over the same input and kernel.

/** @import { Forward, Settings } from "../types" */

import { arrayField, numberField, paddingField, pairField } from "../fields.js";
import { compareFrame } from "../frames/pair.js";
import { atSide, sideName } from "../sides.js";
import { say } from "../words.js";
import { OF_A_KERNEL, withBackward, without } from "./backward.js";
import { array, filter, inputControls, KERNEL, NAMES, padding } from "./shared.js";

/** @param {Chosen} state @param {"stride" | "other"} field */
const request = (state, field) => ({
  operation: "conv2d",
  name: name(state, field),
  body: {
    input: array(state["input"]),
    weight: filter(state["kernel"]),
    ...(state["bias"] ? { bias: [state["bias"]] } : {}),
    stride: state[field],
    padding: padding(state["padding"]),
  },
});

/** @param {Chosen} state @param {"stride" | "other"} field */
function amount(state, field) {
  const [height, width] = state[field];
  return height === width ? String(height) : `${height} × ${width}`;
}

/** What a setting is called by where it stands and what it is. @param {Chosen} state @param {"stride" | "other"} field */
const sideTitle = (state, field) => say("stride.side_is", { side: sideName(field === "other" ? 1 : 0), stride: amount(state, field) });

/** What a setting is called by what it is, and by where it stands too where both are the same. @param {Chosen} state @param {"stride" | "other"} field */
function name(state, field) {
  const isSame = amount(state, "stride") === amount(state, "other");
  return isSame ? sideTitle(state, field) : say("stride.named", { stride: amount(state, field) });
}

/** @param {string} side */
const called = (side) => say("stride.of_side", { side });

const FIELDS = [
  arrayField("input", say("common.input"), { preset: "stripes", size: [6, 6] }),
  arrayField("kernel", say("common.kernel"), { preset: "line-vertical", size: [3, 3] }),
  atSide(0, called, pairField("stride", say("common.stride"), [1, 1])),
  atSide(1, called, pairField("other", say("common.stride"), [2, 2])),
  paddingField("padding", say("common.padding"), [0, 0]),
  numberField("bias", say("common.bias"), 0),
];

/** @typedef {Settings<typeof FIELDS>} Chosen */

/** @type {Forward<Chosen>} */
const page = {
  fields: FIELDS,
  cards: [
    { title: say("pair.input"), controls: inputControls(32) },
    {
      title: say("stride.strides"),
      controls: [
        atSide(0, called, { kind: "pair", field: "stride", label: "", limit: "stride" }),
        atSide(1, called, { kind: "pair", field: "other", label: "", limit: "b.stride" }),
      ],
    },
    {
      title: say("pair.kernel"),
      controls: KERNEL,
    },
    { title: say("pair.padding"), more: true, controls: [{ kind: "pair", field: "padding", label: say("common.padding"), limit: "padding" }] },
  ],
  request: (state) => request(state, "stride"),
  second: (state) => request(state, "other"),
  names: NAMES,
  compare: (pair, step) => compareFrame(pair, step, NAMES),
};

export const stride = withBackward(page, {
  request: (state) => without(request(state, state.of === "first" ? "stride" : "other"), "bias"),
  compared: (state, which) => sideTitle(state, which === "first" ? "stride" : "other"),
  ...OF_A_KERNEL,
});
