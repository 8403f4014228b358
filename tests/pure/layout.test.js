// How panels are put on lines, and how large their cells are: numbers that can be read come first.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cellsSeen } from "../../static/js/draw/extent.js";
import { layOut, leadOf, operatorOf, shownPanels, shownPart } from "../../static/js/draw/layout.js";
import { firstSeen } from "../../static/js/draw/part.js";
import { scrollOf } from "../../static/js/draw/sight.js";

const SCREEN = { width: 1000, height: 500, narrow: false };
const PHONE = { width: 334, height: 460, narrow: true };
const CARD = 150; // the height of the arithmetic
const DENSE_CARD = 100;
const LEAST = 24; // pixels of a cell whose number can be read
const WHOLE = 8; // rows and columns of a grid that is never seen in part

/** @param {string} id @param {number} rows @param {number} cols @param {{ count?: number, wrap?: boolean, values?: number[], region?: object | null }} [more] */
function panel(id, rows, cols, { count = 1, wrap = false, values = [], region = null } = {}) {
  return { id, title: id, note: "", grids: Array.from({ length: count }, () => ({ rows, cols, wrap, values, region })) };
}

/** @param {any[]} panels @param {string[]} [operators] @param {object} [more] @returns {any} */
const frame = (panels, operators = panels.slice(1).map(() => "→"), more = {}) => ({
  panels: panels.map((one, index) => ({ ...one, sign: operators[index - 1] ?? "" })),
  card: { blocks: [], lines: [] },
  ...more,
});

/** @param {number} size */
const windowOf = (size) => ({ row: 0, col: 0, height: size, width: size, rowStep: 1, colStep: 1 });

/** @param {number} side of the input @param {number} kernel @param {number[]} [values] */
const convolution = (side, kernel, values = []) =>
  frame([
    panel("input", side, side, { values, region: windowOf(kernel) }),
    panel("kernel", kernel, kernel),
    panel("output", side - kernel + 1, side - kernel + 1),
  ]);

/** Two settings, with an input and an output each. @param {number} side */
const compared = (side) =>
  frame([panel("input", side, side), panel("output", side, side), panel("b-input", side, side), panel("b-output", side, side)], ["→", "", "→"], {
    sides: [
      { name: "One", panels: ["input", "output"] },
      { name: "Two", panels: ["b-input", "b-output"] },
    ],
  });

const VECTOR = frame([panel("input", 6, 6, { count: 3 }), panel("vector", 1, 108, { wrap: true })]);
const MANY = frame([panel("input", 16, 16, { count: 6 }), panel("kernel", 3, 3, { count: 6 }), panel("output", 14, 14, { count: 2 })]);
const CHOSEN = frame([panel("a", 5, 5), panel("k", 3, 3), panel("b", 5, 5), panel("c", 3, 3)], ["×", "", "="], {
  lines: { wide: [["a", "b"], ["k", "c"]], narrow: [["a"], ["k"], ["b", "c"]] },
});
const WITH_FIGURE = frame([panel("input", 12, 12), panel("output", 12, 12)], ["→"], { figure: {} });

/** @param {any} frame @param {any} room @param {number} [side] @param {number} [topic] */
const laidOut = (frame, room, side = 0, topic = 0) =>
  layOut(frame, room, (dense) => (dense ? DENSE_CARD : CARD), { sides: side, topics: topic, channels: 0 });

/** The lines as text: panels and the sizes of their cells. @param {any} layout */
const written = ({ lines, fittings }) =>
  lines.map((/** @type {any[]} */ line) => line.map(({ id }) => `${id} ${fittings.get(id).size}`).join(", ")).join(" | ");

