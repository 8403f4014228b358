// The arithmetic of a picture, laid out as its window is: products over what they are made of, sums beside their rows.

/** @import { Block, Card, Frame, Part, Term } from "../types" */
/** @import { Sheet } from "./sheet.js" */
/** @import { Shape } from "./shapes.js" */

import { chipOf, rowWord, UNSAID } from "../draw/chips.js";
import { factor, factorAfter, number } from "../format.js";
import { say } from "../words.js";
import { shape } from "./shapes.js";
import { widthOf } from "./sheet.js";
import { tableOf } from "./table.js";

const FACTORS = 11; // the type of what a product is made of
const DIGITS = 14;
const CHIP = 26; // the height of a number on its colour
const GAP = 8;
const LINE = 22;
const JOIN = 18; // the room of a + or a comma
const BETWEEN = 36; // two blocks

/** What a term is made of. @param {Term} term */
const made = ({ left, right }) => (right === null ? "" : `${factor(left)} × ${factorAfter(right)}`);

/** A number of a term, and the mark that says why it is 0. @param {Term | undefined} term @param {string} text */
const marked = (term, text) => (term?.cause ? `${text} ${term.cause.mark}` : text);

/** How wide each column of terms is. @param {Block} block */
const columnsOf = ({ rows }) =>
  (rows[0]?.terms ?? []).map((_, j) =>
    Math.max(34, ...rows.map(({ terms }) => (terms[j] ? Math.max(widthOf(made(terms[j]), FACTORS), widthOf(marked(terms[j], number(terms[j].value)), DIGITS)) + 10 : 0))),
  );

/** A text that is there as far as a part is. @param {Sheet} sheet @param {Part} part @param {string} label @param {string} value @param {number} x @param {number} y @param {boolean} [last] whether it is the number alone that comes */
function labelled(sheet, part, label, value, x, y, last = false) {
  const [opacity, wide] = [sheet.share(part), widthOf(label, 13) + 6];
  sheet.put(part, { x: x + wide, y: y - 14, width: widthOf(value, DIGITS), height: 18 });
  const fill = sheet.token("--ink-soft");
  return [sheet.text(label, x, y, { size: 13, fill, opacity: last ? 1 : opacity }), sheet.text(value, x + wide, y, { size: DIGITS, weight: 600, opacity })];
}

/** @param {Frame} frame @param {number} index @param {number} left @param {number} top @param {Sheet} sheet */
function block(frame, index, left, top, sheet) {
  const own = frame.card.blocks[index];
  const columns = columnsOf(own);
  const pair = own.rows.some(({ terms }) => terms.some(({ right }) => right !== null));
  const height = CHIP + (pair ? FACTORS + 4 : 0) + GAP;
  /** @type {Shape[]} */
  const shapes = [];
  let y = top;
  if (own.title) shapes.push(sheet.text(own.title, left, (y += LINE) - 8, { size: 13, fill: sheet.token("--ink-soft") }));
  let width = 0;
  own.rows.forEach(({ terms, sum }, i) => {
    let x = left;
    terms.forEach((term, j) => {
      /** @type {Part} */
      const part = { kind: "term", block: index, row: i, col: j };
      const box = { x, y: y + height - CHIP - GAP, width: columns[j] ?? 0, height: CHIP };
      sheet.put(part, box);
      const opacity = sheet.share(part);
      if (j) shapes.push(sheet.text(own.joiner ?? frame.card.joiner, x - JOIN / 2, box.y + 18, { anchor: "middle", fill: sheet.token("--ink-soft") }));
      if (term.right !== null) shapes.push(sheet.text(made(term), x + box.width / 2, box.y - 5, { size: FACTORS, anchor: "middle", opacity }));
      const chip = chipOf(frame, part);
      shapes.push(sheet.chip({ ...chip, text: marked(term, chip.text) }, box, DIGITS, opacity));
      if (term.chosen && sheet.share({ kind: "choice" }) > 0) shapes.push(shape("rect", { ...box, rx: 4, fill: "none", stroke: sheet.token("--accent"), "stroke-width": 3, opacity, class: "chosen" }));
      x += box.width + JOIN;
    });
    if (sum !== null) shapes.push(...labelled(sheet, { kind: "row", block: index, row: i }, rowWord(own, i), number(sum), x, y + height - GAP - 8));
    width = Math.max(width, x - left - JOIN + (sum === null ? 0 : JOIN + widthOf(`${rowWord(own, i)}  ${number(sum)}`, DIGITS)));
    y += height;
  });
  if (own.sum !== null) shapes.push(...labelled(sheet, { kind: "block", block: index }, `${own.sumLabel ?? say("stage.sum_channel")}:`, number(own.sum), left, (y += LINE) - 8, true));
  return { shapes, width, height: y - top };
}

