// What can be set on the page of feature maps, and what the API takes of it.

/** @import { Control, Field, Pair, TypedArray } from "../types" */

import { arrayField, choiceField, flagField, namesField, OWN, pairField, textField, wholeField } from "../fields.js";

/** @typedef {{ image: string, kernels: string[], own: TypedArray, relu: boolean, stride: Pair, pool: string, pool_size: number }} Chosen */

export const LARGEST_OWN = 7;
export const WALL =
  "vertical-edge,horizontal-edge,diagonal-edge-down,diagonal-edge-up,corners,outline,box-blur,gaussian-blur,sharpen,emboss,line-horizontal,line-vertical".split(",");
const OPENING_OWN = [[[1, 1, 1], [0, 0, 0], [-1, -1, -1]]];

/** @type {Field[]} */
export const FIELDS = [
  textField("image", "Picture", "", /^[\w-]{1,100}$/, "the name of a picture"),
  namesField("kernels", "Kernels", WALL),
  arrayField("own", "Your kernel", { values: OPENING_OWN }),
  flagField("relu", "ReLU", false),
  pairField("stride", "Stride", [1, 1]),
  choiceField("pool", "Pooling", "none", ["none", "max", "avg"]),
  wholeField("pool_size", "Pooling size", 2, 2, 4),
];
export const AT = textField("at", "Pixel", "", /^[a-z-]+,\d{1,4},\d{1,4}$/, "a map, a row and a column");

/** @type {{ title: string, controls: Control[] }[]} */
export const CARDS = [
  {
    title: "After the convolution",
    controls: [
      { kind: "flag", field: "relu", label: "ReLU: negative values become 0" },
      { kind: "pair", field: "stride", label: "Stride", min: 1, max: 4 },
      {
        kind: "choice",
        field: "pool",
        label: "Pooling",
        options: ["none", "max", "avg"].map((value) => ({ value, label: value === "avg" ? "average" : value })),
      },
      { kind: "whole", field: "pool_size", label: "Pooling size", min: 2, max: 4, when: ({ pool }) => pool !== "none" },
    ],
  },
  { title: "Kernels on the wall", controls: [{ kind: "toggles", field: "kernels", label: "Kernels on the wall" }] },
  {
    title: "A kernel of your own",
    controls: [
      { kind: "own", field: "own", label: "Your kernel" },
      { kind: "size", field: "own", label: "Kernel size", min: 1, max: LARGEST_OWN },
      { kind: "tools", field: "own", label: "Your kernel" },
    ],
  },
];

/** What happens to the picture, whichever the kernel. @param {Chosen} chosen @param {string} image */
export function treatment({ stride, relu, pool, pool_size }, image) {
  const pooling = pool === "none" ? {} : { pooling: { op: pool, kernel_size: pool_size } };
  return { image, stride, relu, ...pooling };
}

/** A kernel as the API takes it: by its name, or a person's own. @param {string} name @param {Chosen} chosen */
export const kernelOf = (name, { own }) => (name === OWN ? { name, values: own.values[0] } : name);