// Two pixels stand between cells, 44 between panels on a wide screen and 28 on a phone; a title has 25.5.
const WORKED = [
  // 350 pixels of height: 3 (s + 2) - 2 + 25.5 <= 350: s <= 106.8; 7 s + 8 + 88 <= 1000: s <= 129.1
  ["few cells are as large as the height allows", convolution(3, 2), SCREEN, "input 106, kernel 106, output 106"],
  // 8 (s + 2) - 2 + 25.5 <= 350: s <= 38.8
  ["the height is shared by the rows", convolution(8, 3), SCREEN, "input 38, kernel 38, output 38"],
  // even with a denser card 8 (24 + 2) - 2 + 25.5 = 231.5 > 200: the page scrolls
  ["cells are never too small for their numbers", convolution(8, 3), { ...SCREEN, height: 300 }, "input 24, kernel 24, output 24"],
  // numbers of four characters: 8 (32 + 2) - 2 + 25.5 = 295.5 > 250, and nothing is larger than it must be
  ["longer numbers have larger cells", convolution(8, 3, [-0.25]), { ...SCREEN, height: 300 }, "input 32, kernel 24, output 24"],
];

for (const [name, drawn, room, expected] of WORKED)
  test(name, () => assert.equal(written(laidOut(drawn, room)), expected));

const FRAMES = { VECTOR, MANY, CHOSEN, WITH_FIGURE, "two of 5": compared(5), "two of 8": compared(8), "two of 20": compared(20) };
for (const side of [3, 4, 7, 8, 9, 12, 20, 32])
  for (const kernel of [1, 2, 3, 7]) if (kernel <= side) FRAMES[`${side} by ${kernel}`] = convolution(side, kernel);

const ROOMS = [
  SCREEN,
  PHONE,
  { width: 680, height: 330, narrow: false },
  { width: 880, height: 210, narrow: true },
  { width: 1600, height: 800, narrow: false },
  { width: 288, height: 220, narrow: true },
];

for (const room of ROOMS)
  test(`in ${room.width} × ${room.height} pixels every panel can be read`, () => {
    for (const [name, drawn] of Object.entries(FRAMES)) {
      const layout = laidOut(drawn, room);
      const shown = layout.lines.flat().map(({ id }) => id);
      const all = layout.apart ? drawn.sides[0].panels : drawn.panels.map((/** @type {any} */ { id }) => id);
      assert.deepEqual([...shown].sort(), [...all].sort(), name);
      for (const { id, grids } of layout.lines.flat()) {
        const fitting = /** @type {any} */ (layout.fittings.get(id));
        assert.ok(fitting.size >= LEAST, `${name}: ${id} ${fitting.size}`);
        for (const grid of grids) {
          const seen = cellsSeen(grid, fitting);
          if (grid.wrap) continue;
          if (Math.max(grid.rows, grid.cols) <= WHOLE) assert.deepEqual(seen, { rows: grid.rows, cols: grid.cols }, name);
          const span = grid.region ? Math.min(grid.rows, grid.region.height + 2) : 1;
          assert.ok(seen.rows >= span && seen.cols >= span, `${name}: ${id} sees ${seen.rows} rows`);
        }
      }
    }
  });

for (const room of ROOMS)
  test(`in ${room.width} × ${room.height} pixels no line is wider than the room`, () => {
    for (const [name, drawn] of Object.entries(FRAMES)) {
      const { lines, fittings, figure } = laidOut(drawn, room);
      for (const line of lines) {
        const widths = line.map(({ id, grids }) => {
          const fitting = /** @type {any} */ (fittings.get(id));
          const { cols } = cellsSeen(/** @type {any} */ (grids[0]), fitting);
          return fitting.across * (cols * (fitting.size + 2) - 2) + (fitting.across - 1) * 12;
        });
        const spaces = (line.length - 1) * (room.narrow ? 16 : 24); // at least
        const free = room.width - (figure?.beside ? figure.width : 0);
        assert.ok(widths.reduce((one, other) => one + other, spaces) <= free, name);
      }
    }
  });

test("the same room gives the same layout, and more of it no smaller cells", () => {
  for (const [name, drawn] of Object.entries(FRAMES)) {
    assert.equal(written(laidOut(drawn, SCREEN)), written(laidOut(drawn, SCREEN)), name);
    const least = (/** @type {any} */ room) => Math.min(...[...laidOut(drawn, room).fittings.values()].map(({ size }) => size));
    assert.ok(least({ ...SCREEN, height: 900 }) >= least(SCREEN), name);
  }
});

