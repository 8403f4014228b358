// What a damaged link is told of a choice: what the page calls the choices, not what a link calls them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { carry } from "./carry.mjs";

carry({ padding_modes: { zeros: "zeros", reflect: "reflected" } });
const { FIELDS: EXPLORER } = await import("../../static/js/explorer/settings.js");
const { VIEW } = await import("../../static/js/training/settings.js");
const { depth } = await import("../../static/js/operations/depth.js");
const { padding } = await import("../../static/js/operations/padding.js");

const PAGES = { explorer: EXPLORER, training: VIEW, depth: depth.fields, padding: padding.fields };

// the page, the name of the setting in a link, and what is said of a value that is not there
const SAID = [
  ["explorer", "colours", "“none” is none of each map, each layer, all layers"],
  ["training", "scale", "“none” is none of each layer, each map"],
  ["depth", "init", "“none” is none of the choices"],
  ["depth", "init2", "“none” is none of the choices"],
  ["padding", "padding_mode", "“none” is none of zeros, reflected"],
];
for (const [page, name, message] of SAID)
  test(`${page}: ${name}`, () => {
    const field = PAGES[page].find((one) => one.name === name);
    assert.throws(() => field.parse("none"), { message });
  });
