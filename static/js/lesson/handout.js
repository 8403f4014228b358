// Print: a sheet of paper with the step that is on screen, its settings in words and the link to it.

/** @import { ArrayChoice, Control, Field, Operation, State } from "../types" */

import { channelsIn, sizeOf } from "../arrays.js";
import { byRole, el, onAction } from "../draw/dom.js";

/**
 * Settings and link are put on the page when it is printed, in light colours and as wide as the paper.
 * @param {Operation} operation @param {() => State} state @param {() => void} redraw
 */
export function startHandout(operation, state, redraw) {
  const root = document.documentElement;
  let theme = root.dataset["theme"];
  addEventListener("beforeprint", () => {
    theme = root.dataset["theme"];
    root.dataset["theme"] = "light";
    root.classList.add("printing");
    fill(operation, state());
    redraw();
  });
  addEventListener("afterprint", () => {
    root.dataset["theme"] = theme ?? "light";
    root.classList.remove("printing");
    byRole("handout").hidden = true;
    redraw();
  });
  onAction("print", () => print());
  for (const button of document.querySelectorAll('[data-action="print"]')) button.removeAttribute("disabled");
}

/** @param {Operation} operation @param {State} state */
function fill(operation, state) {
  const rows = shown(operation, state).flatMap((field) => [
    el("dt", {}, field.label),
    el("dd", {}, inWords(field, state[field.name])),
  ]);
  const box = byRole("handout");
  box.replaceChildren(el("dl", {}, ...rows), el("p", { class: "handout-link" }, location.href));
  box.hidden = false;
}

/** The settings that apply now, each once. @param {Operation} operation @param {State} state @returns {Field[]} */
function shown({ fields, cards }, state) {
  const controls = cards.flatMap((card) => card.controls).filter((control) => control.when?.(state) ?? true);
  return fields.filter((field) => controls.some((control) => concerns(control, field)));
}

/** @param {Control} control @param {Field} field */
const concerns = (control, field) => control.field === field.name;

/** @param {Field} field @param {any} value */
function inWords(field, value) {
  if (value && typeof value === "object" && ("preset" in value || "values" in value)) return ofArray(value);
  return field.format(value).replaceAll("_", " ").replace("x", " × ").replaceAll(",", ", ").replaceAll("-", "−");
}

/** @param {ArrayChoice} choice */
function ofArray(choice) {
  const channels = channelsIn(choice);
  const size = `${sizeOf(choice).join(" × ")}${channels > 1 ? `, ${channels} channels` : ""}`;
  if ("values" in choice) return `own numbers, ${size}`;
  return `${choice.preset.replaceAll("-", " ")}, ${size}${choice.seed ? `, seed ${choice.seed}` : ""}`;
}