test("two settings stand on one stage where both can be read, and else one at a time", () => {
  assert.equal(laidOut(compared(5), SCREEN).apart, null);
  const low = { width: 500, height: 420, narrow: false };
  const first = laidOut(compared(8), low);
  assert.equal(first.apart, "sides");
  assert.equal(written(first).replaceAll(/ \d+/g, ""), "input, output");
  assert.equal(written(laidOut(compared(8), low, 1)).replaceAll(/ \d+/g, ""), "b-input, b-output");
  assert.equal(laidOut(convolution(8, 3), low).apart, null); // there is only one
});

test("of what two settings have one topic is shown at a time where both fit beside each other so", () => {
  const panels = [panel("a", 5, 5), panel("b", 5, 5), panel("c", 5, 5), panel("d", 5, 5)];
  const drawn = frame(panels, ["→", "", "→"], {
    sides: [{ name: "One", panels: ["a", "b"] }, { name: "Two", panels: ["c", "d"] }],
    topics: [{ name: "Outputs", panels: ["a", "c"] }, { name: "Counts", panels: ["b", "d"] }],
  });
  const low = { width: 400, height: 310, narrow: false }; // 2 lines of 5 · 26 - 2 + 25.5 and 16 between them are 319
  assert.equal(laidOut(drawn, low).apart, "topics");
  assert.equal(written(laidOut(drawn, low)).replaceAll(/ \d+/g, ""), "a, c");
  assert.equal(written(laidOut(drawn, low, 0, 1)).replaceAll(/ \d+/g, ""), "b, d");
  assert.equal(laidOut(drawn, SCREEN).apart, null);
});

test("where even a topic has no room, of several maps that is shown which the step writes, under its own name", () => {
  const region = windowOf(1);
  const output = panel("output", 4, 4, { count: 2 });
  const grids = output.grids.map((grid, index) => ({ ...grid, caption: `map ${index + 1}`, region: index ? region : null }));
  const panels = [panel("input", 6, 6, { count: 3, region }), panel("kernel", 3, 3, { count: 3 }), panel("partial", 6, 6, { count: 3, region }), { ...output, grids }];
  const drawn = frame(panels, ["×", "=", "Σ"], {
    topics: [{ name: "In and out", panels: ["input", "kernel", "output"] }, { name: "Partial", panels: ["partial", "output"] }],
  });
  // Digits of 24 pixels: the inputs have 154 + 25.5, the maps 102 + 25.5 below them, 26.5 more with their captions; 16, 38 and 100 around them.
  const whole = laidOut(drawn, { width: 704, height: 488, narrow: false });
  assert.deepEqual([whole.apart, whole.near, whole.seen], ["topics", false, null]);
  const low = laidOut(drawn, { width: 704, height: 462, narrow: false });
  assert.deepEqual([low.apart, low.near, low.seen], ["topics", true, null]);
  const shown = shownPanels(drawn, low, { sides: 0, topics: 0, channels: 0 });
  assert.deepEqual(shown.map(({ title, grids }) => [title, grids.length]), [["input", 3], ["kernel", 3], ["map 2", 1]]);
  assert.equal(shown[2]?.grids[0]?.caption, undefined);
});

test("little grids may stand below each other where larger ones stand beside each other", () => {
  const panels = [panel("input", 6, 6, { count: 3 }), panel("kernel", 3, 3, { count: 3 })];
  const low = laidOut(frame(panels, ["×"]), { width: 610, height: 380, narrow: false }); // 486 + 44 + 76 wide; 25.5 + 3 · 76 + 24 and 100 high
  assert.deepEqual([low.fittings.get("input")?.across, low.fittings.get("kernel")?.across, low.seen], [3, 1, null]);
});

test("where the arithmetic leaves too little height it is drawn densely", () => {
  assert.equal(laidOut(convolution(8, 3), SCREEN).dense, false);
  assert.equal(laidOut(convolution(8, 3), { ...SCREEN, height: 350 }).dense, true); // 231.5 <= 250, and not <= 200
});

test("a figure stands beside the panels where they have larger cells so", () => {
  const low = laidOut(WITH_FIGURE, { width: 1300, height: 560, narrow: false });
  assert.equal(low.figure?.beside, true);
  assert.ok((low.figure?.width ?? 0) >= 280);
  assert.equal(laidOut(WITH_FIGURE, PHONE).figure?.beside, false);
});

