// Numbers as people read them. The rule is the engine's (wording.py); one table of cases tests both.

import { say } from "./words.js";

const DIGITS = 4;
const FACTOR_DIGITS = 5;
export const TERM_DIGITS = 4; // of a number in a formula whose result has three or two: so that holds as it is printed
const NEARLY_0 = 0.05; // of which a cell with little room holds the power of ten
const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A number as the power of what stands before it. @param {number | null} value */
export const power = (value) => (value !== null && Number.isInteger(value) ? superscript(String(value)) : `^(${number(value)})`);

/** @param {string} text */
const withMinus = (text) => text.replaceAll("-", "−");

/** A count in groups of three digits; `toLocaleString` takes a while when it is first asked. @param {number} count */
export const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** @param {number} value */
export const isExact = (value) => Math.abs(value) < 1e7 && Number(value.toFixed(4)) === value;

/** @param {string} exponent */
export function superscript(exponent) {
  const digits = [...exponent.replace(/[+-]/, "")].map((digit) => SUPERSCRIPT[Number(digit)]).join("");
  return (exponent.startsWith("-") ? "⁻" : "") + digits;
}

/** Whether a text would say 1 or −1 of a number that is not quite that. @param {string} text @param {number} value */
const isFalseOne = (text, value) => Math.abs(Number(text)) === 1 && Math.abs(value) !== 1;

/**
 * The number as it is, where four decimals or a short power of ten hold it; else rounded, with ≈ before it. What is not quite 1 gets as many
 * decimals as it needs not to be read as 1: a share of 1 is a certainty.
 * @param {number | null | undefined} value
 */
export const number = (value) => written(value, DIGITS, 3);

/** @param {number | null | undefined} value @param {number} digits of a power of ten @param {number} least decimals of any other that is rounded */
function written(value, digits, least) {
  if (value === null || value === undefined || !Number.isFinite(value)) return say("common.none");
  if (value === 0) return "0";
  if (isExact(value)) return withMinus(String(value));
  if (Math.abs(value) >= 1e7 || Math.abs(value) < 0.0005) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    const sign = Number(`${mantissa}e${exponent}`) === value ? "" : "≈";
    return `${sign}${withMinus(String(Number(mantissa)))} × 10${superscript(exponent ?? "0")}`;
  }
  let decimals = least;
  while (isFalseOne(value.toFixed(decimals), value)) decimals += 1;
  return `≈${withMinus(String(Number(value.toFixed(decimals))))}`;
}

/** The number with all its digits. @param {number} value */
export const inFull = (value) => withMinus(String(value));

/** A text whose equations have one sign: where the right side is rounded, ≈ takes the place of =. @param {string} text */
export const related = (text) => text.replace(/=([ \u00a0])≈/g, "≈$1");

/** In brackets, where it is negative and stands after an operator. @param {string} text */
export const inBrackets = (text) => (text.includes("−") ? `(${text})` : text);

/** A number after an operator. @param {number | null} value */
export const operand = (value) => inBrackets(number(value));

/**
 * A number that an equation computes with: where it is rounded, to so many digits that what comes of it holds as it is
 * printed.
 * @param {number | null} value
 */
export function factor(value) {
  const magnitude = value ? Math.floor(Math.log10(Math.abs(value))) : 0;
  return written(value, FACTOR_DIGITS, Math.max(3, FACTOR_DIGITS - 1 - magnitude));
}

/** The same after an operator. @param {number | null} value */
export const factorAfter = (value) => inBrackets(factor(value));

/** What a number that only just misses 1, −1 or 0 is more or less than: nothing shorter would be true. @param {number} value @param {number} room */
function bound(value, room) {
  const size = Math.abs(value);
  const digits = room - (value < 0 ? 2 : 1);
  const least = size < 1 && size > 0.5 && digits > 2 ? "0.999".slice(0, digits) : String(Math.round(size));
  const beyond = size > Number(least) === value > 0 ? ">" : "<";
  return `${beyond}${value < 0 && least !== "0" ? "−" : ""}${least}`;
}

/** The power of ten that is nearest to a number which is nearly 0, in letters as wide as a cell's; nothing where it has no room. @param {number} value @param {number} room */
function nearestPower(value, room) {
  const exponent = Math.round(Math.log10(Math.abs(value)));
  const raised = superscript(String(exponent));
  const letters = (value < 0 ? 1 : 0) + 2 + raised.length;
  return Math.abs(value) < NEARLY_0 && letters <= room ? `${value < 0 ? "−" : ""}10${raised}` : null;
}

/** How many decimals a cell tries, and whether in smaller type. @type {[number, boolean][]} */
const TRIED = [[3, false], [2, false], [1, false], [0, false], [3, true]];
const HUNDREDTH = 0.01; // of a number less than that two decimals leave nothing true: smaller type comes first
/** @type {[number, boolean][]} */
const TRIED_SMALL = [[3, true], ...TRIED];

