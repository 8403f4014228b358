// How the panels of a frame are put on lines, and how large their cells are: the fewest lines on which they can be
// read well. On a wide screen a whole step stays on the screen, if need be in smaller cells and with a denser card; on a
// phone it does where the cells stay readable.

/** @import { Frame, Panel } from "../types" */
/** @import { Spaces } from "./extent.js" */

import { cardHeight } from "./card.js";
import { columnsOf, isSlim, isSmall, isWrapped, usualHeight } from "./extent.js";
import { SMALL } from "./grid.js";
import { squeeze } from "./squeeze.js";

const LARGEST_CELL = 84;
const SMALLEST_CELL = 7;
const COMFORTABLE = 34; // cells larger than this are no reason for another line
const GAP = 2;
const OPERATOR = { wide: 56, narrow: 32, squeezed: 40 }; // an operator with the space around it
const NO_OPERATOR = { wide: 32, narrow: 20, squeezed: 24 }; // as in stage.css
const BETWEEN = 14; // grids of one panel
const HEAD = 28; // the title over a grid
const AROUND = { wide: 386, narrow: 330 }; // what stands above and below the grids and, on a wide screen, the arithmetic
const SLIM_CELL = 44;
const LETTER = 8.2; // the width of one in a title, with room for wider faces
const CAPTION = 24;
const SAYS_MORE = 14; // the sentence of two settings has a line more
const SAYS_MOST = 21; // and that of what one change does one more at its last step
const LOWEST = 200;
const FIGURE = { wide: 206, narrow: 120, squeezed: 150 }; // the height of a figure with the space above it
const READABLE = 30; // of a small grid beside large ones
const TINY = 14; // cells smaller than this are better below each other
const WRAPPED = 44; // the cells of a vector, from here down to the smallest
const WRAPPED_SMALLEST = 12; // on a phone, which scrolls
const WRAPPED_HEIGHT = 300;
const WRAPPED_ROWS = 3; // what a vector counts as beside grids, or more where it is long:
const WRAPPED_IN_A_ROW = 72;
const TIGHTEST = 5; // cells that only show where something is, so that a step stays on a wide screen
const LINE_GAP = 24;
const BETTER = 24; // pixels, over all panels, that another line must be worth
const TAKEN = 330; // what stands above and below the panels on a wide screen, and the arithmetic comes to it
const TWICE = 2; // how many times as large cells are worth a denser card
const LOW_SCREEN = 860; // a window lower than this scrolls: nothing is squeezed further
const LONGER = [1, 1.35, Number.POSITIVE_INFINITY]; // screens that a phone may take, the last to be read at all

/**
 * @typedef {object} Room
 * @property {number} width of the stage's inside
 * @property {number} height of the window
 * @property {boolean} narrow whether the page is one column and scrolls
 */
/**
 * @typedef {object} Layout
 * @property {Panel[][]} lines
 * @property {Map<string, number>} sizes of the cells of each panel
 * @property {Map<string, number>} [across] how many grids of each panel stand beside each other, where it is not as many as have room
 * @property {boolean} [dense] whether the arithmetic is drawn densely
 * @property {number} height
 * @property {number} score
 */

/** The rows of a line of panels; a vector counts as several. @param {Panel[]} line */
const rowsOf = (line) =>
  Math.max(...line.flatMap((panel) => panel.grids.map((grid) => (grid.wrap ? wrappedRows(grid.cols) : grid.rows))));

/** @param {number} count */
const wrappedRows = (count) => Math.max(WRAPPED_ROWS, Math.ceil(count / WRAPPED_IN_A_ROW));

/** The height of the words above grids. @param {Panel[]} panels */
const captions = (panels) => (panels.some((panel) => panel.grids.some((grid) => grid.caption)) ? 2 * CAPTION : 0);

/** Whether the panels are of two settings, each with a line of its own. @param {Panel[]} panels */
const areTwo = ([, ...rest]) => rest.some(({ sign }) => !sign);

/** What a size of cell is worth: numbers that cannot be read cost a line's height. @param {number} size */
const worth = (size) => Math.min(size, COMFORTABLE) - (size < SMALL ? COMFORTABLE : 0);

/** How wide a panel is; a slim one is as wide as its title or its note, and a vector wraps. @param {Panel} panel @param {number} size */
function widthOf(panel, size) {
  if (isWrapped(panel)) return 0;
  const grids = columnsOf(panel) * (size + GAP) - GAP + (panel.grids.length - 1) * BETWEEN;
  return isSlim(panel) ? Math.max(grids, LETTER * Math.max(panel.title.length, panel.note.length)) : grids;
}

