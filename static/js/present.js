// The page as a class sees it on the wall: one thing on the screen, large, and keys for whoever stands beside it.

/**
 * What the keys of a remote control and those of the speed do.
 * @typedef {object} Steps
 * @property {() => void} next
 * @property {() => void} previous
 * @property {(by: number) => void} changeSpeed choose the speed so many places after the present one
 */

import { el, isModified, onAction } from "./draw/dom.js";
import { keep } from "./remembered.js";
import { isRequested, searchWith } from "./share.js";
import { areKeysOn, isTyping, LETTER_KEYS } from "./shell.js";
import { say } from "./words.js";

const PHONE = matchMedia("(max-width: 640px)"); // as in layout.css

const isPresenting = () => document.documentElement.hasAttribute("data-present");

/** As for a projector where the link says so, but for a stage with its arithmetic on a phone: digits for the last row leave no room for it there. */
function hang() {
  document.documentElement.toggleAttribute("data-present", isRequested() && !(PHONE.matches && document.querySelector(".lab")));
}

/** Show the page as for a projector, or as usual; the link says which. */
function togglePresent() {
  history.replaceState(null, "", location.pathname + searchWith(!isRequested()) + location.hash);
  hang();
  dispatchEvent(new Event("resize")); // there is another room for the stage
}

function toggleFullScreen() {
  const { documentElement: root } = document;
  const done = document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.();
  done?.catch(() => {}); // refused: by the browser, or within a frame
}

/** A blank screen: any key or click ends it. */
function blank() {
  const node = el("button", { type: "button", class: "blank", "aria-label": say("present.blank") });
  const end = (/** @type {Event} */ event) => {
    event.preventDefault();
    event.stopPropagation();
    node.remove();
    removeEventListener("keydown", end, { capture: true });
  };
  addEventListener("keydown", end, { capture: true });
  node.addEventListener("click", end);
  document.body.append(node);
  node.focus();
}

/** Whether the focus is on the stage, or the page is on the wall. @param {EventTarget | null} target */
const isHeard = (target) => isPresenting() || (target instanceof Element && target.closest(".stage-card, .transport, .run-bar, .opened") !== null);

/** What the keys do that steps leave. @param {Steps} steps @returns {Record<string, () => void>} */
const letters = (steps) => ({
  p: togglePresent,
  f: toggleFullScreen,
  b: blank,
  q: () => document.querySelector('[data-action="qr"]')?.dispatchEvent(new MouseEvent("click", { bubbles: true })),
  "+": () => steps.changeSpeed(1),
  "=": () => steps.changeSpeed(1), // the same key without Shift
  "-": () => steps.changeSpeed(-1),
  PageDown: steps.next,
  PageUp: steps.previous,
});

/** @param {KeyboardEvent} event @param {Steps} steps */
function onKey(event, steps) {
  const { key, target } = event;
  if (isModified(event) || event.defaultPrevented || isTyping(target)) return;
  if (document.querySelector("dialog[open]")) return;
  const isPaging = key.startsWith("Page");
  const act = letters(steps)[key.length === 1 ? key.toLowerCase() : key];
  if (!act || (isPaging ? !isPresenting() : !areKeysOn() || !isHeard(target))) return;
  event.preventDefault();
  act();
}

/** @param {Steps} steps */
export function startPresenting(steps) {
  hang();
  PHONE.addEventListener("change", hang); // the stage measures its room when the window has changed, a moment later
  onAction("present", togglePresent);
  document.addEventListener("keydown", (event) => onKey(event, steps));
  const choice = document.querySelector('[data-role="letter-keys"]');
  if (!(choice instanceof HTMLInputElement)) return;
  choice.checked = areKeysOn();
  choice.addEventListener("change", () => keep(LETTER_KEYS, choice.checked ? "on" : "off"));
}
