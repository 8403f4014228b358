// Numbers from a spreadsheet: pasted onto a grid, or into a text first. What is wrong is said beside it, and kept.

/** @import { Bench, Control, Pair, State } from "../types" */

import { el } from "../draw/dom.js";
import { isTyping } from "../shell.js";
import { readNumbers } from "./numbers.js";

/** @typedef {{ field: string, label: string }} Target */

/** @param {Pair} size */
const shown = ([height, width]) => `${height} × ${width}`;

/** @param {number[][]} plane @returns {Pair} */
const sizeOf = (plane) => [plane.length, plane[0]?.length ?? 0];

/** The control that sets a field's size, where the page has one. @param {Bench} page @param {string} field @returns {Control | undefined} */
const sizing = (page, field) =>
  page.operation.cards
    .flatMap(({ controls }) => controls)
    .find((control) => control.kind === "size" && control.field === field);

/**
 * The settings with one grid of a field replaced.
 * @param {Bench} page @param {Target} target @param {number} channel @param {number[][]} values @returns {State}
 */
function replaced(page, { field, label }, channel, values) {
  const planes = page.planes(field);
  const [now, given] = [sizeOf(planes[channel] ?? []), sizeOf(values)];
  if (shown(now) !== shown(given)) {
    const control = sizing(page, field);
    const why = `${label} is ${shown(now)}, and this is ${shown(given)}`;
    if (!control) throw new Error(`${why}: here it keeps its size`);
    if (planes.length > 1) throw new Error(`${why}: it is one of ${planes.length} grids, which have one size`);
    const { height, width } = page.trace?.limits?.[control.limit ?? ""] ?? { height: [1, 32], width: [1, 32] };
    const fits = given[0] >= height[0] && given[0] <= height[1] && given[1] >= width[0] && given[1] <= width[1];
    if (!fits)
      throw new Error(
        `${label} of ${shown(given)} does not fit what else is set: it can have ${height.join(" to ")} rows and ${width.join(" to ")} columns`,
      );
  }
  return { [field]: page.typed(field, planes.length > 1 ? planes.with(channel, values) : [values]) };
}

/** A text, what it is read as, and the grid that it is for. */
class PasteDialog {
  #target = /** @type {Target} */ ({ field: "", label: "" });
  #text = el("textarea", { id: "paste-text", rows: 8, spellcheck: "false", "aria-describedby": "paste-read paste-error" });
  #read = el("p", { class: "field-note", id: "paste-read", "aria-live": "polite" });
  #error = el("p", { class: "field-error", id: "paste-error", role: "alert" });
  #grids = el("select", { id: "paste-grid" });
  #choice = el("div", { class: "field" }, el("label", { for: "paste-grid" }, "Grid"), this.#grids);
  #title = el("h2", { id: "paste-title" });
  #dialog;

  /** @param {Bench} page */
  constructor(page) {
    this.page = page;
    const use = el("button", { type: "submit", class: "button primary" }, "Use these numbers");
    const cancel = el("button", { type: "button", class: "button" }, "Cancel");
    const help = "Rows on lines of their own; tabs, semicolons, commas or blanks between the numbers.";
    const form = el(
      "form",
      { method: "dialog" },
      this.#choice,
      el("label", { class: "field-note", for: "paste-text" }, help),
      this.#text,
      this.#read,
      this.#error,
      el("div", { class: "dialog-buttons" }, use, cancel),
    );
    this.#dialog = el("dialog", { class: "popover paste", "aria-labelledby": "paste-title" }, this.#title, form);
    document.body.append(this.#dialog);
    cancel.addEventListener("click", () => this.#dialog.close());
    this.#text.addEventListener("input", () => this.#tell());
    this.#grids.addEventListener("change", () => this.#fill());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#use();
    });
  }

