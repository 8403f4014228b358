// The arithmetic of a step, laid out as its window is, so that the eye finds each product where its pixel is.

/** @import { Block, Card, Part, Term } from "../types" */

import { factor, factorAfter, inBrackets, number, related, withCounts } from "../format.js";
import { nameOf } from "../motion.js";
import { say } from "../words.js";
import { UNSAID, rowWord, blockStrength } from "./chips.js";
import { comparedTable, el, patch } from "./dom.js";
import { paint } from "./scale.js";

/** A card less wide than this is narrow. */
export const NARROW_CARD = 720;
const SUMMED = 2; // up to this many dense blocks have the sums of their rows beside them
const FACTORED = 36; // up to this many terms of a block, each stands under its factors where these have names
const LOW = 3; // up to this many rows each stands so in a dense card as well
const ROOMY = { narrow: 64, wide: 104 }; // characters of factors that such a row has room for
const SUMMABLE = 80; // characters of the factors of all blocks beside which the sums of rows have room
const WIDE = 3; // up to this many terms a row, each is written out: 4 × 1 = 4

const SAYS_NOTHING = ","; // between chips that stand apart

/** @param {string} text */
const op = (text) => el("td", { class: "op spelled" }, text);

/** @param {Term} term @param {number} max @param {string} text */
function termValue(term, max, text = number(term.value)) {
  const node = el("span", { class: "chip-value" }, term.asks ? UNSAID : text);
  if (term.value !== null && !term.padding) {
    const { fill, ink } = paint(term.value, max);
    node.style.background = fill;
    node.style.color = ink;
  }
  if (term.cause) {
    node.dataset["mark"] = term.cause.mark;
    node.title = term.cause.text;
  }
  node.classList.toggle("padding", term.padding);
  node.classList.toggle("chosen", term.chosen);
  return node;
}

/** @param {Term} term @param {number} max @param {boolean} first whether no operator stands before it @returns {HTMLElement[]} */
function spelled(term, max, first) {
  if (term.right === null) return [el("td", {}, termValue(term, max))];
  const right = related(`= ${number(term.value)}`);
  return [
    el("td", { class: "spelled first" }, first ? factor(term.left) : factorAfter(term.left)),
    op("×"),
    el("td", { class: "spelled right" }, factorAfter(term.right)),
    op(right.slice(0, 1)),
    el("td", { class: "spelled last" }, termValue(term, max, right.slice(2))),
  ];
}

/** @param {Term} term @param {number} max @returns {HTMLElement[]} */
function compact(term, max) {
  const node = termValue(term, max);
  if (term.right !== null) node.prepend(el("small", {}, pair(term)));
  return [el("td", {}, node)];
}

/** A factor in as few digits as hold in the product: beside 1, −1 and 0 those that this has itself. @param {number | null} value @param {number | null} other */
const beside = (value, other) => (other === 0 || Math.abs(other ?? Number.NaN) === 1 ? number(value) : factor(value));

/** A product under its factors, each in its own ink. @param {Term} term @param {number} max @returns {HTMLElement[]} */
function factored(term, max) {
  const [local, above] = [el("span", {}, beside(term.left, term.right)), el("span", { class: "right" }, inBrackets(beside(term.right, term.left)))];
  return [el("td", {}, el("small", {}, local, " × ", above), termValue(term, max))];
}

/** What a product is made of. @param {Term} term */
const pair = ({ left, right }) => `${factor(left)} × ${factorAfter(right)}`;

/** The characters of the factors of a block's longest row. @param {Block} block */
const longestRow = ({ rows }) => Math.max(...rows.map(({ terms }) => terms.reduce((sum, term) => sum + pair(term).length + 1, 0)));

/** On how many lines each row of a dense card's only block has room with the factors over its products; on none where it has no room. @param {Card} card @param {boolean} narrow */
function linesOf({ blocks: [block, ...others], compact: slim }, narrow) {
  if (!block || others.length || slim || !block.rows.every(({ terms }) => terms.every(({ right }) => right !== null))) return 0;
  const lines = Math.ceil(longestRow(block) / ROOMY[narrow ? "narrow" : "wide"]);
  return lines * block.rows.length <= LOW ? lines : 0;
}