/**
 * A number short enough for a cell, and whether it had to be rounded: what is not 0 or 1 is not written so.
 * @param {number} value
 * @param {number} room how many characters the cell holds
 * @param {number} [most] how many it holds in smaller type, in which a number stands that would else be a power of ten
 * @returns {{ text: string, rounded: boolean }}
 */
export function cellText(value, room, most = room) {
  const exact = withMinus(String(value === 0 ? 0 : value));
  if (exact.length <= room) return { text: exact, rounded: false };
  for (const [decimals, isSmall] of Math.abs(value) < HUNDREDTH ? TRIED_SMALL : TRIED) {
    const plain = String(Number(value.toFixed(decimals)));
    if (plain.length <= (isSmall ? most : room) && Number(plain) && !isFalseOne(plain, value)) return { text: withMinus(plain), rounded: true };
  }
  const [mantissa, exponent] = value.toExponential(0).split("e");
  const power = withMinus(`${mantissa}e${Number(exponent)}`);
  const fits = power.length + (exponent?.startsWith("-") ? 1 : 0) <= room && // two signs and an e are wide
    !isFalseOne(`${mantissa}e${exponent}`, value);
  if (fits || Math.abs(value) >= 2) return { text: power, rounded: true };
  return { text: nearestPower(value, room) ?? bound(value, room), rounded: true };
}

/** Whether a cell can only say what a number is more or less than. @param {number | null | undefined} value @param {number} room how many characters the cell holds */
export const isBound = (value, room) => typeof value === "number" && /^[<>]/.test(cellText(value, room).text);

/** A share of 1 as people read it: what is not all is not told as 100 %, nor what is not nothing as 0 %. @param {number | null | undefined} share */
export const percent = (share) => {
  if (share === null || share === undefined) return "–";
  const points = 100 * share;
  if (points >= 99.95 && points < 100) return ">\u00a099.9\u202f%";
  if (points > 0 && points < 0.05) return "<\u00a00.1\u202f%";
  const text = points >= 10 || points === 0 ? points.toFixed(points > 99 && points < 100 ? 1 : 0) : points.toFixed(1);
  return `${text}\u202f%`;
};

/** A share of 1 that others are compared with: to a tenth, with ≈ where that is not all of it. @param {number | null | undefined} value */
export function share(value) {
  if (typeof value !== "number") return percent(value);
  const points = Number((100 * value).toFixed(6)); // a sum of shares misses it by less
  const text = points.toFixed(1);
  return `${Number(text) === points ? "" : "≈"}${withMinus(String(Number(text)))}\u202f%`;
}

const FACTORS = / ?(?:[×÷]|(?<=\d )\/(?= \d)) /g; // they hold what stands before them and what follows
const TERMS = /(?<!\S)([=≈≠<>+−]) (?=\S)/g; // a line may end before them

/** A text with its formulas bound: no line ends in a product, nor between another operator and what follows. @param {string} text */
export const unbroken = (text) => text.replace(FACTORS, (found) => found.replaceAll(" ", "\u00a0")).replace(TERMS, "$1\u00a0");

/** A text with its places bound: no line ends between "row" and 1; before "1–3", which is long, one may, nor is "Stride 1:" a place. @param {string} text */
export const withCellNumbers = (text) => text.replace(/(?<=(?<!\p{L})\p{Ll}+) (?=\d+(?![\d–]))/gu, "\u00a0");

/** A text with its counts bound: no line ends between a number and what it counts, nor before what parts two counts. @param {string} text */
export const withCounts = (text) => text.replace(/(\d) (?=\p{Ll})/gu, "$1\u00a0").replaceAll(" · ", "\u00a0· ");

/** @param {number[]} size rows, columns */
export const size = (size) => unbroken(size.join(" × "));

/**
 * A number inside an equation: whole where four digits hold it, else to three or more; and which of the two.
 * @param {number | null | undefined} value @param {number} [most]
 * @returns {{ text: string, exact: boolean }}
 */
export function digits(value, most = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return { text: say("common.none"), exact: false };
  const exact = Number(value.toPrecision(4)) === value;
  let precision = most;
  while (!exact && isFalseOne(value.toPrecision(precision), value)) precision += 1;
  const short = exact ? value : Number(value.toPrecision(precision));
  if (short === 0) return { text: "0", exact };
  if (Math.abs(short) >= 0.0005 && Math.abs(short) < 1e6) return { text: withMinus(String(short)), exact };
  const [mantissa = "", exponent = ""] = short.toExponential().split("e");
  return { text: withMinus(`${mantissa === "1" ? "" : `${mantissa}·`}10${superscript(exponent)}`), exact };
}
