// How a step comes about, as data: what moves from where to where and when. A pure function of what a frame shows; whoever
// draws it, the page or a writer of pictures, asks `sharesAt` how far each thing has come.

/** @import { Block, Card, Frame, GridModel, Movement, Pair, Part, Phase, Region } from "./types" */

import { cellAt, taps } from "./draw/cells.js";

/** What happens at once: things that travel, and what comes into sight when they have arrived. @typedef {{ what: Part, from?: Part | null, to?: Part }[]} Moves */
/** @typedef {[Phase, Moves[], throughout?: Moves]} Act a phase, its groups one after the other, and what goes on all the while */

/** @type {Part} */
const FIGURE = { kind: "figure" };
/** @type {Part} */
const TABLE = { kind: "table" };

/** How long a whole step takes in milliseconds, and how much of it each phase; those of a frame without some share it. */
export const WHOLE_MS = 600;
const SLOW_MS = 4000;
/** @type {Record<"usual" | "slow", Record<Phase, number>>} */
const PACE = {
  usual: { window: 110, kernel: 90, products: 170, rows: 70, sums: 60, output: 70, sentence: 30 },
  slow: { window: 400, kernel: 600, products: 1900, rows: 450, sums: 300, output: 250, sentence: 100 },
};
const FLIGHT = 0.7; // of the time of a group: then what has arrived comes into sight
const FEW = 16; // terms that come one by one where there is time; more come row by row
const FLYING = 40; // terms of which each is seen to fly

/** A part by a name of its own in its frame. @param {Part & { grid?: string, block?: number, line?: number, row?: number, col?: number }} part */
export const nameOf = ({ kind, grid, block, line, row, col }) => {
  return [kind, grid, block, line, row, col].filter((word) => word !== undefined).join(" ");
};

/** @param {{ panels: Frame["panels"] }} frame */
const gridsIn = ({ panels }) => panels.flatMap(({ grids }) => grids);

/** @param {string} grid @param {number} row @param {number} col @returns {Part} */
const cellPart = (grid, row, col) => ({ kind: "cell", grid, row, col });

/** @param {number} block @param {number} row @param {number} col @param {"left" | "right"} [side] on which a factor arrives @returns {Part} */
const termPart = (block, row, col, side) => ({ kind: "term", block, row, col, ...(side ? { side } : {}) });

/** @param {number} block @param {number} row @returns {Part} */
const rowPart = (block, row) => ({ kind: "row", block, row });

/** The cells that a step writes: those that change, or the one that is filled. @param {GridModel} model @returns {Part[]} */
function written({ id, rows, cols, values, filled, region, before }) {
  const changed = before?.values && region ? taps(region).map((tap) => cellAt(region, tap)) : [];
  /** @type {Pair[]} */
  const fresh = filled > 0 && filled <= values.length ? [[Math.floor((filled - 1) / cols), (filled - 1) % cols]] : [];
  const inside = [...changed, ...fresh].filter(([row, col]) => row >= 0 && row < rows && col >= 0 && col < cols);
  return inside.map(([row, col]) => cellPart(id, row, col));
}

/** The cells that a step reads on a grid. @param {GridModel} model @returns {Part[]} */
const read = ({ id, region }) => (region ? taps(region).map((tap) => cellPart(id, ...cellAt(region, tap))) : []);

/** Every window moves to where it is now; a mark on what is written stands there at once. @param {GridModel[]} grids @returns {Moves} */
function windows(grids) {
  return grids.flatMap(({ id, region, before, filled }) => {
    if (!region) return [];
    /** @param {Region} at @returns {Part} */
    const window = (at) => ({ kind: "window", grid: id, region: at });
    const to = window(region);
    const from = before?.region && filled === Number.POSITIVE_INFINITY ? window(before.region) : null;
    return [{ what: to, from, to }];
  });
}

/** The kernels that lie down on windows as large as they are. @param {Block[]} blocks @param {Map<string, GridModel>} grids @returns {{ kernel: Part, over: Part }[]} */
function kernels(blocks, grids) {
  return blocks.flatMap(({ grids: { left = "", right = "" } = {} }) => {
    const [kernel, region] = [grids.get(right), grids.get(left)?.region];
    if (!kernel || !region || kernel.rows !== region.height || kernel.cols !== region.width) return [];
    return [{ kernel: { kind: "grid", grid: right }, over: { kind: "window", grid: left, region } }];
  });
}

