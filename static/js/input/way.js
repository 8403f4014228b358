// The cells that a brush covers between two places.

/** @typedef {[number, number]} Place a row and a column */

/** The cells on the way from one to another, both included. @param {Place} from @param {Place} to @returns {Place[]} */
export function cellsBetween([row, col], [toRow, toCol]) {
  const steps = Math.max(Math.abs(toRow - row), Math.abs(toCol - col), 1);
  return Array.from({ length: steps + 1 }, (_, step) => [
    Math.round(row + ((toRow - row) * step) / steps),
    Math.round(col + ((toCol - col) * step) / steps),
  ]);
}