/** The largest cell with which these panels fit beside each other. @param {Panel[]} line @param {number} width @param {number} height */
function largestCell(line, width, height) {
  const most = line.every((panel) => panel.grids.every((grid) => grid.cols === 1)) ? SLIM_CELL : LARGEST_CELL;
  let size = Math.floor(Math.max(SMALLEST_CELL, Math.min(most, height / rowsOf(line) - GAP)));
  while (size > SMALLEST_CELL && line.reduce((sum, panel) => sum + widthOf(panel, size), 0) > width) size -= 1;
  return size;
}

/** The largest cell with which a wrapped vector stays within the height. @param {Panel} panel @param {number} width @param {number} height @param {number} smallest */
function wrappedCell(panel, width, height, smallest) {
  const count = columnsOf(panel);
  const within = Math.min(height, WRAPPED_HEIGHT);
  let cell = WRAPPED;
  while (cell > smallest && Math.ceil(count / Math.floor(width / (cell + GAP))) * (cell + GAP) > within)
    cell -= 1;
  return cell;
}

/** The largest cell with which the grids of a panel fit two by two. @param {Panel[]} line @param {number} width */
function inPairs(line, width) {
  const widest = Math.max(...line.flatMap(({ grids }) => grids.map(({ cols }) => cols)));
  return Math.floor(Math.max(SMALLEST_CELL, Math.min(READABLE, (width - BETWEEN) / 2 / widest - GAP)));
}

/** The cell with which the many grids of a line stay within a wide screen: in one line, or two by two. @param {Panel[]} line @param {number} width @param {number} height @param {number} all the cell of one line, where it fits */
function tight(line, width, height, all) {
  const grids = line.flatMap((panel) => panel.grids);
  const cols = grids.reduce((sum, grid) => sum + grid.cols, 0);
  const alone = Math.min(all, Math.floor((width - (grids.length - 1) * BETWEEN) / cols - GAP));
  const paired = Math.floor(height / (Math.ceil(grids.length / 2) * rowsOf(line)) - GAP);
  const best = Math.max(alone, Math.min(inPairs(line, width), paired));
  return best < TIGHTEST ? inPairs(line, width) : best;
}

/** The sizes of the cells of one line; beside large grids a small one keeps cells that can be read. @param {Panel[]} line @param {number} width without the spaces @param {number} height @param {boolean} narrow */
function sizesOf(line, width, height, narrow) {
  if (line.some(isWrapped))
    return line.map((panel) => wrappedCell(panel, width, height, narrow ? WRAPPED_SMALLEST : TIGHTEST));
  const all = largestCell(line, width, height);
  if (all < TINY && line.length === 1 && (line[0]?.grids.length ?? 0) > 1)
    return [narrow ? inPairs(line, width) : tight(line, width, height, all)];
  const small = line.filter(isSmall);
  if (all >= READABLE || !small.length || small.length === line.length) return line.map(() => all);
  const taken = small.reduce((sum, panel) => sum + widthOf(panel, READABLE), 0);
  const large = line.filter((panel) => !isSmall(panel));
  const rest = largestCell(large, width - taken, height);
  return line.map((panel) => (isSmall(panel) ? READABLE : rest));
}

/** @param {Panel[][]} lines @param {number} width @param {number} height @param {Spaces} spaces @param {boolean} narrow @returns {Layout} */
function measured(lines, width, height, spaces, narrow) {
  const room = height - (lines.length - 1) * (HEAD + LINE_GAP);
  const rows = lines.map(rowsOf);
  const all = rows.reduce((sum, count) => sum + count, 0);
  const found = lines.map((line, index) => sizesOf(line, width - spaces(line), (room * (rows[index] ?? 0)) / all, narrow));
  const lead = Math.max(READABLE, found[0]?.[0] ?? 0); // lines below the first do not outdo it
  const fits = lines.every(
    (line, index) =>
      line.reduce((sum, panel, place) => sum + widthOf(panel, found[index]?.[place] ?? 0), spaces(line)) <= width,
  );
  const sizes = new Map(
    lines.flatMap((line, index) =>
      line.map((panel, place) => [panel.id, Math.min(lead, /** @type {number} */ (found[index]?.[place]))]),
    ),
  );
  const score = fits ? [...sizes.values()].reduce((sum, size) => sum + worth(size), 0) : Number.NEGATIVE_INFINITY;
  return { lines, sizes, height, score };
}

