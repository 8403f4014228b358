// How a frame is arranged in the room that there is. What has to be legible comes first (legible.js); where it does not
// fit, the arrangement changes and never the numbers: the arithmetic is drawn more densely, the figure stands beside the
// panels or, on a page that scrolls, below the arithmetic, products stand without the factors that grids show, of what two
// settings have one topic is shown at a time, or one setting, of several channels one, of several maps those that the step
// is about, and last of all the page scrolls. On a wall, where nobody scrolls, the grids' digits give way before that: those of the arithmetic are large.

/** @import { Frame, Panel } from "../types" */
/** @import { Fitting } from "./extent.js" */

import { columnsOf, isWrapped } from "./extent.js";
import { fit, WHOLE } from "./legible.js";

const OPERATOR = { wide: 44, narrow: 28 }; // an operator with the space around it, as in stage.css
const NO_OPERATOR = { wide: 24, narrow: 16 };
const FIGURE = { least: 128, alone: 190, most: 420, share: 0.36, narrowest: 280, widest: 680, above: 16, beside: 24, type: 13 };
const DOTS = { share: 0.24, narrowest: 200 };
const SWITCH = 38; // the height of the switch between parts of a frame
const DENSER = 1.5; // how many times as large cells are worth a denser card
const HALF = 0.6; // of its height: where panels take no more of a stage, less is enough for that
const BESIDE = 1.1; // and a figure beside the panels
const AMPLE = 44; // pixels of cells that are large enough for the figure to have the rest
const BELOW_SUM = 20; // pixels of the arithmetic of a phone that may lie below its screen, less the space above it: the sum is seen
const ENOUGH = 32; // pixels of cells on a phone, where larger ones would leave more of the stage below the screen
const LEAST_SEEN = 160; // pixels of a stage that scrolls by itself; where there are fewer, the page scrolls
const SMALLER = [0.85, 0.77, 0.7, 0.62, 0.55, 0.46]; // shares of the digits on a wall
const LONGEST = 2; // screens that a phone takes before a grid is seen in part
/** How many times the room's height may be taken: where nothing fits, the page scrolls, as on a phone it does anyway. */
const LONGER = { wide: [1, Number.POSITIVE_INFINITY], narrow: [1, 1.35, LONGEST, Number.POSITIVE_INFINITY] };

/**
 * @typedef {object} Room
 * @property {number} width of the stage's inside
 * @property {number} height what is left of the window for panels, figure and, on a wide screen, the arithmetic
 * @property {boolean} narrow whether the page is one column and scrolls
 * @property {number} [zoom] how many times as large as usual the smallest digits are
 * @property {number} [titles] the same of titles
 * @property {boolean} [scrolls] whether the stage is on a wall, where it has its height and scrolls inside
 * @property {number} [around] what stands on the stage beside all of these, in pixels of height
 */
/** @typedef {{ beside: boolean, below: boolean, width: number, height: number, type: number }} FigureRoom `below`: under the arithmetic, on a card of its own; `type`: pixels of its type */
/**
 * @typedef {object} Layout
 * @property {Panel[][]} lines
 * @property {Map<string, Fitting>} fittings how the grids of each panel are drawn
 * @property {boolean} dense whether the arithmetic is drawn densely
 * @property {boolean} plain whether its products stand without their factors
 * @property {Apart} apart of which parts one is shown at a time
 * @property {boolean} near whether of several maps those are shown that the step is about
 * @property {FigureRoom | null} figure
 * @property {number} height of the panels, which stand in its middle
 * @property {number | null} seen how much of them is seen at once on a wide screen where not all has room: the rest is scrolled to
 * @property {number} zoom how many times as large as usual the smallest digits of its grids are
 */
/** Of which parts of a frame one is shown at a time; of none: all is. @typedef {"sides" | "topics" | "channels" | null} Apart */
/** Which part is shown, where it is one at a time. @typedef {{ sides: number, topics: number, channels: number }} Chosen */
/** @typedef {{ dense: boolean, plain: boolean, apart: Apart, beside: boolean, below: boolean, longer: number, near: boolean, small: number, tight: boolean, summed?: boolean }} Arrangement `summed`: whether on a page that scrolls the sum in the arithmetic is on its first screen as well; `below`: whether the figure stands under the arithmetic; `near`: of several maps those that the step is about, and on a wall no figure where they say so; `small`: the digits of grids as a share of usual; `tight`: whether they stand close */

