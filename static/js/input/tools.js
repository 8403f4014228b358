// What a grid can be filled with besides the presets: by drawing, by pasting, from a photo.

/** @import { Bench, Control, Updates } from "../types" */
/** @import { Store } from "../state.js" */

import { el } from "../draw/dom.js";
import { takeFiles } from "../files.js";
import { later, MISSING } from "../later.js";
import { say } from "../words.js";
import { pasteButton, sizing } from "./paste.js";

/** The tools of a grid; an input has more of them than weights have. @param {Control} control @param {Store} _ @param {Updates} updates @param {Bench} [page] */
export function gridTools({ field, label, named }, _, updates, page) {
  if (!page) return el("div", {});
  const paste = pasteButton(page, field, named ? say("paste.title", { label }) : undefined);
  if (field === "input") return inputTools(label, paste, updates, page);
  return el("div", { class: "tools", role: "group", "aria-label": label }, paste);
}

/** @param {string} label @param {HTMLElement} paste @param {Updates} updates @param {Bench} page */
function inputTools(label, paste, updates, page) {
  const sized = sizing(page, "input") !== undefined; // a window of a photo is as large as one likes
  const draw = el("button", { type: "button", class: "button", "aria-pressed": "false" }, say("fill.draw"));
  const photo = el("button", { type: "button", class: "button", "aria-expanded": "false", title: say("fill.window_photo") }, say("common.photo"));
  const tools = el("div", { class: "tools", role: "group", "aria-label": say("fill.label", { label: label.toLowerCase() }) }, draw, paste, sized ? photo : null);
  const box = el("div", {}, tools);
  const drawing = later(import("./drawing.js").then(({ Drawing }) => startDrawing(new Drawing(page), draw)));
  const missing = () => page.message.show(MISSING);
  draw.addEventListener("click", () => drawing.then((tool) => tool.toggle(), missing));
  if (!sized) return box;
  const files = fileChooser();
  const panel = later(import("./photo.js").then(({ PhotoPanel }) => startPhoto(new PhotoPanel(page, files), photo, box)));
  photo.addEventListener("click", () => panel.then((tool) => tool.toggle(), missing));
  takeFiles((file) => panel.then((tool) => tool.take(file), missing), files); // at once: what is dropped before waits
  updates.push((state) => panel.then((tool) => tool.update(state), () => {}));
  return box;
}

/** A photo of one's own: a button, and what is lit while one is dragged over the page. */
function fileChooser() {
  const file = el("input", {
    type: "file",
    accept: "image/png,image/jpeg,image/webp,image/gif,image/bmp,image/avif",
    hidden: true,
    "data-role": "file",
    "aria-label": say("fill.own_photo_label"),
  });
  const choose = el("button", { type: "button", class: "button", "data-action": "choose-file" }, say("fill.your_own_photo"));
  const hint = el("span", { class: "field-note" }, `${say("fill.or_drop")} ${document.body.dataset["uploads"]}`);
  return el("div", {}, el("div", { class: "drop", "data-role": "drop" }, choose, hint, file));
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