/** Parts of a list, all but the last of them as long as each other. @template T @param {T[]} list @param {number} count @returns {T[][]} */
function inParts(list, count) {
  const length = Math.ceil(list.length / count);
  return Array.from({ length: count }, (_, part) => list.slice(part * length, (part + 1) * length));
}

/** Whether blocks beside each other have room for the sums of their rows, at every step of theirs. @param {Card} card @param {boolean} narrow */
const hasRoomForSums = ({ blocks, fullest }, narrow) =>
  !narrow && (fullest?.blocks ?? blocks).reduce((sum, block) => sum + longestRow(block), 0) <= SUMMABLE;

/** The product alone; what it is made of stands in the grids, and is told to whoever points at it. @param {Term} term @param {number} max @returns {HTMLElement[]} */
function bare(term, max) {
  const node = termValue(term, max);
  if (term.right !== null) node.title = term.cause ? `${pair(term)}: ${term.cause.text}` : pair(term);
  return [el("td", {}, node)];
}

/** @param {number | null} sum @param {string} word what it is called, where there is room to say so @param {string} part */
function rowSum(sum, word, part) {
  if (sum === null) return null;
  return el("th", { scope: "row", class: "row-sum", "data-part": part }, word && `${word}  `, el("b", {}, number(sum)));
}

/** @typedef {{ narrow: boolean, dense: boolean, plain: boolean, wall: boolean }} Room whether a row has no room to be written out, whether the card has little height, whether it has none for factors, which stand in the grids, and whether it hangs on a wall, where factors are read in the grids: beside their products they are too small for the last row */

/** The elements of a term. @param {HTMLElement[]} nodes @param {string} part */
function marked(nodes, part) {
  for (const node of nodes) node.dataset["part"] = part;
  return nodes;
}

/** How a table is drawn whose terms are written so. @type {Map<(term: Term, max: number, first: boolean) => HTMLElement[], string>} */
const CLASSES = new Map([
  [bare, "bare"],
  [compact, "compact"],
  [factored, "factored"],
]);

/** Whether several blocks of products under their factors have not much room. @param {Card} card @param {boolean} dense */
const isClose = (card, dense) => dense && card.factors !== undefined && card.blocks.length > 1;

/** @param {Block} block */
const columnsOf = ({ rows }) => rows[0]?.terms.length ?? 0;

/** Whether a row of products is written out where there is room. @param {Block} block @param {Card} card @param {boolean} narrow */
const isShort = (block, card, narrow) => !card.table && !card.compact && columnsOf(block) <= (narrow ? 2 : WIDE);

/** @param {Block} block @param {number} index @param {Card} card @param {Room & { snug: boolean }} room `snug`: rows that are short have no room to be written out all the same */
function table(block, index, card, { narrow, dense, plain, wall, snug }) {
  const max = blockStrength(block, card);
  const columns = columnsOf(block);
  const short = isShort(block, card, narrow) && !snug;
  const alone = card.blocks.length === 1 && block.rows.length === 1 && columns === 1; // has the room that it takes
  const fitted = dense ? linesOf(card, narrow) : 0;
  const named = (card.factors || fitted > 0) && !plain && !wall && block.rows.length * columns <= FACTORED;
  const close = isClose(card, dense);
  const written = named && !alone && (dense || !short) ? factored : dense && !alone ? bare : short ? spelled : compact;
  const sums = !dense || (card.blocks.length <= SUMMED && (!close || hasRoomForSums(card, narrow)));
  const wordOf = (/** @type {number} */ row) => (!close && (block.running || !(card.compact || dense || snug)) ? rowWord(block, row) : "");
  const joiner = block.joiner ?? card.joiner;
  const isJoined = written === spelled && joiner !== SAYS_NOTHING;
  const rows = block.rows.flatMap((row, i) => {
    const cells = row.terms.map((term, j) => [
      ...(j && isJoined ? [el("td", { class: "joiner" }, joiner)] : []),
      ...marked(written(term, max, j === 0), nameOf({ kind: "term", block: index, row: i, col: j })),
    ]);
    const lines = inParts(cells, written === factored ? Math.max(1, fitted) : 1).map((line) => el("tr", {}, ...line.flat()));
    const sum = sums && rowSum(row.sum, wordOf(i), nameOf({ kind: "row", block: index, row: i }));
    if (sum) lines.at(-1)?.append(sum);
    return lines;
  });
  const titled = (/** @type {(Node | string)[]} */ ...parts) => el("div", { class: "block-title" }, ...parts);
  /** @type {(Node | string)[]} */
  const title = block.title ? [block.title] : [];
  if (card.factors && !(wall && written === bare)) title.push(key(card.factors, title.length > 0)); // of bare products on a wall the result says it
  const label = dense && !sums ? "" : (block.sumLabel ?? say("stage.sum_channel"));
  const sum = block.sum === null ? [] : [`${label}: `, el("b", { "data-part": nameOf({ kind: "block", block: index }) }, number(block.sum))];
  const kind = `terms ${CLASSES.get(written) ?? ""}`.trim();
  const products = el("table", { class: kind }, el("tbody", {}, ...rows));
  if (dense) return el("div", {}, titled(...title, title.length && label && sum.length ? ", " : "", ...sum), products);
  return el("div", {}, title.length ? titled(...title) : null, products, sum.length ? titled(...sum) : null);
}

