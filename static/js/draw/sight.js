// Where a stage is higher than its room it scrolls, so that what a step computes is seen; on a phone the page does.

const AROUND = 8; // pixels that stay free beside what is seen

/** @typedef {{ top: number, bottom: number }} Span of a screen's height */

/** A span with as much of another one as there is room for. @param {Span} span @param {Span} other @param {number} room @returns {Span} */
function grown({ top, bottom }, other, room) {
  const above = Math.max(Math.min(top, other.top), bottom - room);
  const below = Math.min(Math.max(bottom, other.bottom), Math.min(top, above) + room);
  return { top: Math.min(top, above), bottom: Math.max(bottom, below) };
}

/**
 * How far a view has to scroll so that what a step computes is seen, and of what it is computed from as much as fits,
 * the nearest first; 0 where all of that is seen.
 * @param {Span} view @param {Span} computed @param {Span[]} from
 */
export function scrollOf(view, computed, from) {
  const room = view.bottom - view.top - 2 * AROUND;
  const distance = (/** @type {Span} */ { top, bottom }) => Math.max(computed.top - top, bottom - computed.bottom);
  const nearest = [...from].sort((one, other) => distance(one) - distance(other));
  const { top, bottom } = nearest.reduce((span, other) => grown(span, other, room), computed);
  return Math.min(0, top - AROUND - view.top) || Math.max(0, bottom + AROUND - view.bottom);
}

/** On a phone, what the sentence and the settings leave of the screen; null where a stage ends above them. @param {number} bottom of the stage @returns {Span | null} */
export function uncovered(bottom) {
  const tops = [...document.querySelectorAll(".sentence-row, [data-sheet]")].map((node) => node.getBoundingClientRect().top);
  const lowest = Math.min(...tops);
  return lowest < bottom ? { top: 0, bottom: lowest } : null;
}