/** Every way to put panels on lines in their order, the fewest lines first. @param {Panel[]} panels @returns {Panel[][][]} */
function splits([first, ...rest]) {
  if (!first) return [[]];
  const ways = splits(rest).flatMap((lines) => {
    const [next = [], ...others] = lines;
    return lines.length ? [[[first, ...next], ...others], [[first], ...lines]] : [[[first]]];
  });
  return ways.sort((one, other) => one.length - other.length);
}

/** The ways that come into question, that which the frame names first. @param {Frame} frame @param {Panel[]} panels @param {boolean} narrow @returns {Panel[][][]} */
function waysOf({ lines }, panels, narrow) {
  const vectors = panels.filter(isWrapped);
  if (vectors.length) return [panels.map((panel) => [panel]), ...(vectors.every((panel) => columnsOf(panel) <= WHOLE) ? splits(panels) : [])];
  const chosen = narrow ? lines?.narrow : lines?.wide;
  const named = chosen?.map((ids) => ids.flatMap((id) => panels.filter((panel) => panel.id === id))).filter(({ length }) => length);
  return [...(named?.length ? [named] : []), ...splits(panels)];
}

/** Whether three panels are read cell by cell, such as ReLU's input, what comes from above and what of it passes: they belong beside each other. @param {Frame} frame @param {Panel[]} panels */
function areAlike({ sides, lines }, panels) {
  const sizes = panels.map(({ grids }) => grids.map(({ rows, cols }) => `${rows} ${cols}`).join());
  const small = panels.every(({ grids }) => grids.every(({ rows, cols }) => rows <= WHOLE && cols <= WHOLE));
  return !sides && !lines && panels.length === 3 && small && new Set(sizes).size === 1;
}

/** Which of the parts of a frame is shown: there may be fewer than before. @param {Frame} frame @param {Apart} apart @param {Chosen} chosen */
export function chosenOf(frame, apart, chosen) {
  const parts = (apart && frame[apart]) ?? [];
  return apart ? Math.min(chosen[apart], parts.length - 1) : -1;
}

/** The part of a frame that is shown alone, if one is. @param {Frame} frame @param {Apart} apart @param {Chosen} chosen */
export const shownPart = (frame, apart, chosen) => (apart && frame[apart]?.[chosenOf(frame, apart, chosen)]) || undefined;

/** The panels of a frame: all, or those of one of its parts. @param {Frame} frame @param {Apart} apart @param {Chosen} chosen @returns {Panel[]} */
function panelsOf(frame, apart, chosen) {
  const part = shownPart(frame, apart, chosen);
  if (!part) return frame.panels;
  const signOf = (/** @type {Panel} */ { id, sign, within }) => part.signs?.[id] ?? (apart === "sides" ? within : undefined) ?? sign;
  const only = (/** @type {Panel} */ panel) => {
    const { index = -1, title = "", note = "" } = part.grids?.[panel.id] ?? {};
    const { caption, ...grid } = panel.grids[index] ?? {};
    return "values" in grid ? { ...panel, title, note, grids: [grid] } : panel;
  };
  return part.panels.flatMap((id) => frame.panels.filter((panel) => panel.id === id).map((panel) => ({ ...only(panel), sign: signOf(panel) })));
}

/** A panel with those of its maps alone that the step is about, where there are such; one alone gives it its name. @param {Panel} panel @returns {Panel} */
export function nearestPart(panel) {
  const about = panel.grids.filter(({ region, marked }) => region || marked);
  const [only, ...others] = about;
  if (!only?.caption || others.length || panel.grids.length === 1) return only ? { ...panel, grids: about } : panel;
  const { caption, ...grid } = only;
  return { ...panel, title: caption, grids: [grid] };
}

/** The panels that an arrangement shows. @param {Frame} frame @param {Pick<Arrangement, "apart" | "near">} how @param {Chosen} chosen @returns {Panel[]} */
export function shownPanels(frame, { apart, near }, chosen) {
  const panels = panelsOf(frame, apart, chosen);
  return near ? panels.map(nearestPart) : panels;
}

/** Whether the figure is drawn: on a wall digits come first where only a part of the maps is shown for them. @param {Frame} frame @param {Room} room @param {Pick<Arrangement, "near">} how */
const hasFigure = ({ figure, narrows }, { zoom = 1 }, { near }) => Boolean(figure) && !(narrows && near && zoom > 1);