/** From where the factors of a term come. @param {Block} block @param {Map<string, GridModel>} grids @param {number} i @param {number} j @returns {Part[]} */
function factors({ grids: { left = "", right = "" } = {}, rows }, grids, i, j) {
  const [reads, weighs] = [grids.get(left), grids.get(right)];
  const cells = reads ? read(reads) : [];
  const first = cells[i * (rows[0]?.terms.length ?? 0) + j] ?? cells[0];
  const [row, col] = weighs?.region ? cellAt(weighs.region, [i, j]) : [i, j];
  return [...(first ? [first] : []), ...(weighs ? [cellPart(right, row, col)] : [])];
}

/** @param {Part} what @param {Part} to */
const flight = (what, to) => ({ what, from: what, to });

/** Each pair meets and leaves its product: one by one, or row by row. @param {Block[]} blocks @param {Map<string, GridModel>} grids @param {boolean} slow @returns {Moves[]} */
function products(blocks, grids, slow) {
  const count = blocks.reduce((sum, { rows }) => sum + rows.reduce((more, { terms }) => more + terms.length, 0), 0);
  return blocks.flatMap((block, b) =>
    block.rows.flatMap(({ terms }, i) => {
      /** @type {Moves} */
      const whole = [{ what: { kind: "terms", block: b, row: i } }];
      if (count > FLYING) return [whole];
      const groups = terms.map((_, j) => {
        const pair = factors(block, grids, i, j);
        const flights = pair.map((from, k) => flight(from, termPart(b, i, j, pair.length > 1 ? (k ? "right" : "left") : undefined)));
        return [...flights, { what: termPart(b, i, j) }];
      });
      return slow && count <= FEW ? groups : [groups.flat()];
    }),
  );
}

/** The row before one, which of running sums goes into it. @param {Block[]} blocks @param {number} b @param {number} i @returns {Part[]} */
function rowBefore(blocks, b, i) {
  if (i > 0) return [{ kind: "row", block: b, row: i - 1 }];
  const block = blocks.slice(0, b).findLastIndex(({ rows }) => rows.length);
  return block < 0 ? [] : [{ kind: "row", block, row: (blocks[block]?.rows.length ?? 0) - 1 }];
}

/** The products of each row run into its sum. @param {Block[]} blocks @returns {Moves[]} */
const rowSums = (blocks) =>
  blocks.flatMap((block, b) =>
    block.rows.flatMap(({ terms, sum }, i) => {
      if (sum === null) return [];
      const row = rowPart(b, i);
      const before = block.running ? rowBefore(blocks, b, i) : [];
      const flying = terms.length <= FEW ? terms.map((_, j) => flight(termPart(b, i, j), row)) : [];
      return [[...before.map((part) => flight(part, row)), ...flying, { what: row }]];
    }),
  );

/** What of a block runs into the whole: its sum, those of its rows, the term that is kept, or all of its terms. @param {Block} block @param {number} b @param {boolean} whole whether its own sum is not meant @returns {Part[]} */
function summands({ rows, sum }, b, whole) {
  if (sum !== null && !whole) return [{ kind: "block", block: b }];
  const sums = rows.flatMap((row, i) => (row.sum === null ? [] : [rowPart(b, i)]));
  if (sums.length) return sums;
  const terms = rows.flatMap((row, i) => row.terms.map(({ chosen }, j) => ({ chosen, part: termPart(b, i, j) })));
  const kept = terms.some(({ chosen }) => chosen) ? terms.filter(({ chosen }) => chosen) : terms;
  return kept.length <= FEW ? kept.map(({ part }) => part) : [];
}

/** Whether one of the terms is kept, and the others are not. @param {Block[]} blocks */
const isChoice = (blocks) => blocks.some(({ rows }) => rows.some(({ terms }) => terms.some(({ chosen }) => chosen)));

