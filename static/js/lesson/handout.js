// Print: a sheet of paper with the picture of the step that is on screen, its settings in words and the link to it.

/** @import { ArrayChoice, Control, Drawn, Field, GradientChoice, Operation, Pictures, State } from "../types" */
/** @import { LessonPage } from "./lesson.js" */

import { channelsIn, sizeOf } from "../arrays.js";
import { el, find } from "../draw/dom.js";
import { number } from "../format.js";
import { startPaper } from "../paper.js";
import { showShape } from "../picture/shapes.js";
import { isNamed } from "../values.js";
import { say } from "../words.js";

const FEW = 8; // numbers that are listed

/** @param {LessonPage} page */
export async function startHandout(page) {
  const { operation, store } = page;
  startPaper({
    page: () => document.querySelector(".lab"),
    settings: () => [[say("common.step"), stepInWords()], ...settingsInWords(operation, store.state)],
    more: () => (operation.stage ? "" : legend()),
    drawn: operation.stage ? page.redraw : await inPicture(page),
  });
}

/** What puts the picture of a step in the place of the stage, and takes it away. @param {LessonPage} page @returns {Promise<(printing: boolean) => void>} */
async function inPicture(page) {
  /** @type {Pictures} */
  const { drawAt } = await import("../picture/step.js");
  /** @type {Drawn | undefined} */
  let frame;
  page.onShown((shown) => (frame = shown.frame));
  const picture = el("div", { class: "picture" });
  const style = getComputedStyle(document.documentElement);
  const look = { token: (/** @type {string} */ name) => style.getPropertyValue(name), isPaper: true };
  return (printing) => {
    picture.remove();
    if (!printing) document.dispatchEvent(new Event("roomchange")); // the stage has the screen's again
    if (!printing || !frame) return;
    find(".stage-card", HTMLElement).append(picture);
    showShape(picture, drawAt(frame, Number.POSITIVE_INFINITY, look));
    fit(find("svg", SVGSVGElement, picture));
  };
}

/** As wide as what is drawn in it: who writes a picture guesses how wide its texts are. @param {SVGSVGElement} svg */
function fit(svg) {
  const { x, width } = svg.getBBox();
  const [height, right] = [svg.viewBox.baseVal.height, x + width + x];
  svg.setAttribute("viewBox", `0 0 ${right} ${height}`);
  svg.setAttribute("width", String(right));
}

function stepInWords() {
  const { value, max } = find('[data-role="slider"]', HTMLInputElement);
  return say("common.of", { step: Number(value) + 1, total: Number(max) + 1 });
}

/** @param {Operation} operation @param {State} state @returns {[name: string, value: string][]} */
function settingsInWords(operation, state) {
  const controls = operation.cards.flatMap((card) => card.controls);
  return shown(operation, state).flatMap((field) => {
    const value = valueBy(field, controls.filter((control) => control.field === field.name), state) ?? inWords(field, state[field.name]);
    return value ? [[field.label, value]] : [];
  });
}

/** What its controls say that a field is set to: in their own words, or by the name of what is chosen. @param {Field} field @param {Control[]} controls @param {State} state */
function valueBy({ name, options = {} }, controls, state) {
  const own = controls.find(({ valueText }) => valueText)?.valueText?.(state);
  const chosen = controls.find(({ kind, read }) => kind === "choice" && !read)?.options?.find(({ value }) => value === state[name]);
  return own ?? (chosen ? ("called" in chosen ? chosen.called(state) : chosen.label) : options[String(state[name])]);
}

/** What the colours of cells mean, also without colour. */
const legend = () =>
  el("p", {}, el("span", { class: "sample" }), ` ${say("lesson.positive")} `, el("span", { class: "sample below" }), ` ${say("lesson.negative")}`);

/** The settings that apply now, each once. @param {Operation} operation @param {State} state @returns {Field[]} */
function shown({ fields, cards }, state) {
  const controls = cards.flatMap((card) => card.controls).filter((control) => control.when?.(state) ?? true);
  return fields.filter(({ name }) => controls.some(({ field }) => field === name));
}

/** @param {Field} field @param {unknown} value */
function inWords(field, value) {
  if (Array.isArray(value)) return value.join(value.length === 2 ? " × " : ", ");
  if (isNamed(value)) return ofArray(value);
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
