// Arrays in brackets, as NumPy, Python, MATLAB and PyTorch print and write them, alone or within a program.

import { messageOf, say } from "../words.js";
import { numberWritten, outOfRange, PROGRAM, quoted } from "./numbers.js";

/** @import { Outcome, Reading } from "./reader.js" */

/** @typedef {{ text: string }} Leaf a number, or what stands in its place */
/** @typedef {{ items: Node[], ends: number[], breaks: number[] }} List how many items there are before each semicolon, and before each new line */
/** @typedef {Leaf | List} Node */
/** @typedef {{ node: List, name: string, declared: boolean, called: boolean, scale: string, rest: string }} Found @type {Record<string, string>} */

const CLOSING = { "[": "]", "{": "}", "(": ")" };
const MAKERS = /^(as)?array$|tensor$|^(np)?matrix$|^mat$|^constant$|^variable$|^parameter$|^list$|^tuple$|^print$|^disp$|^float\d*$|^u?int\d*$/i;
const BEFORE = /(?:["']?(\w+)["']?\s*(?::\s*[\w.[\]]*\s*)?[=:]\s*)?(?:([^\s=(,]+)\s*\*\s*)?((?:[\w.]+\(\s*)*)$/; // name = 1/9 * np.array(
const PROMPT = /^[^\S\n]*(?:In|Out) ?\[\d*\]:/gm; // of a notebook
const SCALED = /^\s*([*/])\s*([\d.eE+/-]+)/;
const KEPT = /^\)*(?:\.(?:float|double|numpy|tolist|cpu|cuda|detach)\(\))+/; // the same numbers, kept in another way
const MANY = 8; // arrays to choose among
const DEEPEST = 32; // brackets in each other

/** The reader of one list, from its opening bracket on. */
class Parser {
  /** @param {string} text @param {number} at */
  constructor(text, at) {
    this.text = text;
    this.at = at;
  }

  /** @param {number} depth @returns {List} */
  list(depth) {
    const close = CLOSING[this.text[this.at] ?? ""];
    /** @type {List} */
    const list = { items: [], ends: [], breaks: [] };
    if (depth > DEEPEST) throw new Error(say("paste.too_deep"));
    this.at += 1;
    for (;;) {
      const sign = this.text[this.at];
      if (sign === undefined) throw new Error(say("paste.not_closed"));
      if (sign === close) break;
      if (CLOSING[sign]) list.items.push(this.list(depth + 1));
      else if (sign === "#" || (sign === "%" && !/\d/.test(this.text[this.at - 1] ?? ""))) this.at = lineEnd(this.text, this.at);
      else if (/[\s,;]/.test(sign)) this.#between(list, sign);
      else list.items.push(this.#item(depth));
    }
    this.at += 1;
    return list;
  }

  /** @param {List} list @param {string} sign */
  #between(list, sign) {
    if (sign === ";") list.ends.push(list.items.length);
    if (sign === "\n") list.breaks.push(list.items.length);
    this.at += 1;
  }

  /** A number, a quoted one, or a call such as `tensor(1.)` that holds one. @param {number} depth @returns {Node} */
  #item(depth) {
    const [found = this.text[this.at] ?? ""] = /^(?:"[^"\n]*"|'[^'\n]*'|[^\s,;()[\]{}]+)/.exec(this.text.slice(this.at, this.at + 400)) ?? [];
    this.at += found.length;
    if (this.text[this.at] !== "(" || !MAKERS.test(found.split(".").at(-1) ?? "")) return { text: found.replace(/^(["'])(.*)\1$/, "$2") };
    const [first] = this.list(depth + 1).items; // what follows in the call says how it is kept
    return first ?? { text: `${found}()` };
  }
}

/** @param {string} text @param {number} at */
function lineEnd(text, at) {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** Where the calls around an array end. @param {string} text @param {number} at @param {number} open how many are open */
function callsEnd(text, at, open) {
  for (let depth = open; depth > 0 && at < text.length; at += 1) {
    if (text[at] === "(") depth += 1;
    if (text[at] === ")") depth -= 1;
  }
  return at;
}

/** @param {Node | undefined} node @returns {boolean} */
const startsWithNumber = (node) => node !== undefined && ("items" in node ? startsWithNumber(node.items[0]) : /^[-+.]?\d|^nan|^[+-]?inf/i.test(node.text));

/** The arrays of a text; brackets that index something or hold no number are none. @param {string} text @param {string} opening @returns {Found[]} */
function arraysIn(text, opening) {
  /** @type {Found[]} */
  const found = [];
  for (let at = 0; at < text.length && found.length <= MANY * MANY; at += 1) {
    const sign = text[at] ?? "";
    if (sign === "#") at = lineEnd(text, at);
    if (!opening.includes(sign) || /[\w)\]]/.test(text[at - 1] ?? "")) continue;
    const parser = new Parser(text, at);
    const node = parser.list(0);
    if (!startsWithNumber(node)) continue; // there may be one within
    const [, name = "", factor = "", calls = ""] = BEFORE.exec(text.slice(Math.max(0, at - 200), at)) ?? [];
    const makers = calls.split("(").slice(0, -1).map((call) => call.trim().split(".").at(-1) ?? "");
    const end = callsEnd(text, parser.at, makers.length);
    const rest = text.slice(end, lineEnd(text, end)).replace(/(#|%|\/\/).*$/, "");
    const stranger = makers.find((maker) => !MAKERS.test(maker));
    if (stranger !== undefined) throw new Error(say("paste.not_computed", { call: quoted(`${stranger}(…)`) }));
    found.push({ node, name, declared: Boolean(name), called: makers.length > 0, scale: factor && `*${factor}`, rest });
    at = end - 1;
  }
  return found;
}

/** Arrays after each other, with nothing around them, as one: its rows, or its grids. @param {string} text @returns {Found[] | null} */
function sequenceIn(text) {
  try {
    const parser = new Parser(`[${text}]`, 0);
    const node = parser.list(0);
    const whole = parser.at === text.length + 2 && node.items.length > 1 && node.items.every((item) => "items" in item);
    return whole ? [{ node, name: "", declared: false, called: false, scale: "", rest: "" }] : null;
  } catch {
    return null; // it is read array by array, and what is wrong is said then
  }
}

/** @param {Node} node @returns {Leaf[]} */
const leafOf = (node) => ("items" in node ? [] : [node]);

/** @param {Node} node @returns {List[]} */
const listOf = (node) => ("items" in node ? [node] : []);

/** The rows of a list of numbers: more than one where semicolons or lines end them. @param {List} list @param {number[]} ends */
function rowsOf({ items }, ends) {
  const cuts = [0, ...ends, items.length];
  const rows = cuts.slice(1).map((end, index) => items.slice(cuts[index], end).flatMap(leafOf));
  return rows.filter((row) => row.length);
}

/** @param {Leaf[][]} rows */
const areEven = (rows) => rows.every((row) => row.length === rows[0]?.length);

/** Every way to take an array apart into grids; of an uneven one the only way. @param {List} list @param {boolean} called whether lines mean nothing, as in a call of Python @returns {{ planes: Leaf[][][], note: string }[]} */
function gridsOf(list, called) {
  const nested = list.items.filter((item) => "items" in item);
  if (nested.length && nested.length < list.items.length) throw new Error(say("paste.side_by_side"));
  if (nested.length) return [{ planes: planesWritten(nested), note: "" }];
  if (list.ends.length) return [{ planes: [rowsOf(list, [...list.ends, ...list.breaks].sort((one, other) => one - other))], note: "" }];
  const [lines, whole] = [rowsOf(list, list.breaks), [list.items.flatMap(leafOf)]];
  if (lines.length < 2 || called || !areEven(lines)) return [{ planes: [whole], note: "" }];
  return [
    { planes: [lines], note: say("paste.each_line_row") },
    { planes: [whole], note: say("paste.one_row") },
  ];
}

/** How many brackets a number stands in. @param {Node | undefined} node @returns {number} */
const depth = (node) => (node && "items" in node ? 1 + depth(node.items[0]) : 0);

/** @param {List[]} lists @returns {Leaf[][][]} */
function planesWritten(lists) {
  if (lists.some((list) => list.items.some((item) => depth(item) !== depth(lists[0]) - 1))) throw new Error(say("paste.not_equally_deep"));
  if (depth(lists[0]) === 1) return [lists.map(({ items }) => items.flatMap(leafOf))];
  return lists.flatMap((list) => planesWritten(list.items.flatMap(listOf)));
}

/** A number of an array, times or divided by what stands beside the brackets. @param {string} text @param {string} scale */
function scaled(text, scale) {
  const value = numberWritten(text, PROGRAM);
  const factor = scale ? numberWritten(scale.slice(1), PROGRAM) : 1;
  if (value === null || factor === null || !scale) return value;
  return scale.startsWith("*") ? value * factor : value / factor;
}

/** @param {Leaf[][][]} planes @param {string} scale @returns {{ planes: number[][][], faults: string[] }} */
function numbersOf(planes, scale) {
  /** @type {string[]} */
  const faults = [];
  const at = (/** @type {number} */ plane, /** @type {number} */ row) => 
    planes.length > 1 ? say("paste.grid_row", { grid: plane + 1, row: row + 1 }) : say("paste.row", { row: row + 1 });
  const width = planes[0]?.[0]?.length ?? 0;
  const height = planes[0]?.length ?? 0;
  const values = planes.map((rows, plane) => {
    if (rows.length !== height) faults.push(say("paste.rows_where", { grid: plane + 1, rows: rows.length, height }));
    return rows.map((cells, row) => {
      if (cells.length !== width) faults.push(say("paste.columns_where", { where: at(plane, row), columns: cells.length, first: 1, width }));
      return cells.map(({ text }, col) => {
        const value = scaled(text, scale);
        const short = text === "..." || text === "…";
        const unread = short ? say("paste.shortened") : say("paste.not_number", { text: quoted(text) });
        const fault = value === null ? unread : outOfRange(text, value);
        if (fault) faults.push(say("paste.in_column", { where: at(plane, row), column: col + 1, fault }));
        return value ?? 0;
      });
    });
  });
  return { planes: values, faults };
}

/** @param {Found} found @param {boolean} named whether it is one of several @returns {{ readings: Reading[], faults: string[] }} */
function read({ node, name, called, scale, rest }, named) {
  const [times = "", sign = "", by = ""] = SCALED.exec(rest) ?? [];
  const left = rest.slice(times.length).trim().replace(KEPT, "");
  if (!/^[\s,;)\]}]*$/.test(left)) throw new Error(say("paste.stands_after", { left: quoted(left) }));
  const tried = gridsOf(node, called).map(({ planes, note }) => {
    const numbers = numbersOf(planes, by ? sign + by : scale);
    const notes = [...(named && name ? [say("paste.array_name", { name })] : []), ...(note ? [note] : []), ...(by || scale ? [say("paste.times", { factor: by ? (sign === "/" ? `1/${by}` : by) : scale.slice(1) })] : [])];
    return { reading: { planes: numbers.planes, notes, name, dropped: false }, faults: numbers.faults };
  });
  const good = tried.filter(({ faults }) => !faults.length).map(({ reading }) => reading);
  return good.length ? { readings: good, faults: [] } : { readings: [], faults: tried[0]?.faults ?? [] };
}

/** The arrays in brackets that a text has, or null where it has none. @param {string} text in plain signs @returns {Outcome | null} */
export function readBrackets(text) {
  const tuple = /^\s*\((?:\s*\(|[^()]*,).*\)\s*$/s.test(text) && !/[[{]/.test(text);
  try {
    const all = (/^\s*[[{]/.test(text) && sequenceIn(text)) || arraysIn(text.replace(PROMPT, ""), tuple ? "(" : "[{");
    const declared = all.filter((one) => one.declared);
    const found = declared.length ? declared : all; // what else stands in a program says how, not what
    if (!found.length) return null;
    if (found.length > MANY) return { readings: [], faults: [say("paste.too_many_arrays", { most: MANY })] };
    const read_ = found.map((one) => read(one, found.length > 1));
    const faults = read_.flatMap((one) => one.faults);
    return { readings: faults.length ? [] : read_.flatMap(({ readings }) => readings), faults };
  } catch (error) {
    return { readings: [], faults: [say("paste.unreadable", { message: messageOf(error) })] };
  }
}