/** Sums run into those of their channels, and these into the whole with what is added last. @param {Card} card @param {Part[]} given what a step without terms reads @param {(block: number) => Part[]} partial cells that hold the sum of a block @returns {Moves[]} */
function sums({ blocks, lines, table }, given, partial) {
  const inner = blocks.flatMap((block, b) => {
    if (block.sum === null) return [];
    /** @type {Part} */
    const to = { kind: "block", block: b };
    return [...summands(block, b, true).map((part) => flight(part, to)), { what: to }, ...partial(b).flatMap((cell) => [flight(to, cell), { what: cell }])];
  });
  const own = blocks.flatMap((block, b) => (block.grids?.into ? [] : summands(block, b, false)));
  const last = blocks.length ? (blocks[0]?.running ? own.slice(-1) : own) : given;
  /** @type {Moves} */
  const choice = isChoice(blocks) ? [{ what: { kind: "choice" } }] : [];
  return [choice, inner, ...(table ? [] : wholes(lines, last, blocks.length > 0))].filter((group) => group.length);
}

/** The lines of the arithmetic, then its result. Terms without a sum of their own run into the first line, which says it. @param {Card["lines"]} lines @param {Part[]} last @param {boolean} added whether there are terms @returns {Moves[]} */
function wholes(lines, last, added) {
  /** @type {Part} */
  const result = { kind: "result" };
  /** @type {Part[]} */
  const own = lines.map((_, line) => ({ kind: "line", line }));
  const [first, end] = [own[0], own.at(-1)];
  const through = added && first && end && last.every(({ kind }) => kind === "term") ? { first, end } : null;
  const into = through ? last.map((part) => flight(part, through.first)) : [];
  const whole = through ? [through.end] : [...last, ...(added ? own : [])];
  return [[...into, ...own.map((what) => ({ what }))], [...whole.map((part) => flight(part, result)), { what: result }]];
}

/** Each term flies to the cell that it is added to. @param {Block[]} blocks @param {Set<string>} targets the cells, as text @param {Map<string, GridModel>} grids @returns {Moves} */
const scattered = (blocks, targets, grids) =>
  blocks.flatMap(({ grids: { into = "" } = {}, rows }, b) => {
    const region = grids.get(into)?.region;
    if (!region) return [];
    return rows.flatMap(({ terms }, i) =>
      terms.flatMap((_, j) => {
        const [row, col] = cellAt(region, [i, j]);
        const cell = cellPart(into, row, col);
        return targets.has(JSON.stringify(cell)) ? [flight(termPart(b, i, j), cell)] : [];
      }),
    );
  });

/** What of the arithmetic lands in each cell of an output: the whole, or of several outputs each one's sum. @param {Omit<Frame, "motion">} frame @param {Part[]} cells @returns {Moves} */
function landed({ card, panels }, cells) {
  const outputs = new Set(panels.filter(({ role }) => role === "output").flatMap(({ grids }) => grids.map(({ id }) => id)));
  const own = cells.filter((cell) => cell.kind === "cell" && outputs.has(cell.grid));
  if (!card.table) return (own.length ? own : cells).map((cell) => flight({ kind: "result" }, cell));
  const several = own.length > 1 && card.blocks.length % own.length === 0 ? card.blocks.length / own.length : 0;
  return several ? own.map((cell, index) => flight({ kind: "block", block: (index + 1) * several - 1 }, cell)) : [];
}

/** The whole lands in its cell. @param {Omit<Frame, "motion">} frame @param {Part[]} cells @param {Map<string, GridModel>} grids @returns {Moves} */
function landing(frame, cells, grids) {
  const { card, figure } = frame;
  const adds = card.blocks.some((block) => block.grids?.into);
  const flights = adds ? scattered(card.blocks, new Set(cells.map((cell) => JSON.stringify(cell))), grids) : landed(frame, cells);
  /** @type {Part[]} */
  const beside = [...(figure ? [FIGURE] : []), ...(card.table?.answers ? [TABLE] : [])];
  return [...flights, ...[...cells, ...beside].map((what) => ({ what }))];
}

/** How far beside the middle of a term a factor arrives, in its own widths: a pair stands side by side. @param {Part} part */
export const asideOf = (part) => (part.kind === "term" && part.side ? { left: -0.5, right: 0.5 }[part.side] : 0);