/** The arrangements from the best to the last, each worth trying only where those before do not fit. @param {Frame} frame @param {Room} room @returns {Arrangement[][]} */
function arrangements(frame, room) {
  const [{ sides, topics, channels, narrows }, { narrow, zoom = 1 }] = [frame, room];
  const both = [false, true];
  const isFigured = hasFigure(frame, room, { near: false });
  const as = (/** @type {Apart} */ apart, /** @type {number} */ longer, near = false, small = 1, tight = false, plain = false) =>
    (narrow ? [false] : plain || longer > 1 ? [true] : both).flatMap((dense) =>
      (hasFigure(frame, room, { near }) && !(narrow && longer > 1) ? both : [false]).map((beside) => ({ dense, plain, apart, beside, below: narrow && longer > 1, longer, near, small, tight })),
    );
  const below = (/** @type {Arrangement[]} */ kind) => kind.filter(({ beside }) => !beside).map((how) => ({ ...how, below: true }));
  const [once = 1, ...more] = LONGER[narrow ? "narrow" : "wide"];
  const isWall = zoom > 1; // digits larger than usual
  const near = narrows === "always" || isWall;
  const single = sides ? "sides" : null;
  const byTopic = topics ? [as("topics", once), ...(narrow ? [] : [as("topics", once, true)])] : [];
  const byChannel = narrow && channels ? [as("channels", once)] : [];
  const whole = narrow && isFigured ? [as(null, once), below(as(null, once))] : [as(null, once)];
  const summed = narrow ? [as(null, once).map((how) => ({ ...how, summed: true }))] : [];
  const first = [...summed, ...whole, ...byTopic, ...byChannel, ...(single ? [as(single, once)] : []), ...(near ? [as(single, once, true)] : [])];
  /** @type {Apart[]} */
  const ways = !isWall ? [] : topics ? ["topics", single] : [single];
  const smaller = SMALLER.flatMap((small) => ways.map((way) => as(way, once, true, small)));
  const close = narrows && !narrow && !isWall ? [as(single, once, false, 1, true)] : [];
  const plain = frame.card.factors && !narrow && !isWall ? both.map((tight) => as(single, once, false, 1, tight, true)) : [];
  const least = topics && !narrow && !isWall; // what scrolls is as little as it can be
  const one = narrow && channels ? "channels" : single;
  const longerOnes = (/** @type {number} */ longer) =>
    least ? [as("topics", longer, true)] : [as(one, longer), ...(topics && narrow ? [as("topics", longer)] : [])];
  return [...first, ...smaller, ...close, ...plain, ...more.flatMap(longerOnes)];
}

/** What the figure takes; dots and lines, which have no numbers, need little. @param {Frame} frame @param {Room} room @param {boolean} beside */
function widthOfFigure({ figure }, { width }, beside) {
  const { share, narrowest, widest } = figure?.kind === "network" ? { ...FIGURE, ...DOTS } : FIGURE;
  return beside ? Math.round(Math.max(narrowest, Math.min(widest, share * width))) : width;
}

/** @param {Frame} frame @param {Room} room @param {Arrangement} how @param {Chosen} chosen @param {number} card the height of the arithmetic */
function arranged(frame, room, how, chosen, card) {
  const panels = shownPanels(frame, how, chosen);
  const order = panels.map(({ id }) => id);
  const kind = room.narrow ? "narrow" : "wide";
  const spaces = (/** @type {Panel[]} */ line) =>
    line.slice(1).reduce((sum, panel) => sum + (operatorOf(order, panel, line) ? OPERATOR : NO_OPERATOR)[kind], 0);
  const height = Number.isFinite(card) ? how.longer * room.height - card - (how.apart ? SWITCH : 0) : 0;
  const under = hasFigure(frame, room, how) && !how.beside && !how.below ? FIGURE.least + FIGURE.above : 0;
  const taken = how.beside ? widthOfFigure(frame, room, true) + FIGURE.beside : 0;
  const ways = waysOf(frame, panels, room.narrow);
  const type = { zoom: how.small * (room.zoom ?? 1), titles: room.titles ?? 1, tight: how.tight, ...(room.narrow && how.longer > 1 ? { most: ENOUGH } : {}) };
  const found = fit(ways, room.width - taken, height - under, spaces, type, areAlike(frame, panels));
  return { how, found: how.beside && height < FIGURE.least ? { ...found, fits: false } : found, height };
}

/** @typedef {ReturnType<typeof arranged>} Arranged */

