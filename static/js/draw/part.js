// Which part of a large grid is seen: it is the same at the same step, whichever way one came there.

const BESIDE = 1; // cells beside the window that are seen with it

/**
 * The first cell of the part that is seen along one axis: parts overlap, so that a window and what is beside it are on one.
 * @param {number} at where the window begins @param {number} span how many cells it covers @param {number} seen @param {number} count of all cells
 */
export function firstSeen(at, span, seen, count) {
  const onwards = Math.max(1, seen - span - 2 * BESIDE);
  const part = Math.floor(Math.max(0, at - BESIDE) / onwards);
  return Math.max(0, Math.min(count - seen, part * onwards));
}

/** The first cell of a part that has a cell in its middle. @param {number} at @param {number} seen how many cells are @param {number} count of all */
export const middle = (at, seen, count) => Math.max(0, Math.min(count - seen, at - Math.floor(seen / 2)));
