// One number, as people write it: with a decimal comma or point, groups of three, a fraction, per cent, any minus sign.

import { say } from "../words.js";

/** The largest magnitude that a person may type into a cell. */
const MAX_TYPED = 1e6;
/** The most rows, and columns, of a grid. */
export const LARGEST = 32;

/** @typedef {{ decimal: string, groups: string, note: string }} Style what marks the decimals, what may stand between groups of three digits besides blanks and apostrophes */

/** @type {Style[]} in the order in which they are preferred: a lone comma or point marks decimals */
export const STYLES = [
  { decimal: ".", groups: "", note: say("paste.decimal_point") },
  { decimal: ",", groups: "", note: say("paste.decimal_comma") },
  { decimal: ".", groups: ",", note: say("paste.thousands_commas") },
  { decimal: ",", groups: ".", note: say("paste.thousands_points") },
];
/** Both marks in one text, where no style of its own explains it. @type {Style} */
export const MIXED = { decimal: ".,", groups: "", note: say("paste.decimal_commas_points") };
/** How programs write numbers. */
export const PROGRAM = STYLES[0];

const MINUS = /[\u2010-\u2013\u2212\ufe63]/g; // what stands for a minus sign besides the hyphen
const WIDE = /[\uff01-\uff5e]/g; // the characters of ASCII as Japanese keyboards write them
const SLASHES = /[\u2044\u2215]/g;
const APOSTROPHES = /[\u2018\u2019\u02bc]/g;
const LOOSE = /(\d\.?) *(\/|%) *(?=[+-]?\d|(?<=%))/g; // 1 / 9 and 50 %
const UNSEEN = /[\u200b-\u200d\u2060\ufeff]/g;
const LONG = 40;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const POWER = / {0,2}[×·⋅] {0,2}10(?:\^([+-]?\d+)|([⁺⁻]?[⁰¹²³⁴-⁹]+))/g;
const VULGAR = /(?<!\d)[¼-¾⅐-⅞]/g;
/** Blanks that never part two numbers: where they stand between groups of three, they do nothing else. */
const NARROW = /[\u2007\u2009\u202f]/g;
const NARROW_GROUPS = /(?<![\d\u2007\u2009\u202f])[1-9]\d{0,2}(?:[\u2007\u2009\u202f]\d{3})+(?![\d\u2007\u2009\u202f])/g;

/** What is complained of, in marks; of much of it the beginning. @param {string} text */
export const quoted = (text) => `“${text.length > LONG ? `${text.slice(0, LONG)}…` : text}”`;

/** The digits of an exponent that is raised. @param {string} raised */
const lowered = (raised) => [...raised].map((sign) => (sign === "⁻" ? "-" : sign === "⁺" ? "" : RAISED.indexOf(sign))).join("");