/** Phases one after the other, the groups of each as well. @param {Act[]} acts @param {Record<Phase, number>} pace @param {number} whole @returns {Movement[]} */
function timed(acts, pace, whole) {
  const there = acts.filter(([, groups]) => groups.length);
  const scale = whole / there.reduce((sum, [phase]) => sum + pace[phase], 0);
  let begin = 0;
  const movements = there.flatMap(([phase, groups, throughout = []]) => {
    const [start, length] = [begin, scale * pace[phase]];
    begin += length;
    const slot = length / groups.length;
    const own = groups.flatMap((group, index) => inSlot(group, start + index * slot, slot).map((one) => ({ phase, ...one })));
    return [...throughout.map(({ what, from = null, to = what }) => ({ phase, what, from, to, start, duration: length })), ...own];
  });
  return movements.sort((one, other) => one.start - other.start);
}

/** What travels comes first; what has arrived comes into sight in the time that is left. @param {Moves} group @param {number} start @param {number} slot */
function inSlot(group, start, slot) {
  const both = group.some(({ from }) => from) && group.some(({ from }) => !from);
  const flown = both ? FLIGHT * slot : 0;
  return group.map(({ what, from = null, to = what }) =>
    from ? { what, from, to, start, duration: flown || slot } : { what, from, to, start: start + flown, duration: slot - flown },
  );
}

/**
 * How the step of a frame comes about, in the order of time: the window arrives, the kernel lies down on it, each pair
 * meets and leaves its product, products run into the sums of their rows, sums into the whole, the whole lands in its
 * cell; then the sentence says it.
 * @param {Omit<Frame, "motion">} frame @param {boolean} [slow] one by one, as the first time
 * @returns {Movement[]}
 */
export function motionOf(frame, slow = false) {
  const { card, panels } = frame;
  const grids = new Map(gridsIn(frame).map((model) => [model.id, model]));
  const laid = kernels(card.blocks, grids);
  const partial = panels.filter(({ role, grids: own }) => role !== "output" && card.blocks.length > 1 && own.length === card.blocks.length).map(({ grids: own }) => own);
  const inPart = (/** @type {number} */ block) => partial.flatMap((own) => written(own[block]));
  const early = new Set(partial.flat().map(({ id }) => id));
  const cells = gridsIn(frame).flatMap((model) => (early.has(model.id) ? [] : written(model)));
  const given = gridsIn(frame).filter((model) => !written(model).length).flatMap(read);
  const rows = rowSums(card.blocks);
  /** @type {Act[]} */
  const acts = [
    ["window", [windows(gridsIn(frame))].filter(({ length }) => length)],
    ["kernel", laid.length ? [laid.map(({ kernel, over }) => ({ what: kernel, from: kernel, to: over }))] : []],
    ["products", products(card.blocks, grids, slow), laid.map(({ kernel, over }) => ({ what: kernel, from: over, to: over }))],
    ["rows", slow || !rows.length ? rows : [rows.flat()]],
    ["sums", sums(card, given.length <= FEW ? given : [], inPart)],
    ["output", [landing(frame, cells, grids)].filter(({ length }) => length)],
    ["sentence", [[{ what: { kind: "sentence" } }]]],
  ];
  return slow ? timed(acts, PACE.slow, SLOW_MS) : timed(acts, PACE.usual, WHOLE_MS);
}

/** A frame with its motion, which is made where it is looked at: steps that follow fast have none. @template {Omit<Frame, "motion">} F @param {F} frame @returns {F & Frame} */
export function withMotion(frame) {
  /** @type {Movement[] | undefined} */
  let motion;
  return {
    ...frame,
    get motion() {
      return (motion ??= motionOf(frame));
    },
  };
}

/** How far on its way what travels is: slower towards the end. @param {number} share of its time */
export const eased = (share) => 1 - (1 - share) ** 3;

const FAINTEST = 0.3;

/** How much of a number that travels is seen: on its way it lies over others, which can be read through it. @param {number} share of its time */
export const opacityAt = (share) => 1 - (1 - FAINTEST) * Math.sin(Math.PI * eased(share));

/** When the last thing has arrived. @param {Movement[]} motion */
export const lengthOf = (motion) => Math.max(0, ...motion.map(({ start, duration }) => start + duration));

/**
 * Draw a motion at a time of its step: whoever draws is told how far each thing has come, from 0 to 1.
 * @param {Movement[]} motion @param {number} time in milliseconds
 * @param {(movement: Movement, share: number, index: number) => void} draw
 */
export function sharesAt(motion, time, draw) {
  motion.forEach((movement, index) => {
    const share = Math.max(0, Math.min(1, (time - movement.start) / movement.duration));
    draw(movement, share, index);
  });
}
