// Print: a sheet of paper with the step that is on screen, its settings in words and the link to it.

/** @import { ArrayChoice, Control, Field, GradientChoice, Operation, State } from "../types" */

import { channelsIn, sizeOf } from "../arrays.js";
import { byRole, el, onAction } from "../draw/dom.js";
import { number } from "../format.js";
import { addressNode, sharedAddress } from "../share.js";
import { say } from "../words.js";

const SIGNED = ".cell, .chip-value";
const TALL = 1330; // as in lesson.css: A4 within its margins, at three quarters of the size
const SCALE = 0.75;
const FEW = 8; // numbers that are listed

/**
 * Settings and link are put on the page when it is printed, in light colours and as wide as the paper.
 * @param {Operation} operation @param {() => State} state @param {() => void} redraw
 */
export function startHandout(operation, state, redraw) {
  const root = document.documentElement;
  let theme = "light";
  const dress = (/** @type {string} */ scheme, /** @type {boolean} */ printing) => {
    root.dataset["theme"] = scheme;
    root.classList.toggle("printing", printing);
    document.dispatchEvent(new Event("themechange"));
    redraw();
  };
  addEventListener("beforeprint", () => {
    theme = root.dataset["theme"] ?? "light";
    fill(operation, state());
    dress("light", true);
    const tall = byRole("stage").closest(".lab")?.scrollHeight ?? 0;
    root.style.setProperty("--print-zoom", String(Math.min(SCALE, (SCALE * TALL) / tall)));
    for (const cell of document.querySelectorAll(SIGNED)) mark(cell);
  });
  addEventListener("afterprint", () => {
    byRole("handout").hidden = true;
    for (const cell of document.querySelectorAll(SIGNED)) cell.removeAttribute("data-sign");
    dress(theme, false);
  });
  onAction("print", () => print());
  for (const button of document.querySelectorAll('[data-action="print"]')) button.removeAttribute("disabled");
}

/** Say what is negative by what a cell says, or would say to a screen reader where it is too small for a number. @param {Element} cell */
function mark(cell) {
  const shown = cell.getAttribute("aria-label") ?? cell.lastChild?.textContent ?? "";
  if (/^≈?−/.test(shown)) cell.setAttribute("data-sign", "negative");
}

/** @param {Operation} operation @param {State} state */
function fill(operation, state) {
  const rows = shown(operation, state).flatMap((field) => [
    el("dt", {}, field.label),
    el("dd", {}, inWords(field, state[field.name])),
  ]);
  const box = byRole("handout");
  const { value, max } = /** @type {HTMLInputElement} */ (byRole("slider"));
  const step = say("common.of", { step: Number(value) + 1, total: Number(max) + 1 });
  box.replaceChildren(
    el("dl", {}, el("dt", {}, say("common.step")), el("dd", {}, step), ...rows),
    el("p", { class: "handout-link" }, addressNode(sharedAddress())),
    document.querySelector(".stage .cell") ? legend() : "",
  );
  box.hidden = false;
}

/** What the colours of cells mean, also without colour. */
const legend = () =>
  el("p", {}, el("span", { class: "sample" }), ` ${say("lesson.positive")} `, el("span", { class: "sample below" }), ` ${say("lesson.negative")}`);

/** The settings that apply now, each once. @param {Operation} operation @param {State} state @returns {Field[]} */
function shown({ fields, cards }, state) {
  const controls = cards.flatMap((card) => card.controls).filter((control) => control.when?.(state) ?? true);
  return fields.filter((field) => controls.some((control) => concerns(control, field)));
}

/** @param {Control} control @param {Field} field */
const concerns = (control, field) => control.field === field.name;

/** @param {Field} field @param {any} value */
function inWords(field, value) {
  if (Array.isArray(value)) return value.join(value.length === 2 ? " × " : ", ");
  if (typeof value === "object") return ofArray(value);
  return field.format(value).replaceAll("_", " ").replaceAll("-", "−");
}

/** @param {ArrayChoice | GradientChoice} choice */
function ofArray(choice) {
  if (!("values" in choice || "size" in choice)) return [choice.preset, ...seedOf(choice)].join(", ");
  const channels = channelsIn(choice);
  const size = [sizeOf(choice).join(" × "), ...(channels > 1 ? [say("lesson.channels", { channels })] : [])].join(", ");
  if ("values" in choice) {
    const all = choice.values.flat(2);
    return all.length <= FEW ? all.map(number).join(", ") : say("lesson.own_numbers", { size });
  }
  return [choice.preset.replaceAll("-", " "), size, ...seedOf(choice)].join(", ");
}

/** @param {{ seed?: number }} choice */
const seedOf = ({ seed }) => (seed ? [say("lesson.seed", { seed })] : []);