test("a figure has the room beside panels whose cells are large enough, and not what is left below them", () => {
  const curve = frame([panel("input", 5, 5), panel("output", 5, 5)], ["→"], { figure: {} });
  for (const [width, height] of [[1000, 720], [1340, 900]]) {
    const { figure, fittings } = laidOut(curve, { width, height, narrow: false });
    assert.deepEqual([figure?.beside, (figure?.height ?? 0) > 300, (fittings.get("input")?.size ?? 0) >= 44], [true, true, true]);
  }
});

test("a page that is one column shows a topic at a time where that spares a screen", () => {
  const panels = [panel("input", 6, 6, { count: 3 }), panel("kernel", 3, 3, { count: 3 }), panel("partial", 4, 4, { count: 3 }), panel("output", 4, 4, { count: 2 })];
  const topics = [{ name: "In and out", panels: ["input", "kernel", "output"] }, { name: "Partial", panels: ["partial", "output"] }];
  const shown = laidOut(frame(panels, ["×", "=", "Σ"], { topics }), { ...PHONE, height: 413 });
  assert.deepEqual([shown.apart, shown.near], ["topics", false]);
  assert.ok(shown.height <= 2 * 413, String(shown.height));
});

test("of several channels a page that is one column shows one, with the map that all add up to, in the room that there is", () => {
  const panels = [panel("input", 6, 6, { count: 3 }), panel("kernel", 3, 3, { count: 3 }), panel("output", 4, 4, { count: 2 })];
  const channels = [0, 1, 2].map((index) => ({
    name: `channel ${index}`,
    panels: ["input", "kernel", "output"],
    grids: { input: { index, title: "Input" }, kernel: { index, title: "Kernel" }, output: { index: 1, title: "map 2" } },
  }));
  const several = frame(panels, ["×", "="], { channels });
  const shown = laidOut(several, { ...PHONE, height: 413 });
  assert.deepEqual([shown.apart, shown.height <= 413], ["channels", true]);
  assert.equal(laidOut(several, SCREEN).apart, null);
  const of = (/** @type {number} */ channel) => shownPanels(several, shown, { sides: 0, topics: 0, channels: channel });
  assert.deepEqual(of(1).map(({ title, grids }) => [title, grids.length]), [["Input", 1], ["Kernel", 1], ["map 2", 1]]);
  assert.deepEqual(of(1)[0]?.grids[0], several.panels[0].grids[1]);
  assert.equal(shownPart(several, "channels", { sides: 0, topics: 0, channels: 7 })?.name, "channel 2"); // there were more before
});

test("on a page that is one column a figure stands below the arithmetic where the stage has no room for it", () => {
  const dense = frame([panel("input", 6, 1), panel("weight", 4, 6), panel("output", 4, 1)], ["×", "="], { figure: {} });
  const roomy = laidOut(dense, { ...PHONE, height: 700 });
  assert.deepEqual([roomy.figure?.below, roomy.height + (roomy.figure?.height ?? 0) <= 700], [false, true]);
  const low = laidOut(dense, { ...PHONE, height: 300 });
  assert.deepEqual([low.figure?.below, low.height <= 300], [true, true]);
});

test("grids of one size have cells of one size, whatever is written in them", () => {
  const panels = [panel("input", 6, 6, { count: 3 }), panel("kernel", 3, 3, { count: 3 }), panel("partial", 4, 4, { count: 3, values: [-190] }), panel("output", 4, 4, { count: 2 })];
  const lines = { wide: [["input", "kernel"], ["partial", "output"]] };
  const { fittings } = laidOut(frame(panels, ["×", "=", "Σ"], { lines }), { width: 928, height: 520, narrow: false });
  assert.deepEqual(["input", "partial", "output"].map((id) => fittings.get(id)?.size), [26, 32, 32]);
});

test("larger type has larger cells", () => {
  const projected = laidOut(convolution(5, 3), { ...SCREEN, height: 700, zoom: 2 });
  for (const { size } of projected.fittings.values()) assert.ok(size >= 48, String(size));
});

test("a vector that wraps has a line of its own", () => {
  for (const room of ROOMS) {
    const { lines } = laidOut(VECTOR, room);
    assert.deepEqual(lines.map((line) => line.map(({ id }) => id)), [["input"], ["vector"]]);
  }
});