/** The lines beside the products, and the result. @param {Card} card @param {number} left @param {number} top @param {Sheet} sheet */
function result(card, left, top, sheet) {
  if (card.table) {
    const { head, rows, answers } = card.table;
    return tableOf(head, rows, sheet, left, top, answers ? sheet.share({ kind: "table" }) : 1);
  }
  /** @type {Part} */
  const part = { kind: "result" };
  const lines = card.lines.flatMap(({ label, value }, line) => labelled(sheet, { kind: "line", line }, label, value, left, top + (line + 1) * LINE));
  const y = top + card.lines.length * LINE;
  const [soft, text, opacity] = [sheet.token("--ink-soft"), card.asks ? UNSAID : number(card.result), sheet.share(part)];
  const fill = sheet.token((card.result ?? 0) < 0 ? "--negative" : (card.result ?? 0) > 0 ? "--positive" : "--ink");
  const size = text.length > 8 ? 24 : 36;
  sheet.put(part, { x: left, y: y + LINE + 8, width: widthOf(text, size), height: 40 });
  const wide = [...card.lines.map(({ label, value }) => `${label}  ${value}`), card.resultNote, card.where].map((words) => widthOf(words, DIGITS));
  return {
    shapes: [
      ...lines,
      sheet.text(card.resultNote, left, y + LINE, { size: 13, fill: soft, opacity }),
      sheet.text(text, left, y + LINE + 40, { size, weight: 700, fill, opacity }),
      sheet.text(card.where, left, y + LINE + 62, { size: 13, fill: soft }),
    ],
    width: Math.max(...wide, widthOf(text, size)),
    height: y - top + LINE + 66,
  };
}

/** What the marks mean, a line each. @param {NonNullable<Card["causes"]>} causes @param {number} left @param {number} top @param {Sheet} sheet */
function legend(causes, left, top, sheet) {
  const texts = causes.map(({ mark, text }) => `${mark} ${text}`);
  const fill = sheet.token("--ink-soft");
  return {
    shapes: texts.map((text, line) => sheet.text(text, left, top + (line + 1) * LINE, { size: 13, fill })),
    width: Math.max(...texts.map((text) => widthOf(text, 13))),
    height: texts.length * LINE + GAP,
  };
}

/**
 * The arithmetic, from a corner on.
 * @param {Frame} frame @param {Sheet} sheet @param {number} left @param {number} top @param {number} room
 * @returns {{ shapes: Shape[], width: number, height: number }}
 */
export function drawnCard(frame, sheet, left, top, room) {
  let [x, y, width, bottom] = [left, top, 0, top];
  const put = (/** @type {(x: number, y: number) => { shapes: Shape[], width: number, height: number }} */ draw) => {
    let drawn = draw(x, y);
    if (x > left && x - left + drawn.width > room) {
      [x, y] = [left, bottom + GAP];
      drawn = draw(x, y);
    }
    width = Math.max(width, x - left + drawn.width);
    bottom = Math.max(bottom, y + drawn.height);
    x += drawn.width + BETWEEN;
    return drawn.shapes;
  };
  const blocks = frame.card.blocks.flatMap((_, index) => put((across, down) => block(frame, index, across, down, sheet)));
  const shapes = [...blocks, ...put((across, down) => result(frame.card, across, down, sheet))];
  const { causes = [], asks } = frame.card;
  if (causes.length && !asks) shapes.push(...put((across, down) => legend(causes, across, down, sheet)));
  return { shapes, width, height: bottom - top };
}
