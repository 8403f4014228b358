// Arrows between maps and layers; inside a grid that was entered they are the grid's own.

/** @import { Closer } from "./closer.js" */

import { byRole, findAll } from "../draw/dom.js";
import { isTyping } from "../shell.js";

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** Whether something else has the arrows where the focus is. @param {EventTarget | null} target */
const isTaken = (target) =>
  isTyping(target) ||
  target instanceof HTMLInputElement ||
  (target instanceof Element && target.closest('[role="grid"], [role="region"], .mover') !== null) ||
  document.querySelector("dialog[open]") !== null;

/** Whether Enter presses what has the focus. @param {EventTarget | null} target */
const isPressed = (target) => target instanceof Element && target.closest("a, button, summary") !== null;

/** @param {HTMLElement} node */
const isFocused = (node) => node === document.activeElement;

/** From one map of the network to the next, and to those of the layers beside it. @param {number} down @param {number} right */
function moveFocus(down, right) {
  const rows = [...byRole("network").children].slice(1).map((row) => findAll("[data-at]", HTMLElement, row));
  const row = rows.findIndex((maps) => maps.some(isFocused));
  if (row < 0) return false;
  const at = rows[row].findIndex(isFocused);
  const maps = rows[row + down] ?? [];
  maps[Math.min(at + right, maps.length - 1)]?.focus();
  return true;
}

/** @param {Closer} closer */
export function startKeys(closer) {
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTaken(target)) return;
    const [down, right] = ARROWS[key] ?? [0, 0];
    const isDone = key in ARROWS ? moveFocus(down, right) || closer.step(down, right) : key === "Enter" && !isPressed(target) && closer.enter();
    if (isDone) event.preventDefault();
  });
}