test("the part that is seen holds the window and the cells beside it, whatever the step", () => {
  for (const [count, seen, span] of [[32, 12, 7], [32, 9, 7], [32, 5, 3], [20, 19, 3], [9, 5, 1], [8, 8, 3]])
    for (let at = 0; at + span <= count; at += 1) {
      const first = firstSeen(at, span, seen, count);
      assert.ok(first >= 0 && first + seen <= count, `${count} ${seen} ${span} ${at}`);
      assert.ok(first <= Math.max(0, at - 1), `${at} begins at ${first}`);
      assert.ok(first + seen >= Math.min(count, at + span + 1), `${at} ends at ${first + seen}`);
    }
});

test("an operator stands between panels that follow each other, and nowhere else", () => {
  const order = ["a", "k", "b", "c"];
  const [a, k, b, c] = CHOSEN.panels;
  const found = [
    operatorOf(order, a, [a, k]),
    operatorOf(order, k, [a, k]),
    operatorOf(order, b, [a, b]),
    operatorOf(order, b, [k, b]),
    operatorOf(order, c, [b, c]),
    operatorOf(order, c, [c]),
  ];
  assert.deepEqual(found, ["", "×", "", "", "=", ""]);
});

test("a vector stands on one line where its cells are little smaller for it, and else on lines that are equally full", () => {
  const flat = frame([panel("input", 2, 3, { count: 3 }), panel("vector", 1, 18, { wrap: true })]);
  const shown = (/** @type {number} */ width) => laidOut(flat, { width, height: 500, narrow: false }).fittings.get("vector");
  assert.equal(shown(1010)?.cols, 18);
  assert.equal(shown(846)?.cols, 18);
  assert.ok((shown(846)?.size ?? 0) >= 42);
  assert.equal(shown(690)?.cols, 9);
});

test("a view scrolls no further than it must, and shows what a step computes first", () => {
  const view = { top: 0, bottom: 100 };
  const span = (/** @type {number} */ top, bottom = top + 20) => ({ top, bottom });
  assert.equal(scrollOf(view, span(40), [span(10), span(70)]), 0);
  assert.equal(scrollOf(view, span(90), []), 18); // with 8 pixels below it
  assert.equal(scrollOf(view, span(-10), []), -18);
  assert.equal(scrollOf(view, span(40), [span(80)]), 8);
  assert.equal(scrollOf(view, span(90), [span(400)]), 82); // what is far away takes the room that is left
  assert.equal(scrollOf(view, span(200), [span(0, 300)]), 128); // and what is larger fills it
});

test("what is read cell by cell stands beside each other wherever it fits", () => {
  const gate = (/** @type {number} */ side, /** @type {number} */ count) =>
    frame([panel("input", side, side, { count }), panel("above", side, side, { count }), panel("output", side, side, { count })], ["", "→"]);
  for (const [side, count] of [[4, 2], [8, 1], [3, 3]])
    assert.deepEqual(laidOut(gate(side ?? 0, count ?? 0), { width: 900, height: 520, narrow: false }).lines.length, 1, `${side} ${count}`);
  assert.ok(laidOut(gate(8, 4), { width: 500, height: 900, narrow: false }).lines.length > 1); // there it does not fit
  const others = laidOut(convolution(8, 3), { width: 400, height: 900, narrow: false });
  assert.ok(others.lines.length > 1); // larger cells are worth a line
});

test("an operator is not lost at the beginning of a line", () => {
  const { panels } = frame([panel("input", 6, 6), panel("above", 4, 4), panel("output", 3, 3)], ["×", "="]);
  const order = ["input", "above", "output"];
  const [input, above, output] = panels;
  for (const [lines, leads] of /** @type {[any[][], string[]][]} */ ([
    [[[input], [above, output]], ["", "×"]],
    [[[input, above], [output]], ["", "="]],
    [[[input], [above], [output]], ["", "×", "="]],
    [[[output], [input, above]], ["", ""]], // not in their order
  ]))
    assert.deepEqual(lines.map((_, at) => leadOf(order, lines, at)), leads);
});

