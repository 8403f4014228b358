// What to try on the dense page.

/** @import { Task } from "../../types" */

import { allEqual, flat } from "./reading.js";

/** @type {Task[]} */
export const tasks = [
  {
    name: "silent",
    ask: "Silence every hidden value.",
    met: ({ trace }) => Boolean(trace.tensors["1.weight"]) && flat(trace, "0.output").every((value) => value === 0),
    said: "Biases far below zero and ReLU: the outputs are now nothing but the biases of the second layer.",
    way: "bias1=-10;-10;-10;-10&input=random-4x1-3&weight1=0,0,0,0;0,0,0,0;0,0,0,0;0,0,0,0",
  },
  {
    name: "alike",
    ask: "Make all outputs alike, with two of them or more.",
    met: ({ trace }) => flat(trace, "output").length > 1 && allEqual(flat(trace, "output")),
    said: "The same weights and the same bias cannot tell inputs apart: training must begin with different ones.",
    way: "weight2=1,1,1,1;1,1,1,1;1,1,1,1&bias2=0;0;0",
  },
  {
    name: "ten",
    ask: "Get along with ten parameters or fewer.",
    met: ({ trace }) => Number(trace.counts?.["parameters"]) <= 10,
    said: "A 3 × 3 kernel with its bias has ten as well, for an input of any size.",
    way: "layers=1&input=random-4x1-3&weight1=random-2x4-2&bias1=0;0",
  },
  {
    name: "one-layer",
    ask: "Leave the hidden layer out, and find a negative output.",
    met: ({ trace }) => !trace.tensors["1.weight"] && flat(trace, "output").some((value) => value < 0),
    said: "One layer is one multiplication and addition: what it gives is a straight answer to its inputs.",
    way: "layers=1",
  },
];
