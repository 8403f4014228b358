// What can be set on the page of feature maps, and what the API takes of it.

/** @import { Cards, Settings } from "../types" */

import { post } from "../api.js";
import { cellField, choiceField, flagField, namesField, OWN, pairField, textField, typedField, wholeField } from "../fields.js";
import { say } from "../words.js";

export const SAMPLE = "cat"; // the picture that the page opens with
export const LARGEST_OWN = 7;
const LARGEST_STRIDE = 4;
export const WALL =
  "vertical-edge,horizontal-edge,diagonal-edge-down,diagonal-edge-up,corners,outline,box-blur,gaussian-blur,sharpen,emboss,line-horizontal,line-vertical".split(",");
const POOLS = { none: say("option.none"), max: say("option.max"), avg: say("option.average") };
const SCALES = { one: say("maps.scale_one"), each: say("maps.scale_each") };
const OPENING_OWN = [[[1, 1, 1], [0, 0, 0], [-1, -1, -1]]];

export const FIELDS = [
  textField("image", say("common.picture"), SAMPLE, /^[\w-]{1,100}$/, say("maps.a_picture")),
  namesField("kernels", say("common.kernels"), WALL),
  typedField("own", say("maps.your_kernel"), { values: OPENING_OWN }),
  flagField("relu", say("option.relu"), false),
  pairField("stride", say("common.stride"), [1, 1], LARGEST_STRIDE),
  choiceField("pool", say("common.pooling"), "none", POOLS),
  wholeField("pool_size", say("maps.pooling_size"), 2, 2, 4),
  choiceField("scale", say("maps.scale"), "one", SCALES),
];

/** @typedef {Settings<typeof FIELDS>} Chosen */

export const AT = cellField("at", say("maps.pixel"), say("maps.a_pixel"));

/** @type {Cards<Chosen>[]} */
export const CARDS = [
  {
    title: say("maps.after_convolution"),
    controls: [
      { kind: "flag", field: "relu", label: say("maps.relu") },
      { kind: "pair", field: "stride", label: say("common.stride"), min: 1, max: LARGEST_STRIDE },
      { kind: "choice", field: "pool", label: say("common.pooling") },
      { kind: "whole", field: "pool_size", label: say("maps.pooling_size"), when: ({ pool }) => pool !== "none" },
    ],
  },
  {
    title: say("maps.colours"),
    controls: [{ kind: "choice", field: "scale", label: say("maps.scale") }],
  },
  { title: say("maps.kernels_wall"), controls: [{ kind: "toggles", field: "kernels", label: say("maps.kernels_wall") }] },
  {
    title: say("maps.own_kernel"),
    controls: [
      { kind: "own", field: "own", label: say("maps.your_kernel") },
      { kind: "size", field: "own", label: say("common.kernel_size"), min: 1, max: LARGEST_OWN },
      { kind: "tools", field: "own", label: say("maps.your_kernel") },
    ],
  },
];

/** What happens to the picture, whichever the kernel. @param {Chosen} chosen */
export function treatment({ image, stride, relu, pool, pool_size }) {
  const pooling = pool === "none" ? {} : { pooling: { op: pool, kernel_size: pool_size } };
  return { image, stride, relu, ...pooling };
}

/** A kernel as the API takes it: by its name, or a person's own. @param {string} name @param {Chosen} chosen */
export const kernelOf = (name, { own }) => (name === OWN ? { name, values: own.values[0] } : name);

/** Ask for the maps, as bytes. @param {Chosen} chosen @param {AbortSignal} signal */
export function wallOf(chosen, signal) {
  const body = { ...treatment(chosen), kernels: chosen.kernels.map((name) => kernelOf(name, chosen)), each: chosen.scale === "each" };
  return post("/api/feature-maps", body, { signal, accept: "application/octet-stream" });
}