test("before a projector digits of grids give way before anything is scrolled to, and a figure of which a sliver would be seen is left out", () => {
  const drawn = frame([panel("input", 8, 8), panel("output", 8, 8)], undefined, { figure: { kind: "curve" } });
  const room = { width: 990, height: 520, narrow: false };
  const wall = laidOut(drawn, { ...room, zoom: 2.18 });
  assert.ok(wall.seen === null && wall.figure && wall.zoom < 2.18, String(wall.zoom));
  assert.equal(laidOut(drawn, { ...room, height: 300, zoom: 2.18 }).figure, null);
  assert.ok(laidOut(drawn, { ...room, height: 380 }).figure);
});

test("what of a stage has no room on a low screen is scrolled to, unless so little would be seen that the page scrolls", () => {
  const drawn = frame([panel("input", 8, 8), panel("kernel", 8, 8), panel("partial", 8, 8), panel("output", 8, 8)]);
  const seen = (/** @type {number} */ height) => laidOut(drawn, { width: 500, height, narrow: false }).seen;
  assert.deepEqual([seen(2000), seen(300), seen(200)], [null, 200, null]);
});

test("cells have room for the longest number that a grid shows at any step", () => {
  const of = (/** @type {number[]} */ values, /** @type {object} */ more) => {
    const one = panel("partial", 4, 4, { values });
    return laidOut(frame([{ ...one, grids: one.grids.map((grid) => ({ ...grid, ...more })) }]), { width: 400, height: 100, narrow: false }).fittings;
  };
  assert.deepEqual(of([5], { all: [5, -10] }), of([-10], {}));
  assert.notDeepEqual(of([5], {}), of([-10], {}));
});

test("products stand without factors that the grids show before a grid is seen in part", () => {
  const heights = (/** @type {boolean} */ dense, /** @type {boolean} */ plain) => (plain ? 60 : dense ? DENSE_CARD : CARD);
  const laid = (/** @type {number} */ height, /** @type {object} */ card) =>
    layOut({ ...convolution(8, 3), card: { blocks: [], lines: [], ...card } }, { ...SCREEN, height }, heights);
  const factors = { factors: ["local", "from above"] };
  // 8 (24 + 2) - 2 + 25.5 = 231.5: with the factors 331.5 pixels, without them 291.5
  for (const [height, plain, seen] of [[340, false, null], [300, true, null], [280, false, 180]]) {
    const layout = laid(Number(height), factors);
    assert.deepEqual([layout.plain, layout.seen], [plain, seen], `${height} pixels`);
  }
  assert.equal(laid(300, {}).plain, false); // of products without names nothing is left out
});

test("a stage that would be half empty has larger cells for a denser card", () => {
  const sizes = /** @type {const} */ ([5, 3, 3, 5, 7, 5, 5]);
  const two = frame(sizes.map((side, index) => panel(`${index}`, side, side)), ["×", "=", "", "", "→", ""]);
  const { dense, lines, fittings } = laidOut(two, { width: 1102, height: 545, narrow: false });
  assert.deepEqual([dense, lines.length], [true, 2]);
  assert.ok([...fittings.values()].every(({ size }) => size > 1.1 * LEAST));
});

test("on a phone the sum is on the first screen where cells that can be read leave the room for it", () => {
  const room = { ...PHONE, height: 330 };
  const sized = (/** @type {number} */ card) => written(layOut(convolution(3, 2), room, () => card));
  // beside each other 7 s + 8 + 56 <= 334: s <= 38.5, which has room above all but the last 20 pixels of the card
  assert.equal(sized(CARD), "input 38, kernel 38, output 38");
  // 3 (24 + 2) - 2 + 25.5 = 101.5 > 330 - 240: the arithmetic is scrolled to; 5 s + 6 + 51 + 16 <= 330: s <= 51.4
  assert.equal(sized(260), "input 51 | kernel 51, output 51");
});

test("on a phone what has no room is as large as need be, and no larger", () => {
  // two screens are 150: 3 (s + 2) - 2 + 45 <= 150 would be s <= 33.6
  assert.equal(written(laidOut(convolution(3, 2), { ...PHONE, height: 75 })), "input 32, kernel 32, output 32");
});
