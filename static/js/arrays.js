// Changing the arrays that a person gives: resizing, adding channels, setting a cell. Presets stay presets where they can.

/** @import { ArrayChoice, Pair, PresetArray, TypedArray } from "./types" */

/** @param {ArrayChoice} choice @returns {Pair} */
export function sizeOf(choice) {
  if ("values" in choice) return [choice.values[0]?.length ?? 0, choice.values[0]?.[0]?.length ?? 0];
  return choice.size;
}

/** @param {ArrayChoice} choice */
export const channelsIn = (choice) => ("values" in choice ? choice.values.length : (choice.channels ?? 1));

/** Cut off or filled up with zeros at the end. @template T @param {T[]} list @param {number} length @param {() => T} fill */
const fitted = (list, length, fill) => Array.from({ length }, (_, index) => list[index] ?? fill());

/** @param {ArrayChoice} choice @param {Pair} size @returns {ArrayChoice} */
export function resized(choice, [height, width]) {
  if (!("values" in choice)) return { ...choice, size: [height, width] };
  const values = choice.values.map((plane) =>
    fitted(plane, height, () => []).map((row) => fitted(row, width, () => 0)),
  );
  return choice.colour ? { values, colour: true } : { values };
}

/** @param {ArrayChoice} choice @param {number} channels @returns {ArrayChoice} */
export function withChannels(choice, channels) {
  if (!("values" in choice)) return { ...choice, channels };
  const [height, width] = sizeOf(choice);
  const blank = () => Array.from({ length: height }, () => new Array(width).fill(0));
  return { values: fitted(choice.values, channels, blank) };
}

/** The values with one cell changed. @param {number[][][]} values @param {number} channel @param {number} row @param {number} col @param {number} value @returns {TypedArray} */
export function withCell(values, channel, row, col, value) {
  const copy = values.map((plane) => plane.map((line) => [...line]));
  const line = copy[channel]?.[row];
  if (line) line[col] = value;
  return { values: copy };
}

/** The same size and channels, of another preset. @param {ArrayChoice} choice @param {string} preset @param {Pair} [size] @returns {PresetArray} */
export function withPreset(choice, preset, size = sizeOf(choice)) {
  const seed = "values" in choice ? 0 : (choice.seed ?? 0);
  return { preset, size, channels: channelsIn(choice), seed };
}
