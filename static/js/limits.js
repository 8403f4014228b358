// What can be chosen while the rest stays as it is: for each control a range along each axis, or words, from the engine.

/** @import { AxisLimits, Limits, Pair } from "./types" */

/** The limit of this name; where one setting is shown alone, the second one's has that of the first. @param {Limits | undefined} limits @param {string} name */
const named = (limits, name) => limits?.[name] ?? limits?.[name.replace(/^b\./, "")];

/** The range of a control along each axis, where it has one. @param {Limits | undefined} limits @param {string} [name] @returns {AxisLimits | undefined} */
export function rangeOf(limits, name = "") {
  const found = named(limits, name);
  return Array.isArray(found) ? undefined : found;
}

/** What of the options of a control can be chosen, where not all can. @param {Limits | undefined} limits @param {string} [name] */
export function choicesOf(limits, name = "") {
  const found = named(limits, name);
  return Array.isArray(found) ? found : undefined;
}

/** What two settings can both compute; the second one's own limits by the names `b.…`. @param {Limits | undefined} one @param {Limits | undefined} two @returns {Limits | undefined} */
export function together(one, two) {
  if (!one || !two) return undefined;
  /** @type {Limits} */
  const both = {};
  for (const [name, range] of Object.entries(one)) {
    const other = two[name];
    const own = name === "stride" || name === "padding" || name === "padding_word";
    both[`b.${name}`] = other;
    both[name] = own ? range : common(range, other);
  }
  return both;
}

/** @param {Limits[string]} one @param {Limits[string]} two @returns {Limits[string]} */
function common(one, two) {
  if (Array.isArray(one) && Array.isArray(two)) return one.filter((value) => two.includes(value));
  if (Array.isArray(one) || Array.isArray(two)) return [];
  return { height: overlap(one.height, two.height), width: overlap(one.width, two.width) };
}

/** What two ranges share. @param {Pair} one @param {Pair} other @returns {Pair} */
export const overlap = ([low, high], [from, to]) => [Math.max(low, from), Math.min(high, to)];
