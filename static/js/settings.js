// The settings beside the stage, and how the output size comes about: built when the first frame is drawn, which does
// without them.

/** @import { Bench, OperationTimeline } from "./types" */

import { presets } from "./api.js";
import { byRole, el, onAction } from "./draw/dom.js";
import { drawFormula } from "./draw/formula.js";
import { startPasting } from "./input/paste.js";
import { gridTools } from "./input/tools.js";
import { Inspector } from "./inspector.js";

/** How the output size comes about; where two are compared, for each. @param {OperationTimeline} timeline */
function formulae({ sizes }) {
  return sizes.map(({ name, geometry }) => {
    const box = el("div", {});
    if (geometry) drawFormula(box, geometry);
    return name ? el("div", {}, el("div", { class: "legend" }, name), box) : box;
  });
}

/** On a page of one column: show the settings as a sheet over its lower half, so that what they change stays in sight, or in their place below the stage. @param {boolean} on */
function showSheet(on) {
  byRole("inspector").toggleAttribute("data-sheet", on);
  for (const button of document.querySelectorAll('[data-action="settings"]')) button.setAttribute("aria-expanded", String(on));
  if (on) byRole("stage").scrollIntoView({ block: "start" });
}

function startSheet() {
  const isOn = () => byRole("inspector").hasAttribute("data-sheet");
  onAction("settings", () => showSheet(!isOn()));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !isOn() || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    showSheet(false);
  });
}

/** @param {Bench} page */
export async function startSettings(page) {
  const known = await presets();
  page.known = known;
  if (!page.operation.stage) startPasting(page);
  startSheet();
  const inspector = new Inspector(byRole("inspector"), page.operation, page.store, known, page, gridTools);
  /** @type {OperationTimeline | null} */
  let drawn = null;
  page.inspect = (timeline) => {
    inspector.update(page.store.state, timeline.limits);
    if (timeline === drawn) return;
    drawn = timeline;
    inspector.formulaCard.hidden = !timeline.geometry;
    inspector.formula.replaceChildren(...formulae(timeline));
  };
  document.addEventListener("sideschange", () => page.trace && page.inspect?.(page.trace));
  if (page.trace) page.inspect(page.trace);
}
