// From one zoom to the next: what was clicked grows into what is opened, and shrinks back into its place.
//
// A picture of the smaller of the two goes from the one to the other, over a page that has changed already. It is only
// moved and scaled, which takes a browser a tenth of what a view transition takes: that copies and blends both.

import { el } from "../draw/dom.js";
import { motionAllowed } from "../draw/motion.js";

const DURATION = 320; // milliseconds
const OPAQUE = 0.6; // of them: then what was opened shows through

/** A picture of a map or a cell, without its numbers. @param {Element} node */
function pictureOf(node) {
  const source = node.querySelector("canvas");
  const canvas = el("canvas", { class: "zoomed", "aria-hidden": "true" });
  [canvas.width, canvas.height] = source ? [source.width, source.height] : [1, 1];
  const context = canvas.getContext("2d");
  if (source) context?.drawImage(source, 0, 0);
  else if (context) {
    context.fillStyle = getComputedStyle(node).backgroundColor;
    context.fillRect(0, 0, 1, 1);
  }
  return canvas;
}

/** Lay a picture over a place, and let it begin where another is. @param {HTMLElement} picture @param {DOMRect} from @param {DOMRect} to @param {boolean} grows */
function fly(picture, from, to, grows) {
  Object.assign(picture.style, { left: `${to.left}px`, top: `${to.top}px`, width: `${to.width}px`, height: `${to.height}px` });
  document.body.append(picture);
  const start = `translate(${from.left - to.left}px, ${from.top - to.top}px) scale(${from.width / to.width}, ${from.height / to.height})`;
  const easing = getComputedStyle(picture).getPropertyValue("--ease");
  picture.animate({ transform: [start, "none"] }, { duration: DURATION, easing });
  const fade = picture.animate({ opacity: [1, 1, grows ? 0 : 1], offset: [0, OPAQUE, 1] }, { duration: DURATION });
  fade.finished.catch(() => {}).then(() => picture.remove());
}

/**
 * Change what is seen, so that the one place becomes the other before one's eyes.
 * @param {() => Element | null} from @param {() => void} change @param {() => Element | null} to
 */
export function zoom(from, change, to) {
  const before = motionAllowed() ? from() : null;
  if (!before) return change();
  const start = before.getBoundingClientRect();
  change();
  const after = to();
  const end = after?.getBoundingClientRect();
  if (!after || !end?.width || !end.height) return;
  const grows = end.width > start.width;
  fly(pictureOf(grows ? before : after), start, end, grows);
}
