// Numbers that are pasted onto a grid, or into a text first: from a spreadsheet, a program, a letter.

/** @import { Bench, Control } from "../types" */
/** @import { GridSpot, Sheet } from "./placing.js" */

import { refusedBy } from "../api.js";
import { editedCell, leaveCell } from "../draw/cell-editor.js";
import { buttonTo } from "../draw/dom.js";
import { rangeOf } from "../limits.js";
import { isTyping } from "../shell.js";
import { say } from "../words.js";
import { pasteDialog, readFor, use } from "./paste-dialog.js";
import { readNumbers, together } from "./reader.js";

/** The control that sets a field's size, where the page has one. @param {Bench} page @param {string} field @returns {Control | undefined} */
export const sizing = (page, field) =>
  page.operation.cards
    .flatMap(({ controls }) => controls)
    .find((control) => control.kind === "size" && control.field === field);

/** What programs call a field. @param {string} field */
const arrayOf = (field) => ({ kernel: "weight", logits: "input" })[field] ?? field;

/** The grids of a field. @param {Bench} page @param {string} field @returns {Sheet} */
function sheetOf(page, field) {
  const label = page.operation.fields.find(({ name }) => name === field)?.label ?? field;
  return {
    label,
    array: arrayOf(field),
    planes: () => page.planes(field),
    limits: () => {
      const control = sizing(page, field);
      return control ? (rangeOf(page.trace?.limits, control.limit) ?? { height: [1, 32], width: [1, 32] }) : null;
    },
    keep: async (planes) => refusedBy(await page.change({ [field]: page.typed(field, planes) })),
    tell: (sentence) => page.message.show(sentence),
  };
}

/** @typedef {(element: Element | null) => { sheet: Sheet, spot: GridSpot } | null} Find the grid and the cell that an element is */

/** Take what is pasted onto the grids of a page. @param {Bench} page */
export function startPasting(page) {
  takePasted((element) => {
    const spot = page.grids?.spotOf(element);
    if (!spot?.model.edit) return null;
    const { field, channel } = spot.model.edit;
    return { sheet: sheetOf(page, field), spot: { channel, cell: [spot.row, spot.col] } };
  });
}

/** @param {Find} find */
export const takePasted = (find) =>
  document.addEventListener("paste", (event) => onPaste(event, find), { capture: true });

/** Numbers that are pasted onto a grid become its cells; one number alone becomes the cell that has the focus. @param {ClipboardEvent} event @param {Find} find */
async function onPaste(event, find) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!text.trim()) return;
  const edited = editedCell(event.target);
  const found = find(edited ?? document.activeElement);
  const typed = edited ? !/\S\s*[\t\n;[]/.test(text.trim()) : isTyping(event.target);
  // A spreadsheet puts a picture of the cells beside their numbers, which is no photo; a file's name beside a photo is.
  if (found || typed || readNumbers(text).readings.length) event.stopImmediatePropagation();
  if (!found || typed) return;
  event.preventDefault();
  if (edited) leaveCell(event.target); // more than a cell holds
  const { sheet, spot } = found;
  const { readings, faults } = readFor(text, sheet);
  const [reading] = readings;
  const why = reading && readings.length === 1 ? await use(sheet, spot, reading) : together(faults);
  if (readings.length === 1 && !why) return;
  pasteDialog().open(sheet, spot, text);
  if (why) pasteDialog().complain(why);
}

/** The button that opens the dialog for a field. @param {Bench} page @param {string} field @param {string} [text] */
export const pasteButton = (page, field, text) => sheetButton(sheetOf(page, field), text);

/** @param {Sheet} sheet @param {string} [text] what it says */
export function sheetButton(sheet, text = say("paste.paste_numbers")) {
  return buttonTo(() => pasteDialog().open(sheet, { channel: 0 }), {}, text);
}
