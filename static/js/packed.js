// What comes packed in base64: bytes, and numbers as little-endian float32, and how these are written.

/** @import { Plane, Value } from "./nested.js" */

const BYTES = 4; // of a number
const DIGITS = 7; // that single precision has

/** Maps as planes of rows, a line as one row; what is not finite is none. @param {string} base64 @param {number[]} shape @returns {Plane[]} */
export function unpacked(base64, shape) {
  const [rows = 1, cols = 1] = shape.length === 3 ? shape.slice(1) : [1, shape[0] ?? 1];
  const values = numbersIn(base64);
  return Array.from({ length: values.length / rows / cols }, (_, plane) =>
    Array.from({ length: rows }, (_, row) => values.slice((plane * rows + row) * cols, (plane * rows + row + 1) * cols)),
  );
}

/** @param {string} base64 */
export const bytesIn = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** @param {string} base64 @returns {Value[]} */
function numbersIn(base64) {
  const view = new DataView(bytesIn(base64).buffer);
  return Array.from({ length: view.byteLength / BYTES }, (_, index) => {
    const value = view.getFloat32(BYTES * index, true);
    return Number.isFinite(value) ? value : null;
  });
}

/** A number of single precision as it is written in digits: 0.1, not the 0.10000000149 that is nearest to it. @param {Value} value */
export const inDigits = (value) => (value === null || Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS)));
