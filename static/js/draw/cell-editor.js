// Typing into a cell: a field over it, and what is wrong with the text beside it, until it is mended or left.

import { readCell } from "../input/numbers.js";
import { messageOf, say } from "../words.js";
import { el } from "./dom.js";

const NARROWEST = 56;
const LOWEST = 30;

/** The cells that are being typed into, by their fields. @type {WeakMap<EventTarget, HTMLElement>} */
const edited = new WeakMap();

/** The cell that a field is for, if it is such a field. @param {EventTarget | null} editor */
export const editedCell = (editor) => (editor && edited.get(editor)) ?? null;

/** Close the field and leave the cell as it was. @param {EventTarget | null} editor */
export const leaveCell = (editor) => editor?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));

/**
 * @typedef {object} Editing
 * @property {HTMLElement} box what the field is put into
 * @property {HTMLElement} cell what it is put over
 * @property {string} label
 * @property {number} value what the cell holds
 * @property {string | undefined} typed what was typed to begin with
 * @property {(value: number) => void} keep
 */

/** @param {Editing} editing */
export function editCell({ box, cell, label, value, typed, keep }) {
  const editor = el("input", {
    class: "cell-editor",
    type: "text",
    "aria-label": label,
    enterkeyhint: "done",
    autocomplete: "off",
  });
  editor.value = typed ?? String(value);
  edited.set(editor, cell);
  lieOver(editor, box, cell);
  box.append(editor);
  editor.focus();
  if (typed === undefined) editor.select();

  let open = true;
  const close = (/** @type {boolean} */ refocus) => {
    open = false; // before the field goes: its going is a blur
    clearComplaint(box);
    editor.remove();
    if (refocus) cell.focus();
  };
  const finish = (/** @type {boolean} */ byKey) => {
    if (!open) return;
    if (editor.value.trim() === "") return byKey ? complain(box, editor, say("stage.cell_empty")) : close(false);
    try {
      const number = readCell(editor.value);
      close(byKey);
      if (number !== value) keep(number);
    } catch (error) {
      complain(box, editor, messageOf(error));
    }
  };
  editor.addEventListener("blur", () => finish(false));
  editor.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") finish(true);
    if (event.key === "Escape") close(true);
  });
}

/** @param {HTMLElement} editor @param {HTMLElement} box @param {HTMLElement} cell */
function lieOver(editor, box, cell) {
  const [at, around] = [cell.getBoundingClientRect(), box.getBoundingClientRect()];
  const width = Math.max(at.width + 6, NARROWEST);
  const height = Math.max(at.height + 6, LOWEST);
  editor.style.setProperty("--digits-below", getComputedStyle(cell).fontSize);
  Object.assign(editor.style, {
    left: `${at.left - around.left - (width - at.width) / 2}px`,
    top: `${at.top - around.top - (height - at.height) / 2}px`,
    width: `${width}px`,
    height: `${height}px`,
  });
}

/** @param {HTMLElement} box */
const clearComplaint = (box) => box.querySelector(".cell-error")?.remove();

/** @param {HTMLElement} box @param {HTMLInputElement} editor @param {string} message */
function complain(box, editor, message) {
  clearComplaint(box);
  const note = el("p", { class: "cell-error", role: "alert" }, say("stage.cell_fault", { message }));
  Object.assign(note.style, { left: editor.style.left, top: `${editor.offsetTop + editor.offsetHeight + 4}px` });
  box.append(note);
  editor.setAttribute("aria-invalid", "true");
}
