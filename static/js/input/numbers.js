// A grid of numbers out of a text: what a spreadsheet puts on the clipboard, a file of values, a list typed by hand.

import { parseNumber } from "../fields.js";
import { plural } from "../format.js";

const LARGEST = 32;
const TOLD = 4; // faults told of at once
const MINUS = /[\u2012\u2013\u2212\ufe63\uff0d]/g; // what stands for a minus sign besides the hyphen

/** @typedef {{ values: number[][], how: string, faults: string[] }} ReadGrid */

/** @typedef {{ name: string, split: (line: string) => string[] }} Separator */

/** @type {Separator[]} */
const SEPARATORS = [
  { name: "tabs", split: (line) => line.split("\t") },
  { name: "semicolons", split: (line) => line.split(";") },
  { name: "commas", split: (line) => line.split(",") },
  { name: "blanks", split: (line) => line.trim().split(/\s+/) },
];

/**
 * What stands between the numbers, told by the whole text. A comma between blanks is a decimal one, and so is one
 * that would make the rows of different lengths.
 * @param {string[]} lines
 */
function separatorOf(lines) {
  const some = (/** @type {RegExp} */ form) => lines.some((line) => form.test(line.trim()));
  const even = (/** @type {Separator} */ { split }) => new Set(lines.map((line) => split(line).length)).size === 1;
  const [tabs, semicolons, commas, blanks] = /** @type {[Separator, Separator, Separator, Separator]} */ (SEPARATORS);
  if (lines.some((line) => line.includes("\t"))) return tabs;
  if (some(/;/)) return semicolons;
  if (!some(/,/)) return blanks;
  if (some(/,\s/)) return commas;
  return some(/\s/) || (even(blanks) && !even(commas)) ? blanks : commas;
}

/**
 * Rows of numbers, and what is wrong with them: cells that are empty or no numbers, rows of different lengths. Rows
 * and columns are counted from 1.
 * @param {string} text @returns {ReadGrid}
 */
export function readNumbers(text) {
  const lines = text
    .replace(/\r\n?/g, "\n")
    .replace(/^( *\n)+|\n+$/g, "")
    .split("\n");
  if (!text.trim()) return { values: [], how: "", faults: ["There is nothing here yet: paste or type some numbers"] };
  const separator = separatorOf(lines);
  const faults = /** @type {string[]} */ ([]);
  const values = lines.map((line, row) => readLine(line, row, separator.split, faults));
  const [first] = values;
  const width = first?.length ?? 0;
  values.forEach((line, row) => {
    if (line.length && width && line.length !== width)
      faults.push(`Row ${row + 1} has ${plural(line.length, "column")} where row 1 has ${width}`);
  });
  if (values.length > LARGEST) faults.push(`${values.length} rows are more than ${LARGEST}`);
  if (width > LARGEST) faults.push(`${width} columns are more than ${LARGEST}`);
  const between = width > 1 ? `, read as separated by ${separator.name}` : "";
  return { values, how: `${values.length} × ${width}${between}`, faults: shortened(faults) };
}

/** @param {string} line @param {number} row @param {(line: string) => string[]} split @param {string[]} faults */
function readLine(line, row, split, faults) {
  if (!line.trim() && !line.includes("\t")) {
    faults.push(`Row ${row + 1} is empty`);
    return [];
  }
  return split(line).map((cell, col) => {
    const place = `Row ${row + 1}, column ${col + 1}`;
    if (!cell.trim()) {
      faults.push(`${place} is empty`);
      return 0;
    }
    try {
      return parseNumber(cell.replace(MINUS, "-"));
    } catch (error) {
      faults.push(`${place}: ${/** @type {Error} */ (error).message}`);
      return 0;
    }
  });
}

/** @param {string[]} faults */
const shortened = (faults) =>
  faults.length > TOLD ? [...faults.slice(0, TOLD), `and ${faults.length - TOLD} more`] : faults;