/** Whether another arrangement of the same kind is worth the change. @param {Arranged} one @param {Arranged} other @param {number} zoom */
function isWorth(one, other, zoom) {
  if (one.found.fits !== other.found.fits) return other.found.fits;
  if (!one.found.fits) return other.found.used < one.found.used;
  if (one.found.cap !== other.found.cap) return other.found.cap > one.found.cap;
  if (other.how.beside && !one.how.beside && other.found.size >= AMPLE * zoom) return true;
  const isDenser = other.how.dense !== one.how.dense && one.found.used > HALF * one.height;
  return other.found.size > one.found.size * (isDenser ? DENSER : BESIDE);
}

/** Whether a grid is seen in part although the page, which scrolls, can be longer. @param {Arranged} arranged */
const isCut = ({ how, found }) => Number.isFinite(found.cap) && how.longer < LONGEST;

/** How large the figure is drawn in what the panels leave; nothing where it has none before a projector. @param {Frame} frame @param {Room} room @param {Arranged} arranged @param {number} seen how much of the stage is seen at once @returns {FigureRoom | null} */
function figureOf(frame, room, { how, found, height }, seen) {
  const { beside, below, longer } = how;
  const type = FIGURE.type * (room.titles ?? 1);
  const isSliver = longer > 1 && (room.zoom ?? 1) > 1 && !beside && seen - found.used < FIGURE.least / 2;
  if (!hasFigure(frame, room, how) || isSliver) return null;
  if (below) return { beside, below, width: room.width, height: FIGURE.alone, type };
  const free = beside ? Math.max(height, found.used) : height - found.used - FIGURE.above;
  const tall = Number.isFinite(free) ? Math.floor(Math.max(FIGURE.least, Math.min(FIGURE.most, free))) : FIGURE.least;
  return { beside, below, width: widthOfFigure(frame, room, beside), height: tall, type };
}

/** @param {number} height of what is left for the panels */
const seenOf = (height) => (height >= LEAST_SEEN ? height : null);

/**
 * @param {Frame} frame @param {Room} room
 * @param {(dense: boolean, plain: boolean) => number} heightOfCard how high the arithmetic is on a wide screen; without end: too wide
 * @param {Chosen} [chosen]
 * @returns {Layout}
 */
export function layOut(frame, room, heightOfCard, chosen = { sides: 0, topics: 0, channels: 0 }) {
  const isTooWide = () => heightOfCard(false, false) === Number.POSITIVE_INFINITY;
  const card = (/** @type {boolean} */ dense, plain = false, summed = false) =>
    !room.narrow ? heightOfCard(dense, plain) : summed ? heightOfCard(isTooWide(), plain) - BELOW_SUM : 0;
  /** @type {Arranged | undefined} */
  let best = undefined;
  for (const kind of arrangements(frame, room)) {
    best = kind
      .map((how) => arranged(frame, room, how, chosen, card(how.dense, how.plain, how.summed)))
      .reduce((one, other) => (isWorth(one, other, room.zoom ?? 1) ? other : one));
    if (best.found.fits && !(room.narrow && isCut(best))) break;
  }
  if (!best) throw new Error("the page has no room for a frame");
  const { how, found, height } = best;
  const left = room.height - card(true, how.plain);
  const figure = figureOf(frame, room, best, left);
  const below = figure && !figure.beside && !figure.below ? figure.height + FIGURE.above : 0;
  return {
    lines: found.lines,
    fittings: found.fittings,
    dense: how.dense || isTooWide(),
    plain: how.plain,
    apart: how.apart,
    near: how.near,
    zoom: how.small * (room.zoom ?? 1),
    figure,
    height: how.longer > 1 ? found.used : Math.max(found.used, height - below),
    seen: how.longer > 1 && !room.narrow ? seenOf(left) : null,
  };
}

/** What stands before the first panel of a line: the sign that a line break has parted from the panel before it. @param {string[]} order of the panels, by their ids @param {Panel[][]} lines @param {number} at */
export function leadOf(order, lines, at) {
  const [before, panel] = [lines[at - 1]?.at(-1), lines[at]?.[0]];
  return before && panel && order.indexOf(before.id) === order.indexOf(panel.id) - 1 ? panel.sign : "";
}

/** What stands before a panel on its line: nothing where the line is not in the order of the panels. @param {string[]} order of the panels, by their ids @param {Panel} panel @param {Panel[]} line */
export function operatorOf(order, panel, line) {
  const before = line[line.indexOf(panel) - 1];
  return before && order.indexOf(before.id) === order.indexOf(panel.id) - 1 ? panel.sign : "";
}