/** Every way to put panels on lines in their order, the fewest lines first. @param {Panel[]} panels @returns {Panel[][][]} */
function splits([first, ...rest]) {
  if (!first) return [[]];
  const ways = splits(rest).flatMap((lines) => {
    const [next = [], ...others] = lines;
    return lines.length ? [[[first, ...next], ...others], [[first], ...lines]] : [[[first]]];
  });
  return ways.sort((one, other) => one.length - other.length);
}

/** The ways that come into question. @param {Frame} frame @param {boolean} narrow @returns {Panel[][][]} */
function waysOf({ panels, lines }, narrow) {
  const named = (/** @type {string[][]} */ ids) =>
    ids.map((line) => line.flatMap((id) => panels.filter((panel) => panel.id === id)));
  const chosen = narrow ? lines?.narrow : lines?.wide;
  if (chosen) return narrow ? [named(chosen)] : [named(chosen), [panels]];
  const [first, ...rest] = panels;
  if (!first || rest.some(isWrapped)) return [panels.map((panel) => [panel])];
  return narrow ? splits(panels) : [[panels], [[first], rest]];
}

/**
 * @param {Frame} frame @param {Room} room
 * @param {(dense: boolean) => number} heightOfCard how high the arithmetic is on a wide screen
 * @returns {Layout}
 */
export function layOut(frame, room, heightOfCard) {
  const between = (/** @type {keyof typeof OPERATOR} */ kind) => (/** @type {Panel[]} */ line) =>
    line
      .slice(1)
      .reduce((sum, panel) => sum + (operatorOf(frame, panel, line) ? OPERATOR : NO_OPERATOR)[kind], 0);
  const spaces = between(room.narrow ? "narrow" : "wide");
  const usual = usually(frame, room, spaces);
  if (room.narrow || frame.panels.some(isWrapped)) return usual;
  const two = areTwo(frame.panels);
  const free = Math.max(LOW_SCREEN, room.height) - TAKEN - (two ? SAYS_MORE : 0);
  const without = (/** @type {"wide" | "squeezed"} */ kind) => free - (frame.figure ? FIGURE[kind] : 0);
  const card = heightOfCard(false);
  if (usualHeight(usual.lines, usual.sizes, room.width, spaces) <= without("wide") - card) return usual;
  const left = without("squeezed") - (frame.panels.some(({ sign }) => sign === "│") ? SAYS_MOST : 0);
  const ways = [...waysOf(frame, false), ...(two ? [] : splits(frame.panels))];
  return squeezed(ways, room.width, [left - card, left - heightOfCard(true)], between("squeezed"));
}

/** With the arithmetic as it is, or denser where that is worth it. @param {Panel[][][]} ways @param {number} width @param {[number, number]} heights with either @param {Spaces} spaces @returns {Layout} */
function squeezed(ways, width, [roomy, spare], spaces) {
  const first = squeeze(ways, width, roomy, spaces);
  const second = squeeze(ways, width, spare, spaces);
  const dense = first.used > roomy || second.read > first.read || second.least >= TWICE * first.least;
  const { lines, fitting, least } = dense ? second : first;
  const of = (/** @type {"size" | "across"} */ part) => new Map([...fitting].map(([id, found]) => [id, found[part]]));
  const height = (dense ? spare : roomy) - HEAD;
  return { lines, sizes: of("size"), across: of("across"), dense, height, score: least };
}

/** @param {Frame} frame @param {Room} room @param {Spaces} spaces @returns {Layout} */
function usually(frame, room, spaces) {
  const { panels, card, figure } = frame;
  const kind = room.narrow ? "narrow" : "wide";
  const words = (figure ? FIGURE[kind] : 0) + captions(panels) + (areTwo(panels) ? SAYS_MORE : 0);
  const free = Math.max(LOWEST, room.height - AROUND[kind] - (room.narrow ? 0 : cardHeight(card))) - words;
  const ways = waysOf(frame, room.narrow);
  const best = (/** @type {number} */ height) =>
    ways
      .map((way) => measured(way, room.width, height, spaces, room.narrow))
      .reduce((one, other) => (other.score > one.score + BETTER ? other : one));
  if (!room.narrow) return best(free);
  const longer = LONGER.map((share) => best(share * free));
  return longer.find(({ sizes }) => Math.min(...sizes.values()) >= SMALL) ?? /** @type {Layout} */ (longer.at(-1));
}

/** What stands before a panel on its line: nothing where the line is not in the order of the frame. @param {Frame} frame @param {Panel} panel @param {Panel[]} line */
export function operatorOf({ panels }, panel, line) {
  const place = panels.indexOf(panel);
  const before = line[line.indexOf(panel) - 1];
  return before && panels.indexOf(before) === place - 1 ? panel.sign : "";
}
