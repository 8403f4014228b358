// A picture as a file: what is drawn on its ground, with the sentence of the step below.

/** @import { Shape } from "./shapes.js" */
/** @import { Sheet } from "./sheet.js" */

import { shape, markupOf } from "./shapes.js";
import { widthOf } from "./sheet.js";

/** What a picture looks like: a colour for each name of a token, and rules for its figures. @typedef {{ tokens: Record<string, string>, rules: string }} Look */

export const EDGE = 28;
const SENTENCE = 16;
const LINE = 24;

/** A text in lines. @param {string} text @param {number} room */
function lines(text, room) {
  return text.split("\n").flatMap((paragraph) => paragraph.split(" ").reduce((/** @type {string[]} */ found, word) => {
    const longer = `${found.at(-1) ?? ""} ${word}`.trim();
    if (found.length && widthOf(longer, SENTENCE) <= room) found[found.length - 1] = longer;
    else found.push(word);
    return found;
  }, []));
}

/**
 * The text of an SVG.
 * @param {Shape[]} drawn from the edge on @param {{ width: number, height: number }} size without the edges, the height from the top on
 * @param {string} words the sentence @param {Sheet} sheet @param {string} [rules] of its figures @param {Shape[]} [over] what lies over all
 */
export function whole(drawn, { width, height }, words, sheet, rules = "", over = []) {
  const top = height + EDGE;
  const sentence = lines(words, width);
  const opacity = sheet.share({ kind: "sentence" });
  const caption = shape("g", { class: "sentence" }, ...sentence.map((line, index) => sheet.text(line, EDGE, top + index * LINE, { size: SENTENCE, opacity })));
  const size = { width: Math.ceil(width + 2 * EDGE), height: Math.ceil(top + sentence.length * LINE) };
  const ground = shape("rect", { ...size, fill: sheet.token("--card") });
  const style = rules ? [shape("style", {}, rules)] : [];
  const fonts = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', 'Liberation Sans', sans-serif";
  const attributes = { xmlns: "http://www.w3.org/2000/svg", ...size, viewBox: `0 0 ${size.width} ${size.height}`, role: "img", "font-family": fonts };
  return markupOf(shape("svg", attributes, shape("title", {}, words), ...style, ground, ...drawn, caption, ...over));
}
