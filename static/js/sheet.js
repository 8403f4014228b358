// The settings on a page of one column: a sheet over its lower half, so that what they change stays in sight.

import { byRole, onAction } from "./draw/dom.js";

/** Show the settings as a sheet, or in their place below the stage. @param {boolean} on */
function showSheet(on) {
  byRole("inspector").toggleAttribute("data-sheet", on);
  for (const button of document.querySelectorAll('[data-action="settings"]')) button.setAttribute("aria-expanded", String(on));
  if (on) byRole("stage").scrollIntoView({ block: "start" });
}

export function startSheet() {
  const isOn = () => byRole("inspector").hasAttribute("data-sheet");
  onAction("settings", () => showSheet(!isOn()));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !isOn() || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    showSheet(false);
  });
}
