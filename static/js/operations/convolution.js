// The convolution page: what can be set, how it is asked for, what draws it.

/** @import { Forward, Pair, Settings, TraceRequest } from "../types" */

import { resized, sizeOf, withPreset } from "../arrays.js";
import { PADDING_MODES } from "../catalogue.js";
import {
  arrayField,
  choiceField,
  flagField,
  zeroPairField,
  numberField,
  paddingField,
  pairField,
} from "../fields.js";
import { againstFrame } from "../frames/pair.js";
import { say } from "../words.js";
import { OF_A_KERNEL, withBackward, without } from "./backward.js";
import { Offer } from "./offered.js";
import {
  array,
  BARE,
  comparisonOf,
  FILLING,
  filter,
  inputControls,
  KERNEL,
  NAMES,
  padding,
  pasteOf,
  same,
  slidingOf,
  spread,
  spreadField,
  WINDOW,
} from "./shared.js";

const LARGEST = 8; // an input side, on the way to an output that can still be seen
const LONGEST = 4; // a stride
const ROOM = 7; // the side of an input that two layers have something to see in
const offer = new Offer("mode", ["conv2d", "conv_transpose2d", "stacked_conv2d"]);
const KINDS = {
  plain: say("convolution.plain"),
  stacked: say("convolution.stacked"),
  scatter: say("convolution.transposed_scatter"),
  gather: say("convolution.transposed_gather"),
  ...offer.names(),
};

/** @param {Chosen} state */
const isPlain = (state) => state["mode"] === "plain";
/** @param {Chosen} state */
const isStacked = (state) => state["mode"] === "stacked";
/** @param {Chosen} state */
const isTransposed = (state) => state["mode"] === "scatter" || state["mode"] === "gather";
/** The settings with another direction, and what would not fit it as it opens: sizes grow where they shrank before. @param {Chosen} state @param {string} mode @returns {Partial<Chosen>} */
function inDirection(state, mode) {
  if (mode === "stacked") return inLayers(state, mode);
  if (mode === "plain") return isStacked(state) ? { mode } : { mode, ...BARE, padding: "same", output_padding: [0, 0] };
  if (!isPlain(state) && !isStacked(state)) return { mode };
  const [height, width] = sizeOf(state["input"]);
  const [down, across] = state["stride"];
  return {
    mode,
    input: resized(state["input"], [Math.min(height, LARGEST), Math.min(width, LARGEST)]),
    stride: [Math.min(down, LONGEST), Math.min(across, LONGEST)],
    ...BARE,
    flip: false,
  };
}

/** The settings with a second convolution behind the first, over an input that has room for both. @param {Chosen} state @param {string} mode @returns {Partial<Chosen>} */
function inLayers(state, mode) {
  const { input, kernel } = state;
  const [height, width] = sizeOf(input).map((side) => Math.max(side, ROOM));
  /** @type {Pair} */
  const size = [height ?? ROOM, width ?? ROOM];
  const opening = "preset" in input && input.preset === "lesson";
  const fits = !("preset" in kernel && kernel.preset === "lesson") && Math.max(...sizeOf(kernel)) <= 3;
  return {
    mode,
    input: opening ? withPreset(input, "cross", size) : resized(input, size),
    ...(fits ? {} : { kernel: { preset: "vertical-edge", size: [3, 3] } }),
    kernel2: { preset: "horizontal-edge", size: [3, 3] },
    stride: [1, 1],
    stride2: [1, 1],
    ...BARE,
    bias: 0,
    flip: false,
  };
}

/** What there is of the one direction alone. */
const plainOnly = offer.where(isPlain);
/** The same of those with a kernel. */
const kernelOnly = offer.where(() => true);
/** The same of one layer with a kernel. */
const oneLayerOnly = offer.where((/** @type {Chosen} */ state) => !isStacked(state));
/** The same of two layers. */
const stackedOnly = offer.where(isStacked);
/** The same of the transposed ones. */
const transposedOnly = offer.where(isTransposed);

/** Whether the turned kernel is shown as well. @param {Chosen} state */
const isFlipped = (state) => isPlain(state) && state["flip"];

const TURNED = { kernel: say("convolution.turned"), output: say("convolution.convolution") };

/** Two convolutions, one after the other. @param {Chosen} state @returns {TraceRequest} */
const stacked = (state) => ({
  operation: "stacked_conv2d",
  body: {
    input: array(state["input"]),
    weight: filter(state["kernel"]),
    second_weight: filter(state["kernel2"]),
    stride: state["stride"],
    padding: padding(state["padding"]),
    second_stride: state["stride2"],
  },
});

