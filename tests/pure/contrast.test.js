// In numbers: what is drawn over cells is seen on each of their colours, in both themes, and their text can be read.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const TOKENS = readFileSync(new URL("../../static/css/tokens.css", import.meta.url), "utf8");
const [LIGHT, DARK] = /** @type {[string, string]} */ (TOKENS.split(':root[data-theme="dark"]'));
const TEXT = 4.5; // WCAG 2, of text
const LINE = 3; // and of lines that mean something

/** @param {string} name @param {string} theme */
function token(name, theme) {
  const [, found] = new RegExp(`${name}: (#[0-9a-f]{6})`).exec(theme) ?? [];
  assert.ok(found, name);
  return found;
}

let theme = LIGHT;
const style = { getPropertyValue: (/** @type {string} */ name) => token(name, theme) };
Object.assign(globalThis, { document: Object.assign(new EventTarget(), { documentElement: {} }), getComputedStyle: () => style });
const { dimmed, paint, scale } = await import("../../static/js/draw/scale.js");

/** The relative luminance of WCAG 2. @param {number[]} rgb 0 to 255 */
function luminance(rgb) {
  const [red = 0, green = 0, blue = 0] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {string} colour as #rgb, #rrggbb or rgb(r g b) */
function rgbOf(colour) {
  if (!colour.startsWith("#")) return (colour.match(/\d+/g) ?? []).map(Number);
  const digits = colour.length === 4 ? [...colour.slice(1)].map((one) => one + one) : (colour.slice(1).match(/../g) ?? []);
  return digits.map((pair) => Number.parseInt(pair, 16));
}

/** @param {string} one @param {string} other */
function contrast(one, other) {
  const [low = 0, high = 0] = [luminance(rgbOf(one)), luminance(rgbOf(other))].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const VALUES = Array.from({ length: 255 }, (_, index) => (index - 127) / 127);
const HUES = ["positive", "red", "green", "blue"];
const SIX = [0, 51, 102, 153, 204, 255];
/** Colours of photos: all greys, and those of a coarse cube. */
const PHOTO = [
  ...Array.from({ length: 256 }, (_, grey) => `rgb(${grey} ${grey} ${grey})`),
  ...SIX.flatMap((red) => SIX.flatMap((green) => SIX.map((blue) => `rgb(${red} ${green} ${blue})`))),
];

const CSS = ["stage", "feature-maps", "input"].map((name) => readFileSync(new URL(`../../static/css/${name}.css`, import.meta.url), "utf8")).join("\n");
/** What is drawn around cells and pixels, and the token of its own line. */
const OUTLINES = {
  ".window": "--frame",
  ".window i": "--frame",
  ".cell.marked": "--pin",
  ".cell.linked:not(:focus-visible)": "--frame",
  ".cell.pinned:not(:focus-visible)": "--pin",
  ".overview-window": "--frame",
  ".map .spot": "--frame",
  ".photo-window": "--frame",
};

for (const [selector, line] of Object.entries(OUTLINES))
  test(`${selector} is drawn by two lines, a light one and a dark one`, () => {
    const at = CSS.indexOf(`  ${selector} {`);
    assert.ok(at >= 0);
    const rule = CSS.slice(at, CSS.indexOf("}", at));
    assert.ok(rule.includes(`var(${line})`) && rule.includes("var(--halo)"), rule);
  });

for (const [name, tokens] of Object.entries({ light: LIGHT, dark: DARK })) {
  const painted = () => {
    theme = tokens;
    document.dispatchEvent(new Event("themechange"));
    const shades = HUES.map((hue) => scale(hue));
    return shades.flatMap((hue) => VALUES.flatMap((value) => [paint(value, 1, hue), dimmed(value, 1, hue)]));
  };

  test(`the text of every cell can be read, also where it is dimmed: ${name}`, () => {
    for (const { fill, ink } of painted()) assert.ok(contrast(fill, ink) >= TEXT, `${ink} on ${fill}`);
  });

  for (const line of ["--frame", "--pin"])
    test(`one of the two lines of ${line} is seen on any cell, and each on the other: ${name}`, () => {
      const [own, halo] = [token(line, tokens), token("--halo", tokens)];
      assert.ok(contrast(own, halo) >= LINE);
      for (const fill of [...painted().map((one) => one.fill), ...PHOTO, token("--card", tokens), token("--paper", tokens)])
        assert.ok(Math.max(contrast(own, fill), contrast(halo, fill)) >= LINE, `on ${fill}`);
    });
}
