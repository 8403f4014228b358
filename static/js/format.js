// Numbers as people read them. The rule is the engine's (trace/wording.py); one table of cases tests both.

const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** @param {string} text */
const withMinus = (text) => text.replace("-", "−");

/** A count in groups of three digits; `toLocaleString` takes a while when it is first asked. @param {number} count */
export const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** @param {number} value */
export const isExact = (value) => Math.abs(value) < 1e7 && Number(value.toFixed(4)) === value;

/** @param {string} exponent */
export function superscript(exponent) {
  const digits = [...exponent.replace(/[+-]/, "")].map((digit) => SUPERSCRIPT[Number(digit)]).join("");
  return (exponent.startsWith("-") ? "⁻" : "") + digits;
}

/**
 * The number as it is, where four decimals hold it; else rounded, with ≈ before it.
 * @param {number | null | undefined} value
 */
export function number(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "none";
  if (value === 0) return "0";
  if (isExact(value)) return withMinus(String(value));
  if (Math.abs(value) >= 1e7 || Math.abs(value) < 0.0005) {
    const [mantissa, exponent] = value.toExponential(3).split("e");
    return `≈${withMinus(String(Number(mantissa)))} × 10${superscript(exponent ?? "0")}`;
  }
  return `≈${withMinus(String(Number(value.toFixed(3))))}`;
}

/**
 * A number after an operator: negative ones in brackets.
 * @param {number | null} value
 */
export function operand(value) {
  const text = number(value);
  return text.includes("−") ? `(${text})` : text;
}

/**
 * A number short enough for a cell, and whether it had to be rounded.
 * @param {number} value
 * @param {number} room how many characters the cell holds
 * @returns {{ text: string, rounded: boolean }}
 */
export function cellText(value, room) {
  const exact = withMinus(String(value === 0 ? 0 : value));
  if (exact.length <= room) return { text: exact, rounded: false };
  for (const decimals of [3, 2, 1, 0]) {
    const text = withMinus(String(Number(value.toFixed(decimals))));
    if (text.length <= room && !(text === "0" || text === "−0")) return { text, rounded: true };
  }
  if (Math.abs(value) < 1) return { text: value < 0 ? "−0" : "0", rounded: true };
  const [mantissa, exponent] = value.toExponential(0).split("e");
  return { text: withMinus(`${mantissa}e${Number(exponent)}`), rounded: true };
}

/** @param {number[]} size rows, columns */
export const size = (size) => size.join(" × ");

/** @param {number} count @param {string} one @param {string} [many] */
export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/**
 * A number inside an equation: whole where four digits hold it, else to three or more; and which of the two.
 * @param {number | null | undefined} value @param {number} [most]
 * @returns {{ text: string, exact: boolean }}
 */
export function digits(value, most = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return { text: "none", exact: false };
  const exact = Number(value.toPrecision(4)) === value;
  const short = exact ? value : Number(value.toPrecision(most));
  if (short === 0) return { text: "0", exact };
  if (Math.abs(short) >= 0.0005 && Math.abs(short) < 1e6) return { text: withMinus(String(short)), exact };
  const [mantissa = "", exponent = ""] = short.toExponential().split("e");
  return { text: withMinus(`${mantissa === "1" ? "" : `${mantissa}·`}10${superscript(exponent)}`), exact };
}