  /** @param {Target} target @param {number} channel @param {string} [text] what was pasted; else the numbers that are there */
  open(target, channel, text) {
    this.#target = target;
    const count = this.page.planes(target.field).length;
    this.#title.textContent = `Paste numbers: ${target.label}`;
    this.#choice.hidden = count < 2;
    this.#grids.replaceChildren(
      ...Array.from({ length: count }, (_, index) =>
        el("option", { value: index, selected: index === channel }, `${target.label} ${index + 1} of ${count}`),
      ),
    );
    this.#fill(text);
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#text.focus();
    this.#text.select();
  }

  /** @param {string} [text] */
  #fill(text) {
    const plane = this.page.planes(this.#target.field)[Number(this.#grids.value)] ?? [];
    this.#text.value = text ?? plane.map((row) => row.join("\t")).join("\n");
    this.#tell();
  }

  /** Say how the text is read, as it is typed; faults are an alert only when it is to be used. */
  #tell() {
    const { how, faults } = readNumbers(this.#text.value);
    this.#error.textContent = "";
    this.#text.removeAttribute("aria-invalid");
    this.#read.textContent = faults.length ? `${faults.join(". ")}.` : `${how}.`;
  }

  /** @param {string} message */
  complain(message) {
    this.#read.textContent = "";
    this.#error.textContent = message;
    this.#text.setAttribute("aria-invalid", "true");
  }

  async #use() {
    const { values, faults } = readNumbers(this.#text.value);
    if (faults.length) return this.complain(`${faults.join(". ")}.`);
    try {
      const patch = replaced(this.page, this.#target, Number(this.#grids.value), values);
      const refused = await this.page.change(patch);
      if (refused) return this.complain(refused.message);
    } catch (error) {
      return this.complain(`${/** @type {Error} */ (error).message}.`);
    }
    return this.#dialog.close();
  }
}

/** @type {WeakMap<Bench, PasteDialog>} */
const dialogs = new WeakMap();

/** The one dialog of a page. @param {Bench} page */
function dialogOf(page) {
  const dialog = dialogs.get(page) ?? new PasteDialog(page);
  dialogs.set(page, dialog);
  return dialog;
}

/** Take what is pasted onto the grids of a page. @param {Bench} page */
export const startPasting = (page) =>
  document.addEventListener("paste", (event) => onPaste(event, page), { capture: true });

/** Numbers that are pasted onto a grid become its cells; one number alone becomes the cell that has the focus. @param {ClipboardEvent} event @param {Bench} page */
async function onPaste(event, page) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!text.trim()) return undefined;
  event.stopImmediatePropagation(); // a spreadsheet puts a picture of the cells beside them, which is no photo
  const spot = page.stage.spotOf(document.activeElement);
  if (!spot?.model.edit || isTyping(event.target)) return undefined;
  event.preventDefault();
  const { field, channel } = spot.model.edit;
  const label = page.operation.fields.find(({ name }) => name === field)?.label ?? field;
  const { values, faults } = readNumbers(text);
  const explain = (/** @type {string} */ why) => {
    const dialog = dialogOf(page);
    dialog.open({ field, label }, channel, text);
    dialog.complain(`${why.replace(/\.$/, "")}.`);
  };
  if (faults.length) return explain(faults.join(". "));
  const single = values.length === 1 && values[0]?.length === 1;
  const plane = page.planes(field)[channel] ?? [];
  const placed = single ? plane.with(spot.row, (plane[spot.row] ?? []).with(spot.col, values[0]?.[0] ?? 0)) : values;
  try {
    const refused = await page.change(replaced(page, { field, label }, channel, placed));
    if (refused) throw refused;
  } catch (error) {
    explain(/** @type {Error} */ (error).message);
  }
  return undefined;
}

/** The button that opens it for one field. @param {Bench} page @param {Target} target */
export function pasteButton(page, target) {
  const button = el("button", { type: "button", class: "button" }, "Paste numbers");
  button.addEventListener("click", () => dialogOf(page).open(target, 0));
  return button;
}
