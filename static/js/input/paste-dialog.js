// A text, every way in which it can be read, and the grid that it is for. Where there are two ways the person is asked;
// what is wrong is said beside the text, and what the grid held stays.

import { buttonTo, el } from "../draw/dom.js";
import { cellText } from "../format.js";
import { messageOf, say } from "../words.js";
import { inserted } from "./placing.js";
import { readNumbers, together } from "./reader.js";

/** @import { GridSpot, Sheet } from "./placing.js" */
/** @import { ReadGrid } from "./reader.js" */

const ROWS = 5; // of a reading that are shown
const COLUMNS = 4;
const ROOM = 7; // characters of a number

/** The first numbers of a reading, as digits. @param {ReadGrid} reading @param {string} label */
function digitsOf({ planes }, label) {
  const [plane = []] = planes;
  const rows = plane.slice(0, ROWS).map((row) => {
    const cells = row.slice(0, COLUMNS).map((value) => {
      const { text, rounded } = cellText(value, ROOM);
      return el("td", {}, rounded ? `≈${cellText(value, ROOM - 1).text}` : text);
    });
    return el("tr", {}, ...cells, row.length > COLUMNS ? el("td", {}, "…") : null);
  });
  const below = plane.length > ROWS ? el("tr", {}, el("td", {}, "⋮")) : null;
  return el("table", { class: "reading-grid", "aria-label": label }, el("tbody", {}, ...rows, below));
}

/** The dialog of a page. */
class PasteDialog {
  /** @type {Sheet | null} */ #sheet = null;
  /** @type {GridSpot} */ #spot = { channel: 0 };
  #filled = ""; // what the text is where nobody changed it
  /** @type {ReadGrid[]} */ #readings = [];
  #text = el("textarea", { id: "paste-text", rows: 6, spellcheck: "false", "aria-describedby": "paste-read paste-error" });
  #read = el("p", { class: "field-note", id: "paste-read", "aria-live": "polite" });
  #error = el("p", { class: "field-error", id: "paste-error", role: "alert" });
  #question = el("fieldset", { class: "readings", hidden: true });
  #grids = el("select", { id: "paste-grid" });
  #choice = el("div", { class: "field" }, el("label", { for: "paste-grid" }, say("paste.grid")), this.#grids);
  #title = el("h2", { id: "paste-title" });
  #use = el("button", { type: "submit", class: "button primary" }, say("paste.use"));
  #dialog;

  constructor() {
    const cancel = buttonTo(() => this.#dialog.close(), {}, say("paste.cancel"));
    const help = say("paste.help");
    const form = el(
      "form",
      { method: "dialog" },
      this.#choice,
      el("label", { class: "field-note", for: "paste-text" }, help),
      this.#text,
      this.#question,
      this.#read,
      this.#error,
      el("div", { class: "dialog-buttons" }, this.#use, cancel),
    );
    this.#dialog = el("dialog", { class: "popover paste", "aria-labelledby": "paste-title" }, this.#title, form);
    document.body.append(this.#dialog);
    this.#text.addEventListener("input", () => this.#tell());
    this.#grids.addEventListener("change", () => this.#text.value === this.#filled && this.#fill());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#take();
    });
  }

  /** @param {Sheet} sheet @param {GridSpot} spot @param {string} [text] what was pasted; else the numbers that are there */
  open(sheet, spot, text) {
    this.#sheet = sheet;
    this.#spot = spot;
    const count = sheet.planes().length;
    this.#title.textContent = say("paste.title", { label: sheet.label });
    this.#choice.hidden = count < 2;
    this.#grids.replaceChildren(
      ...Array.from({ length: count }, (_, index) =>
        el("option", { value: index, selected: index === spot.channel }, say("paste.grid_of", { label: sheet.label, index: index + 1, count })),
      ),
    );
    this.#fill(text);
    if (!this.#dialog.open) this.#dialog.showModal();
    const first = this.#question.querySelector("input");
    this.#text.scrollTop = 0;
    if (text !== undefined && first) return first.focus(); // Enter takes it
    this.#text.focus();
    return this.#text.select();
  }

  /** @param {string} [text] */
  #fill(text) {
    const plane = this.#sheet?.planes()[Number(this.#grids.value)] ?? [];
    this.#filled = plane.map((row) => row.join("\t")).join("\n");
    this.#text.value = text ?? this.#filled;
    this.#tell();
  }

  /** Say how the text is read, or why it cannot be used, as it is typed: no alert breaks in on that. */
  #tell() {
    const { readings, faults } = readFor(this.#text.value, this.#sheet);
    this.#readings = readings;
    this.#error.textContent = "";
    this.#text.removeAttribute("aria-invalid");
    this.#ask();
    const [first] = readings;
    this.#read.textContent = readings.length > 1 ? say("paste.which") : say("paste.sentence", { text: first?.how ?? together(faults) });
    this.#read.classList.toggle("field-error", faults.length > 0);
    this.#use.disabled = faults.length > 0;
  }

  /** The ways to read the text, where there is more than one; the first is marked. */
  #ask() {
    const readings = this.#readings.length > 1 ? this.#readings : [];
    this.#question.hidden = !readings.length;
    this.#text.rows = readings.length ? 3 : 6;
    const ways = readings.map((reading, index) => {
      const input = el("input", { type: "radio", name: "reading", value: index, checked: index === 0 });
      const digits = digitsOf(reading, say("paste.reading", { index: index + 1 }));
      digits.addEventListener("click", () => input.click());
      return el("div", { class: "reading" }, el("label", {}, input, el("span", {}, reading.how)), digits);
    });
    this.#question.replaceChildren(el("legend", {}, say("paste.ways", { readings: readings.length })), ...ways);
  }

  /** @param {string} message */
  complain(message) {
    this.#read.textContent = "";
    this.#error.textContent = say("paste.sentence", { text: message.replace(/\.$/, "") });
    this.#text.setAttribute("aria-invalid", "true");
  }

  async #take() {
    /** @type {HTMLInputElement | null} */
    const chosen = this.#question.querySelector("input:checked");
    const reading = this.#readings[Number(chosen?.value ?? 0)];
    if (!reading || !this.#sheet) return;
    const why = await use(this.#sheet, { ...this.#spot, channel: Number(this.#grids.value) }, reading);
    return why ? this.complain(why) : this.#dialog.close();
  }
}

/** Put a reading into a grid, and say what was left out of it. @param {Sheet} sheet @param {GridSpot} spot @param {ReadGrid} reading @returns {Promise<string>} why it cannot be, where it cannot */
export async function use(sheet, spot, { planes, how, dropped }) {
  try {
    const why = await sheet.keep(inserted({ label: sheet.label, now: sheet.planes(), room: sheet.limits() }, spot, planes));
    if (!why && dropped) sheet.tell(say("paste.pasted", { how }));
    return why;
  } catch (error) {
    return messageOf(error);
  }
}

/** The readings of a text; of several arrays the one with the grid's own name comes first. @param {string} text @param {Sheet | null} sheet */
export function readFor(text, sheet) {
  const { readings, faults } = readNumbers(text);
  const other = (/** @type {ReadGrid} */ { name }) => Number(name !== sheet?.array);
  return { readings: readings.toSorted((one, two) => other(one) - other(two)), faults };
}

/** @type {PasteDialog | null} */
let dialog = null;

/** The one dialog of a page. */
export const pasteDialog = () => (dialog ??= new PasteDialog());
