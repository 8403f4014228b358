// An index that moves: by hand, and by itself on a clock that the test turns.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Player } from "../../static/js/player.js";

const FRAME = 10; // milliseconds between two frames of this screen

let now = 0;
let frames = /** @type {((now: number) => void)[]} */ ([]);
performance.now = () => now;
globalThis.requestAnimationFrame = (draw) => frames.push(draw);

beforeEach(() => {
  now = 0;
  frames = [];
});

/** Let time pass, frame by frame. @param {number} milliseconds */
function pass(milliseconds) {
  for (let rest = milliseconds; rest > 0; rest -= FRAME) {
    now += FRAME;
    for (const draw of frames.splice(0)) draw(now);
  }
}

/** @param {number} length @param {number} [index] */
function opened(length, index = 0) {
  const player = new Player();
  player.open(length, index);
  return player;
}

/** @type {[string, number, (player: Player) => void, number][]} what is done, from where in five steps, and where that leads */
const MOVES = [
  ["next", 0, (player) => player.next(), 1],
  ["next at the end", 4, (player) => player.next(), 4],
  ["previous", 3, (player) => player.previous(), 2],
  ["previous at the start", 0, (player) => player.previous(), 0],
  ["first", 3, (player) => player.first(), 0],
  ["last", 1, (player) => player.last(), 4],
  ["go to", 0, (player) => player.goTo(2), 2],
  ["go beyond", 0, (player) => player.goTo(99), 4],
  ["go before", 2, (player) => player.goTo(-3), 0],
  ["seek between", 0, (player) => player.seek(1.6), 2],
];

for (const [name, from, move, to] of MOVES)
  test(`${name}, from ${from} to ${to}`, () => {
    const player = opened(5, from);
    let changes = 0;
    player.addEventListener("change", () => (changes += 1));
    move(player);
    assert.deepEqual([player.index, player.atEnd, changes], [to, to === 4, Number(from !== to)]);
  });

test("opening stops playing and stays within the length", () => {
  const player = opened(5);
  player.play();
  player.open(3, 7);
  assert.deepEqual([player.playing, player.index], [false, 2]);
  pass(5000);
  assert.equal(player.index, 2);
});

test("it plays to the end at its rate, and stops there", () => {
  const player = opened(4);
  player.setRate(2);
  player.play();
  assert.equal(player.time, 500);
  const seen = [250, 250, 500, 500].map((milliseconds) => (pass(milliseconds), player.index));
  assert.deepEqual(seen, [0, 1, 2, 3]);
  assert.deepEqual([player.playing, player.time], [false, Number.POSITIVE_INFINITY]);
});

test("at the end it plays from the start", () => {
  const player = opened(3, 2);
  player.play();
  assert.deepEqual([player.index, player.playing], [0, true]);
});

test("a single step does not play", () => {
  const player = opened(1);
  player.play();
  assert.equal(player.playing, false);
});

test("a rate that is raised is heard at once", () => {
  const player = opened(9);
  player.setRate(0.1);
  player.play();
  pass(100);
  player.setRate(10);
  pass(100 + FRAME);
  assert.equal(player.index, 1);
});

test("it waits for a step that is not here yet", () => {
  const player = opened(99);
  let here = 1;
  player.ready = (index) => index <= here;
  player.setRate(10);
  player.play();
  pass(1000);
  assert.deepEqual([player.index, player.playing], [1, true]);
  here = 99;
  pass(FRAME);
  assert.equal(player.index, 2);
  pass(300);
  assert.ok(player.index <= 6, `${player.index}`); // what it missed is not made up for
});

test("moving by hand stops playing, and no loop of before goes on", () => {
  const player = opened(9);
  player.setRate(10);
  player.play();
  player.toggle();
  player.toggle();
  pass(100);
  assert.equal(player.index, 1); // one loop, not two
  player.previous();
  assert.deepEqual([player.index, player.playing], [0, false]);
  pass(1000);
  assert.equal(player.index, 0);
});

test("a slow screen skips no step", () => {
  const player = opened(9);
  player.setRate(60);
  const seen = /** @type {number[]} */ ([]);
  player.addEventListener("change", () => seen.push(player.index));
  player.play();
  for (let frame = 0; frame < 4; frame += 1) {
    now += 90;
    pass(10);
  }
  assert.deepEqual([...new Set(seen)], [0, 1, 2, 3, 4]);
});

test("the first step that playing takes is told from the others, once and where nothing presses", () => {
  const player = opened(9);
  const slow = /** @type {number[]} */ ([]);
  player.addEventListener("change", () => player.opening && slow.push(player.index));
  player.next();
  player.toggle();
  pass(2000);
  player.toggle();
  player.toggle();
  pass(1000);
  assert.deepEqual(slow, [2]);
  const hurried = opened(9);
  hurried.addEventListener("change", () => assert.equal(hurried.opening, false));
  hurried.setRate(8);
  hurried.play();
  pass(500);
  assert.equal(hurried.index, 4);
});

test("a step that has to be seen stays as long, unless the rate is changed", () => {
  const player = opened(9);
  player.addEventListener("change", () => player.opening && player.stay(5000));
  player.play();
  pass(5900);
  assert.equal(player.index, 1);
  pass(200);
  assert.equal(player.index, 2);
  pass(1000);
  assert.equal(player.index, 3);
  const other = opened(9);
  other.addEventListener("change", () => other.opening && other.stay(5000));
  other.play();
  pass(1500);
  other.setRate(10);
  pass(200);
  assert.ok(other.index >= 2, `${other.index}`);
});

test("a passage is played through at a rate of its own, and what follows is as before", () => {
  const player = opened(50, 9);
  player.setRate(0.5);
  player.playThrough(3, 7, 20);
  assert.equal(player.index, 3);
  pass(100);
  assert.deepEqual([player.index, player.time], [5, 50]);
  pass(200);
  assert.deepEqual([player.index, player.playing, player.rate], [7, false, 0.5]);
  player.play();
  pass(4000);
  assert.deepEqual([player.index, player.time], [9, 2000]);
});