/** What the factors are called, each in its own ink. @param {string[]} names @param {boolean} follows whether a title stands before it */
function key([left = "", right = ""], follows) {
  return el("span", { class: "factors" }, follows ? " · " : "", el("span", {}, left), " × ", el("span", { class: "right" }, right));
}

/** What the marks mean. @param {NonNullable<Card["causes"]>} causes */
const legend = (causes) => el("ul", { class: "causes" }, ...causes.map(({ mark, text }) => el("li", {}, el("b", { "aria-hidden": "true" }, mark), ` ${text}`)));

/** Several results beside each other. @param {NonNullable<Card["table"]>} table */
function compared({ head, rows, answers }) {
  const cells = (/** @type {string[]} */ [first = "", ...rest]) => [
    el("th", { scope: "row" }, first),
    ...rest.map((text) => el("td", {}, text)),
  ];
  return comparedTable(head, rows.map((row) => el("tr", {}, ...cells(row))), { "data-part": answers && "table" });
}

/**
 * @param {HTMLElement} host @param {Card} card
 * @param {Partial<Room> & { high?: boolean }} [room] whoever draws often knows already how wide it is; `high`: it may take as much height as it likes
 */
export function drawCard(host, card, { narrow = host.clientWidth < NARROW_CARD, dense: isDense = false, plain = false, wall = false, high = false } = {}) {
  const snug = isDense && high && card.blocks.every((block) => isShort(block, card, narrow));
  const dense = isDense && !snug;
  const close = isClose(card, dense);
  const aside = (close || (dense && wall)) && !narrow; // what marks mean stands beside the products
  for (const [name, on] of Object.entries({ dense, close, narrow })) host.classList.toggle(name, on);
  const marks = card.causes?.length && !card.asks ? legend(card.causes) : null;
  const text = card.asks ? UNSAID : number(card.result);
  const tone = (card.result ?? 0) < 0 ? "negative" : (card.result ?? 0) > 0 ? "positive" : "";
  const result = el("output", { "data-part": "result", class: `result-value ${tone}${text.length > 6 ? " long" : ""}` }, text);
  const spare = card.blocks.length === 0; // nothing is multiplied or added: the lines have the room
  const lines = card.lines.map(({ label, value }, index) =>
    el("div", { class: "result-note", "data-part": nameOf({ kind: "line", line: index }) }, `${label} `, el("b", {}, value)),
  );
  patch(host, [
    el(
      "div",
      { class: `blocks${card.table || card.compact ? " beside" : ""}` },
      ...(spare ? lines : card.blocks.map((block, index) => table(block, index, card, { narrow, dense, plain, wall, snug }))),
      aside ? null : marks,
    ),
    card.table
      ? compared(card.table)
      : el(
          "div",
          { class: `result${card.compact ? " slim" : ""}` },
          ...(spare ? [] : lines),
          el("div", { class: "result-note", "data-part": "result" }, card.resultNote),
          result,
          el("div", { class: "result-note" }, withCounts(card.where)),
          aside ? marks : null,
        ),
  ]);
}

/** The elements of a card that is drawn which show a part of its frame. @param {HTMLElement} host @param {Part} part @returns {Element[]} */
export function partsOf(host, part) {
  const found = part.kind === "terms" ? `^="term ${part.block} ${part.row} "` : `="${nameOf(part)}"`;
  return [...host.querySelectorAll(`[data-part${found}]`)];
}
