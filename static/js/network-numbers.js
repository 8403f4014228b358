// The numbers of a network that can be set: whose they are, how an address has them, and which of them a cell on the stage is.

/** @import { Cell, Entry, State } from "./types" */

/** Notches of a dial on each side of the number as it is: the engine's curve has as many points. */
export const NOTCHES = 20;
/** How far the dial goes, as an address has it. */
export const REACHES = ["1", "0.1", "0.01"];
/** How an address has a number: the parameter's name, and the index in it. */
export const CHECKED = /^(?:input|\d+\.(?:weight|bias)):\d+(?:,\d+)*$/;

/** Whether the page shows its own network, the numbers of which can be set. @param {State} state */
export const isOwn = ({ run, model }) => !run && !model;

/** The number that a cell of a step shows, or whose gradient or update it shows; none for what lies between the layers. @param {Entry} entry @param {Cell} cell */
export function numberAt({ layer, pass, wrt }, { tensor, index }) {
  const made = pass === "update" || (pass === "backward" && tensor === "output");
  const own = made ? wrt : tensor === "padded_input" ? "input" : tensor;
  if (own === "input") return layer === 0 ? `input:${index}` : "";
  return layer !== null && (own === "weight" || own === "bias") ? `${layer}.${own}:${index}` : "";
}
