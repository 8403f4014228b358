// A picture whole: what is drawn, in a file on its ground and with the sentence of the step below.

/** @import { Shape } from "./shapes.js" */
/** @import { Sheet } from "./sheet.js" */

import { shape } from "./shapes.js";
import { widthOf } from "./sheet.js";

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
 * The shape of an SVG. A page that prints it has a ground of its own, and says the sentence below.
 * @param {Shape[]} drawn from the edge on @param {{ width: number, height: number }} size without the edges, the height from the top on
 * @param {string} words the sentence @param {Sheet} sheet @param {Shape[]} [over] what lies over all
 */
export function whole(drawn, { width, height }, words, sheet, over = []) {
  const top = height + EDGE;
  const wide = Math.ceil(width + 2 * EDGE);
  if (sheet.isPaper) return svg({ width: wide, height: Math.ceil(top) }, words, [...drawn, ...over]);
  const sentence = lines(words, width);
  const opacity = sheet.share({ kind: "sentence" });
  const caption = shape("g", { class: "sentence" }, ...sentence.map((line, index) => sheet.text(line, EDGE, top + index * LINE, { size: SENTENCE, opacity })));
  const size = { width: wide, height: Math.ceil(top + sentence.length * LINE) };
  const style = sheet.rules ? [shape("style", {}, sheet.rules)] : [];
  return svg(size, words, [...style, shape("rect", { ...size, fill: sheet.token("--card") }), ...drawn, caption, ...over]);
}

/** @param {{ width: number, height: number }} size @param {string} words @param {Shape[]} parts */
function svg(size, words, parts) {
  const fonts = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', 'Liberation Sans', sans-serif";
  const attributes = { xmlns: "http://www.w3.org/2000/svg", ...size, viewBox: `0 0 ${size.width} ${size.height}`, role: "img", "font-family": fonts };
  return shape("svg", attributes, shape("title", {}, words), ...parts);
}