/** A convolution, the transposed one, two in a row, or what else is offered. @param {Chosen} state @returns {TraceRequest} */
function request(state) {
  if (isStacked(state)) return stacked(state);
  const { padding_mode } = state;
  const sliding = { input: array(state["input"]), ...slidingOf(state) };
  const offered = offer.chosen(state);
  if (offered) return { operation: offered.name, body: offer.body(state, { ...sliding, padding_mode }) };
  const common = { ...sliding, weight: filter(state["kernel"]), ...(state["bias"] ? { bias: [state["bias"]] } : {}) };
  const plain = { operation: "conv2d", body: { ...common, padding_mode } };
  if (isPlain(state)) return state["flip"] ? { ...plain, name: say("convolution.cross_correlation") } : plain;
  const transposed = { output_padding: state["output_padding"], mode: state["mode"] };
  return { operation: "conv_transpose2d", body: { ...common, ...transposed } };
}

const FIELDS = [
  arrayField("input", say("common.input"), { preset: "lesson", size: [3, 3] }),
  kernelOnly(arrayField("kernel", say("common.kernel"), { preset: "lesson", size: [2, 2] })),
  kernelOnly(pairField("stride", say("common.stride"), [1, 1])),
  kernelOnly(paddingField("padding", say("common.padding"), [0, 0])),
  plainOnly(choiceField("padding_mode", say("common.padding_mode"), "zeros", PADDING_MODES)),
  oneLayerOnly(spreadField),
  oneLayerOnly(numberField("bias", say("common.bias"), 0)),
  choiceField("mode", say("convolution.kind"), "plain", KINDS),
  stackedOnly(arrayField("kernel2", say("convolution.second_kernel"), { preset: "horizontal-edge", size: [3, 3] })),
  stackedOnly(pairField("stride2", say("convolution.second_stride"), [1, 1])),
  transposedOnly(zeroPairField("output_padding", say("convolution.output_padding"), [0, 0])),
  plainOnly(flagField("flip", say("convolution.flip"), false)),
];

/** @typedef {Settings<typeof FIELDS>} Chosen */

/** @type {Forward<Chosen>} */
const page = {
  fields: FIELDS,
  cards: [
    { title: say("common.input"), controls: inputControls(32) },
    {
      title: say("common.kernel"),
      controls: KERNEL.map(kernelOnly),
    },
    { title: say("convolution.stride_padding"), controls: WINDOW.map(kernelOnly) },
    {
      title: say("convolution.second_layer"),
      controls: [
        stackedOnly({ kind: "kernels", field: "kernel2", label: say("convolution.second_kernel"), limit: "second_kernel_size" }),
        stackedOnly({ kind: "size", field: "kernel2", label: say("common.kernel_size"), limit: "second_kernel_size" }),
        stackedOnly(pasteOf("kernel2", say("convolution.second_kernel"))),
        stackedOnly({ kind: "pair", field: "stride2", label: say("common.stride"), limit: "second_stride" }),
      ],
    },
    {
      title: say("convolution.window"),
      more: true,
      controls: [
        oneLayerOnly(spread),
        oneLayerOnly({ kind: "number", field: "bias", label: say("common.bias") }),
        transposedOnly({ kind: "pair", field: "output_padding", label: say("convolution.output_padding"), limit: "output_padding" }),
        plainOnly(same),
        plainOnly(FILLING),
      ],
    },
    {
      title: say("convolution.kind"),
      more: true,
      controls: [
        {
          kind: "choice",
          field: "mode",
          label: say("convolution.direction"),
          write: (state, mode) => inDirection(state, String(mode)),
        },
        plainOnly({ kind: "flag", field: "flip", label: say("convolution.flip_true") }),
        plainOnly(comparisonOf("flip", say("convolution.flip"), say("convolution.flip_note"), say("convolution.flip_note_after"))),
      ],
    },
  ],
  request,
  second: (state) =>
    isFlipped(state)
      ? { operation: "conv2d", name: say("convolution.convolution"), body: { ...request(state).body, flip_kernel: true } }
      : undefined,
  names: NAMES,
  compare: (pair, step) => againstFrame(pair, step, TURNED, NAMES),
};

/** The operation whose gradients are shown, with what they need. @param {Chosen} state */
function differentiable(state) {
  if (isStacked(state) || !offer.hasGradient(state)) return undefined;
  return offer.chosen(state) ? request(state) : without(request(state), "bias", "mode");
}

export const convolution = withBackward(offer.withOptions(page), {
  request: differentiable,
  ...OF_A_KERNEL,
  single: (state) => offer.chosen(state) !== undefined,
  correlates: (/** @type {Chosen} */ state) => isPlain(state) && OF_A_KERNEL.correlates(state),
  idle: ["bias"],
});
