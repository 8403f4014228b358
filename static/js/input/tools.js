// What a grid can be filled with besides the presets: by drawing, by pasting, from a photo.

/** @import { Bench, Control, Limits, State } from "../types" */
/** @import { Store } from "../state.js" */

import { el } from "../draw/dom.js";
import { Drawing } from "./drawing.js";
import { pasteButton } from "./paste.js";
import { PhotoPanel } from "./photo.js";

/** @typedef {((state: State, limits: Limits | undefined) => void)[]} Updates */

/** The tools of the input. @param {Control} control @param {Store} _ @param {Updates} updates @param {Bench} [page] */
export function inputTools({ field, label }, _, updates, page) {
  if (!page) return el("div", {});
  const drawing = new Drawing(page);
  document.querySelector(".intro")?.append(drawing.bar);
  const draw = el("button", { type: "button", class: "button", "aria-pressed": "false" }, "Draw");
  draw.addEventListener("click", () => drawing.toggle());
  drawing.onChange((on) => draw.setAttribute("aria-pressed", String(on)));
  const panel = new PhotoPanel(page);
  updates.push((state) => panel.update(state));
  const photo = el("button", { type: "button", class: "button", "aria-expanded": "false", title: "A window of a photo" }, "Photo");
  photo.addEventListener("click", () => panel.toggle());
  panel.onToggle((open) => photo.setAttribute("aria-expanded", String(open)));
  const tools = el("div", { class: "tools", role: "group", "aria-label": `Fill the ${label.toLowerCase()}` });
  tools.append(draw, pasteButton(page, { field, label }), photo);
  return el("div", {}, tools, panel.node);
}

/** The tool of a kernel. @param {Control} control @param {Store} _ @param {Updates} __ @param {Bench} [page] */
export const kernelTools = ({ field, label }, _, __, page) =>
  el("div", { class: "tools" }, ...(page ? [pasteButton(page, { field, label })] : []));
