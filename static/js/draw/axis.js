// Where values stand along an axis, and which of them are written beside it.

import { superscript } from "../format.js";

/** @typedef {{ low: number, high: number, log: boolean }} Domain */

const MANTISSAS = [1, 2, 5, 10];

/**
 * What an axis has to hold; null where there is nothing to show. Along a logarithmic one, only what is above 0.
 * @param {Iterable<number | null | undefined>} values @param {{ log?: boolean, low?: number, high?: number }} [limits] what is beyond them is cut off
 * @returns {Domain | null}
 */
export function domainOf(values, { log = false, low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = {}) {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === null || value === undefined || !Number.isFinite(value) || (log && value <= 0)) continue;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  if (least > greatest) return null;
  [least, greatest] = [Math.max(low, Math.min(high, least)), Math.min(high, Math.max(low, greatest))];
  if (log) {
    const from = Math.floor(Math.log10(least) + 1e-9);
    return { low: 10 ** from, high: 10 ** Math.max(from + 1, Math.ceil(Math.log10(greatest) - 1e-9)), log };
  }
  if (least === greatest) [least, greatest] = [least - Math.abs(least || 1) / 2, greatest + Math.abs(greatest || 1) / 2];
  const unit = unitOf(greatest - least, 4);
  return { low: Math.floor(least / unit) * unit, high: Math.ceil(greatest / unit) * unit, log };
}

/** The place of a value along its axis, 0 at the low end and 1 at the high one. @param {number} value @param {Domain} domain */
export function shareOf(value, { low, high, log }) {
  if (log) return value <= 0 ? Number.NEGATIVE_INFINITY : Math.log(value / low) / Math.log(high / low);
  return (value - low) / (high - low);
}

/** A round distance between ticks. @param {number} span @param {number} count about so many */
function unitOf(span, count) {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const mantissa = MANTISSAS.find((round) => round * power >= rough * 0.999) ?? 10;
  return mantissa * power;
}

/** Round values along an axis. @param {Domain} domain @param {number} count about so many @returns {number[]} */
export function ticksOf({ low, high, log }, count) {
  if (log) {
    const [first, last] = [Math.round(Math.log10(low)), Math.round(Math.log10(high))];
    const every = Math.max(1, Math.ceil((last - first) / count));
    const ticks = [];
    for (let power = Math.ceil(first / every) * every; power <= last; power += every) ticks.push(10 ** power);
    return ticks;
  }
  const unit = unitOf(high - low, count);
  const ticks = [];
  for (let tick = Math.ceil(low / unit - 1e-9); tick * unit <= high + unit * 1e-9; tick += 1) ticks.push(tick * unit);
  return ticks;
}

/** A tick as it is written: short, a power of ten where it is one far from 1. @param {number} tick */
export function tickText(tick) {
  const power = Math.round(Math.log10(Math.abs(tick)));
  if (tick > 0 && Math.abs(power) > 3 && Math.abs(tick / 10 ** power - 1) < 1e-9) return `10${superscript(String(power))}`;
  return String(Number(tick.toPrecision(6))).replace("-", "−");
}
