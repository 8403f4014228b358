// Numbers in lines, as spreadsheets, files and people write them: what stands between them, what is a heading, and
// each way in which the text can be read.

import { say } from "../words.js";
import { LARGEST, MIXED, numberWritten, outOfRange, quoted, STYLES } from "./numbers.js";

/** @import { Style } from "./numbers.js" */
/** @import { Outcome, Reading } from "./reader.js" */

/** @typedef {{ reading: Reading, faults: string[], formed: boolean }} Tried whether all of it are numbers, though perhaps too large ones */
/** @typedef {{ between: string, rows: string[][], styles: Style[] }} Layout one way to cut a text into cells */

const [POINT, COMMA, , POINTS] = STYLES;
const QUOTED = /(^|[\t;, ])(["'])([^"'\n]*)\2(?=$|[\t;, ])/g;
const HELD = /\ue000(\d+)\ue001/g; // a cell in quotation marks, put away while its line is cut
const ONE_GROUP = /^[+-]?\d{1,3} \d{3}([.,]\d*)?%?$/; // 1 234: rather one number than two
const THOUSANDS = /\d \d{3}/;
const NAMED = /^\s*\w+ *= *(?=\n)/; // what MATLAB prints over an array
const MOST_LINES = 1000; // beyond which lines and columns are only counted
const MOST_COLUMNS = 200;
const NO_HEADING = /^[^\p{L}]|^(nan|inf|infinity|null|none|na|n\/a)\b/iu;

/** @param {string[]} lines @param {RegExp} separator @returns {string[][]} */
function cut(lines, separator) {
  return lines.map((line) => {
    /** @type {string[]} */
    const held = [];
    const free = line.replace(QUOTED, (_, before, _quote, inside) => `${before}\ue000${held.push(inside) - 1}\ue001`);
    const cells = (separator.source === "\\t" ? free : free.trim()).split(separator);
    return cells.map((cell) => {
      const alone = cell.trim().length === cell.match(HELD)?.[0]?.length; // else the quotation marks are a fault of the cell
      return cell.replace(HELD, (_, index) => (alone ? (held[Number(index)] ?? "") : `"${held[Number(index)]}"`)).trim();
    });
  });
}

/** Without the empty cells at the ends of lines that all have them: what a trailing separator leaves. @param {string[][]} rows */
function trimmed(rows) {
  const width = Math.max(...rows.map((row) => row.findLastIndex((cell) => cell !== "") + 1));
  return rows.map((row) => row.slice(0, Math.max(1, width)));
}

/** Every way to cut these lines; the likelier one first. @param {string[]} lines @returns {Layout[]} */
function layouts(lines) {
  const all = [...STYLES];
  if (lines.some((line) => line.trim().includes("\t"))) return [{ between: say("paste.tabs"), rows: cut(lines, /\t/), styles: all }];
  if (lines.some((line) => line.includes(";"))) return withSemicolons(lines, all);
  const commas = lines.map((line) => line.split(",").length - 1);
  const quoted = lines.some((line) => line.search(QUOTED) >= 0);
  const byComma = { between: say("paste.commas"), rows: cut(lines, /\s*,\s*/), styles: quoted ? all : [POINT] };
  const byBlank = { between: say("paste.blanks"), rows: cut(lines, /\s+/), styles: all };
  const byWide = { between: say("paste.wide_gaps"), rows: cut(lines, /\s{2,}/), styles: all };
  const wide = byWide.rows.flat().some((cell) => THOUSANDS.test(cell)) ? [byWide] : []; // blanks between thousands
  const one = lines.length === 1 && ONE_GROUP.test(lines[0]?.trim() ?? "");
  const blanks = one ? [...wide, byBlank] : [byBlank, ...wide];
  if (!Math.max(...commas)) return blanks;
  const spaced = { between: say("paste.commas_blanks"), rows: cut(lines, /,\s+/), styles: [COMMA, POINTS] };
  if (Math.max(...commas) === 1) return !quoted && isLoneNumber(lines) ? [byBlank] : [...blanks, byComma];
  if (groupedWithZeros(lines)) return [...blanks, byComma];
  return [byComma, ...(spaced.rows.flat().some((cell) => cell.includes(",")) ? [spaced] : []), ...blanks];
}

/** One comma in a number that stands alone marks decimals. @param {string[]} lines */
const isLoneNumber = ([line = "", ...more]) =>
  !more.length && !/\s/.test(line.trim()) && STYLES.some((style) => numberWritten(line.trim(), style) !== null);

/** Whether every line is one number with commas between thousands, and hardly a list: nobody lists 000. @param {string[]} lines */
const groupedWithZeros = (lines) =>
  lines.every((line) => /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(line.trim())) && lines.some((line) => /,0\d\d/.test(line));

/** Semicolons part columns, or rows as in MATLAB, where the row is then parted itself. @param {string[]} lines @param {Style[]} styles @returns {Layout[]} */
function withSemicolons(lines, styles) {
  const columns = { between: say("paste.semicolons"), rows: cut(lines, /;/), styles };
  const ends = lines.length === 1 || lines.every((line) => !/;\s*\S/.test(line));
  const rows = lines.flatMap((line) => line.split(";")).filter((row) => row.trim());
  if (!ends || lines.some((line) => line.search(QUOTED) >= 0)) return [columns];
  const made = layouts(rows).filter(({ rows: cells }) => cells.every((row) => row.length > 1));
  return [columns, ...made.map((layout) => ({ ...layout, between: say("paste.semicolon_rows", { between: layout.between }) }))];
}

/** @param {string} cell */
const isHeading = (cell) => cell !== "" && !NO_HEADING.test(cell) && !/[,;]/.test(cell);
/** 0, 1, 2, as tables of pandas count. @param {string[]} cells */
const isCount = (cells) => cells.every((cell, index) => cell === String(index));
/** @param {string[]} cells */
const areHeadings = (cells) => cells.length > 0 && cells.every(isHeading);

/**
 * The cells below and beside their headings. With a corner that is empty or missing both are headings, even if they
 * only count.
 * @param {string[][]} rows @returns {{ rows: string[][], from: [number, number], left: string[] }}
 */
function withoutHeadings(rows) {
  const [first = [], ...rest] = rows;
  const width = Math.max(0, ...rest.map((row) => row.length));
  const column = rest.map((row) => row[0] ?? "");
  const short = first.length === width - 1 && rest.every((row) => row.length === width);
  const names = short ? first : first.slice(1);
  const corner = rest.length > 0 && width > 1 && (short || first[0] === "");
  if (corner && [names, column].every((cells) => areHeadings(cells) || isCount(cells)))
    return { rows: rest.map((row) => row.slice(1)), from: [1, 1], left: ["row", "column"] };
  const top = rest.length > 0 && (areHeadings(first) || (first[0] === "" && areHeadings(names) && areHeadings(column)));
  const below = top ? rest : rows;
  const beside = below.length > 1 && below.every((row) => row.length > 1) && areHeadings(below.map((row) => row[0] ?? ""));
  if (beside && !below.some((row) => numberWritten(row[1] ?? "", MIXED) !== null)) return { rows, from: [0, 0], left: [] }; // all are words
  const left = [...(top ? ["row"] : []), ...(beside ? ["column"] : [])];
  return { rows: beside ? below.map((row) => row.slice(1)) : below, from: [Number(top), Number(beside)], left };
}

/** One cell, or what is wrong with it. @param {string} cell @param {Style} style @param {number} row @param {number} column both counted from 1 */
function read(cell, style, row, column) {
  if (cell === "") return { value: null, fault: say("paste.cell_empty", { row, column }) };
  const value = numberWritten(cell, style);
  const fault = value === null ? say("paste.not_number", { text: quoted(cell) }) : outOfRange(cell, value);
  return { value, fault: fault && say("paste.cell_fault", { row, column, fault }) };
}

/** What was left out, in words. @param {string[]} left */
function withoutNote([first, second]) {
  if (second) return [say("paste.without_both")];
  if (first) return [first === "row" ? say("paste.without_row") : say("paste.without_column")];
  return [];
}

/** @param {Layout} layout @param {Style} style @returns {Tried} */
function readLayout({ between, rows: cells }, style) {
  const { rows, from, left } = withoutHeadings(trimmed(cells));
  const wide = rows.find((row) => row.length > MOST_COLUMNS);
  if (wide) return { reading: { planes: [], notes: [], dropped: false }, faults: [say("paste.too_wide", { wide: wide.length, most: LARGEST })], formed: false };
  /** @type {string[]} */
  const faults = [];
  let formed = true;
  const [top, beside] = from;
  const values = rows.map((row, i) =>
    row.map((cell, j) => {
      const { value, fault } = read(cell, style, i + top + 1, j + beside + 1);
      if (fault) faults.push(fault);
      formed &&= value !== null;
      return value ?? 0;
    }),
  );
  const width = values[0]?.length ?? 0;
  values.forEach((row, i) => {
    formed &&= row.length === width;
    if (row.length !== width) faults.push(say("paste.columns_where", { where: say("paste.row", { row: i + top + 1 }), columns: row.length, first: top + 1, width }));
  });
  const marked = rows.flat().some((cell) => /[.,]/.test(cell)) && style !== POINT;
  const notes = [
    ...withoutNote(left),
    ...(marked ? [style.note] : []),
    ...(rows.flat().some((cell) => THOUSANDS.test(cell)) ? [say("paste.thousands_blanks")] : []),
    ...(width > 1 ? [say("paste.separated", { between })] : []),
  ];
  return { reading: { planes: [values], notes, dropped: left.length > 0 }, faults, formed };
}

/** Blocks of equal size with blank lines between them may be the channels of one array. @param {Reading} reading @param {number[]} blocks lines in each @returns {Reading[]} */
function withBlocks(reading, blocks) {
  const [height = 0] = blocks;
  const values = reading.planes[0] ?? [];
  if (blocks.length < 2 || height < 2 || blocks.some((lines) => lines !== height) || values.length !== height * blocks.length) return [reading];
  const planes = blocks.map((_, index) => values.slice(index * height, (index + 1) * height));
  return [{ ...reading, planes, notes: [say("paste.grid_each", { blocks: blocks.length }), ...reading.notes] }, { ...reading, notes: [say("paste.blocks_one_grid"), ...reading.notes] }];
}

/** Lines that say something, and how many stand together each time. @param {string} text */
function linesOf(text) {
  const lines = text.replace(NAMED, "").split("\n");
  const hollow = (/** @type {string} */ line) => /^[\s;,]*$/.test(line);
  const [first, last] = [lines.findIndex((line) => !hollow(line)), lines.findLastIndex((line) => !hollow(line))];
  const kept = first < 0 ? [] : lines.slice(first, last + 1);
  const blocks = kept.join("\n").split(/\n(?:[^\S\n\t]*\n)+/).map((block) => block.split("\n").length);
  return { lines: kept.filter((line) => /[^ ]/.test(line)), blocks };
}

/** @param {Reading} reading */
const isLone = ({ planes: [plane = []] }) => plane.length === 1 && plane[0]?.length === 1;

/** Those without a fault, unless what is likelier has only numbers that are too large: then nothing else is meant. @param {Tried[]} tried */
function possible(tried) {
  if (tried.find(({ formed }) => formed)?.faults.length) return [];
  const good = tried.filter(({ faults }) => !faults.length).map(({ reading }) => reading);
  const lone = good.find(isLone);
  return good.filter((reading) => reading === lone || !isLone(reading)); // one comma, or one point, marks decimals
}

/** What is wrong, by the reading with the least; of equals by the one with more columns. @param {Tried[]} tried */
function faultsOf(tried) {
  const formed = tried.find((one) => one.formed);
  const badness = (/** @type {Tried} */ { faults, reading }) => faults.length - (reading.planes[0]?.[0]?.length ?? 0) / 1e6;
  return (formed ?? tried.reduce((best, one) => (badness(one) < badness(best) ? one : best))).faults;
}

/** Every way to read the lines of a text, or what is wrong in the likeliest one. @param {string} text in plain signs @returns {Outcome} */
export function readLines(text) {
  const { lines, blocks } = linesOf(text);
  if (!lines.length) return { readings: [], faults: [say("paste.no_number")] };
  if (lines.length > MOST_LINES) return { readings: [], faults: [say("paste.too_many_lines", { lines: lines.length, most: LARGEST })] };
  const made = layouts(lines);
  const tried = made.flatMap((layout) => layout.styles.map((style) => readLayout(layout, style)));
  const either = () => made.map((layout) => readLayout(layout, MIXED));
  const readings = possible(tried.some(({ formed }) => formed) ? tried : [...tried, ...either()]);
  if (readings.length) return { readings: readings.flatMap((reading) => withBlocks(reading, blocks)), faults: [] };
  return { readings: [], faults: faultsOf(tried) };
}
