// The one reader of numbers that a person pastes or types into a text: every way in which it can be read, as grids, each with
// the reason in words; or what is wrong, and where.

import { say } from "../words.js";
import { readBrackets } from "./brackets.js";
import { readLines } from "./lines.js";
import { LARGEST, plain } from "./numbers.js";

const LONGEST = 400_000; // characters: what no grid of ours fills
const MOST = 4; // faults that are said at once

/** @typedef {{ planes: number[][][], notes: string[], name?: string, dropped: boolean }} Reading grids of one size, why they are read so, and whether headings were left out */
/** @typedef {{ readings: Reading[], faults: string[] }} Outcome */
/** @typedef {{ planes: number[][][], how: string, name: string, dropped: boolean }} ReadGrid */

/** @param {Reading} reading @returns {ReadGrid} */
function named({ planes, notes, name = "", dropped }) {
  const size = `${planes[0]?.length ?? 0} × ${planes[0]?.[0]?.length ?? 0}`;
  return { planes, how: [planes.length > 1 ? say("paste.grids_of", { planes: planes.length, size }) : size, ...notes].join(", "), name, dropped };
}

/** @param {Reading} reading */
function tooLarge({ planes }) {
  const [height, width] = [planes[0]?.length ?? 0, planes[0]?.[0]?.length ?? 0];
  return [
    ...(height > LARGEST ? [say("paste.too_many_rows", { height, most: LARGEST })] : []),
    ...(width > LARGEST ? [say("paste.too_many_columns", { width, most: LARGEST })] : []),
  ];
}

/** The first of those that are alike: the same numbers read for another reason are no other reading. @param {Reading[]} readings */
function distinct(readings) {
  const seen = new Set();
  return readings.filter(({ planes, name }) => {
    const key = JSON.stringify([planes, name]);
    return !seen.has(key) && seen.add(key);
  });
}

/** @param {string[]} faults */
const shortened = (faults) => (faults.length > MOST ? [...faults.slice(0, MOST), say("paste.faults_more", { faults: faults.length - MOST })] : faults);

/** Faults as one text, without the stop at its end. @param {string[]} faults */
export const together = (faults) => faults.reduce((before, fault) => (before ? say("paste.then", { before, fault }) : fault), "");

/**
 * Every way to read a text as grids of numbers, the likeliest first; or what is wrong with it. Rows and columns are
 * counted from 1. More than one reading is a question for who pasted it.
 * @param {string} text @returns {{ readings: ReadGrid[], faults: string[] }}
 */
export function readNumbers(text) {
  if (!text.trim()) return { readings: [], faults: [say("paste.nothing")] };
  if (text.length > LONGEST)
    return { readings: [], faults: [say("paste.too_long", { most: LARGEST })] };
  const signs = plain(text.replace(/\r\n?|[\u2028\u2029\v\f]/g, "\n"));
  const { readings, faults } = (/[[{(]/.test(signs) && readBrackets(signs)) || readLines(signs);
  const fitting = distinct(readings.filter((reading) => !tooLarge(reading).length));
  if (fitting.length) return { readings: fitting.map(named), faults: [] };
  return { readings: [], faults: shortened([...faults, ...readings.slice(0, 1).flatMap(tooLarge)]) };
}
