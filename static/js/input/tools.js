// What a grid can be filled with besides the presets: by drawing, by pasting, from a photo.

/** @import { Bench, Control, Limits, State } from "../types" */
/** @import { Store } from "../state.js" */

import { el } from "../draw/dom.js";
import { later, MISSING } from "../later.js";
import { pasteButton } from "./paste.js";

/** @typedef {((state: State, limits: Limits | undefined) => void)[]} Updates */

/** The tools of the input. @param {Control} control @param {Store} _ @param {Updates} updates @param {Bench} [page] */
export function inputTools({ field, label }, _, updates, page) {
  if (!page) return el("div", {});
  const draw = el("button", { type: "button", class: "button", "aria-pressed": "false" }, "Draw");
  const photo = el("button", { type: "button", class: "button", "aria-expanded": "false", title: "A window of a photo" }, "Photo");
  const tools = el("div", { class: "tools", role: "group", "aria-label": `Fill the ${label.toLowerCase()}` });
  tools.append(draw, pasteButton(page, { field, label }), photo);
  const box = el("div", {}, tools);
  const drawing = later(async () => startDrawing(new (await import("./drawing.js")).Drawing(page), draw));
  const panel = later(async () => startPhoto(new (await import("./photo.js")).PhotoPanel(page), photo, box));
  const missing = () => page.message.show(MISSING);
  draw.addEventListener("click", () => drawing().then((tool) => tool.toggle(), missing));
  photo.addEventListener("click", () => panel().then((tool) => tool.toggle(), missing));
  updates.push((state) => panel().then((tool) => tool.update(state), () => {}));
  return box;
}

/** @param {import("./drawing.js").Drawing} drawing @param {HTMLElement} button */
function startDrawing(drawing, button) {
  document.querySelector(".intro")?.append(drawing.bar);
  drawing.onChange((on) => button.setAttribute("aria-pressed", String(on)));
  return drawing;
}

/** @param {import("./photo.js").PhotoPanel} panel @param {HTMLElement} button @param {HTMLElement} box */
function startPhoto(panel, button, box) {
  box.append(panel.node);
  panel.onToggle((open) => button.setAttribute("aria-expanded", String(open)));
  return panel;
}

/** The tool of a kernel. @param {Control} control @param {Store} _ @param {Updates} __ @param {Bench} [page] */
export const kernelTools = ({ field, label }, _, __, page) =>
  el("div", { class: "tools" }, ...(page ? [pasteButton(page, { field, label })] : []));