/** A text in the signs that programs use; what it says is the same. @param {string} text */
export function plain(text) {
  const signs = text
    .replace(UNSEEN, "")
    .replace(/ {3,}/g, "  ") // long runs would be searched again from each of their blanks
    .replace(WIDE, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(VULGAR, (sign) => sign.normalize("NFKC"))
    .replace(MINUS, "-")
    .replace(SLASHES, "/")
    .replace(APOSTROPHES, "'")
    .replace(POWER, (_, exponent, raised) => `e${exponent ?? lowered(raised)}`);
  const grouped = signs.replace(NARROW_GROUPS, (number) => number.replace(NARROW, "'"));
  return (grouped.search(NARROW) < 0 ? grouped : signs).replace(NARROW, " ").replace(/\u00a0/g, " ").replace(LOOSE, "$1$2");
}

/** @type {Map<Style, RegExp>} */
const forms = new Map(
  [...STYLES, MIXED].map((style) => {
    const { decimal, groups } = style;
    const whole = `[1-9]\\d{0,2}(?:(?<mark>[ '_${groups}])\\d{3})(?:\\k<mark>\\d{3})*|\\d+`;
    const part = decimal === "." ? "\\.(?<part>\\d*)" : `[${decimal}](?<part>\\d+)`;
    return [style, new RegExp(`^(?<sign>[+-]?)(?<whole>${whole})?(?:${part})?(?:e(?<exponent>[+-]?\\d{1,6}))?(?<cent> ?%)?$`, "i")];
  }),
);

/** A number without a stroke. @param {string} text @param {Style} style */
function decimalIn(text, style) {
  const found = forms.get(style)?.exec(text)?.groups;
  if (!found || !(found["whole"] || found["part"])) return null;
  const { sign = "", whole = "", part = "", exponent = "0", cent } = found;
  const power = Number(exponent) - (cent ? 2 : 0); // so that 7% is the double next to 0.07, and not a quotient of two
  const digits = `${whole.replace(/\D/g, "") || "0"}.${part || "0"}`;
  const value = Number(`${sign}${digits}e${power}`);
  return value === 0 && /[1-9]/.test(digits) ? Number.NaN : value; // too small for a double: not silently 0
}

/**
 * The number that a text is in one style, or null. One that no double holds is NaN or infinite.
 * @param {string} text as `plain` gives it @param {Style} style
 */
export function numberWritten(text, style) {
  const parts = text.trim().split("/");
  if (parts.length > 2 || (parts.length === 2 && text.includes("%"))) return null;
  const [value = null, divisor] = parts.map((part) => decimalIn(part.trim(), style));
  if (value === null || divisor === null) return null;
  const quotient = divisor === undefined ? value : value / divisor;
  return quotient === 0 ? 0 : quotient;
}

/** Why a number cannot be a cell. @param {string} text @param {number} value */
export function outOfRange(text, value) {
  if (Math.abs(value) <= MAX_TYPED) return "";
  if (/\/\s*[+-]?0*[.,]?0*$/.test(text)) return say("paste.divides_0", { text: text.trim() });
  if (Number.isNaN(value)) return say("paste.too_small", { text: text.trim() });
  return say("paste.too_large", { text: text.trim(), most: MAX_TYPED });
}

/** The number that a text is in the first style that fits, if any does. @param {string} text */
function valueOf(text) {
  const usual = numberWritten(text, PROGRAM); // as links have it
  if (usual !== null) return usual;
  const clean = plain(text).trim();
  return STYLES.map((style) => numberWritten(clean, style)).find((value) => value !== null) ?? undefined;
}

/**
 * The number that is typed where one number belongs: one comma, or one point, marks decimals.
 * @param {string} text
 */
function readNumber(text) {
  const value = valueOf(text);
  if (value === undefined) throw new Error(say("paste.not_number", { text: quoted(text.trim()) }));
  return value;
}

/** What is typed into a cell. @param {string} text */
export function readCell(text) {
  const value = readNumber(text);
  const why = outOfRange(text, value);
  if (why) throw new Error(why);
  return value;
}

/** A number that learning has made, which may be as large as they come. @param {string} text */
export function readLearned(text) {
  const value = readNumber(text);
  if (!Number.isFinite(value)) throw new Error(outOfRange(text, value));
  return value;
}

/** A whole number. What could be decimals or thousands is not guessed: 1,000 samples are not 1. @param {string} text */
export function readWhole(text) {
  const clean = plain(text).trim();
  if (/^[+-]?[1-9]\d{0,2}[.,]\d{3}$/.test(clean)) {
    const [one, other] = [numberWritten(clean.replace(",", "."), PROGRAM), clean.replace(/[.,]/, "")];
    const values = { text: quoted(text.trim()), one: Number(one), other };
    throw new Error(clean.includes(",") ? say("paste.leave_comma", values) : say("paste.leave_point", values));
  }
  const value = valueOf(text);
  if (value === undefined || !Number.isSafeInteger(value)) throw new Error(say("paste.not_whole", { text: quoted(text.trim()) }));
  return value;
}
