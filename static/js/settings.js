// The settings beside the stage, and how the output size comes about: built when the first frame is drawn, which does
// without them.

/** @import { Bench, OperationTimeline } from "./types" */

import { presets } from "./api.js";
import { byRole, el } from "./draw/dom.js";
import { drawFormula } from "./draw/formula.js";
import { startPasting } from "./input/paste.js";
import { gridTools } from "./input/tools.js";
import { Inspector } from "./inspector.js";

/** What follows the trace of a page. */
export class Settings {
  #inspector;

  /** @param {Bench} page @param {import("./types").Presets} known */
  constructor(page, known) {
    this.page = page;
    this.#inspector = new Inspector(byRole("inspector"), page.operation, page.store, known, page, gridTools);
  }

  /** A trace was opened. @param {OperationTimeline} trace */
  opened(trace) {
    this.#inspector.formulaCard.hidden = !trace.geometry;
    this.#inspector.formula.replaceChildren(...formulae(trace));
  }

  /** The settings are others, or what is possible beside this trace. @param {OperationTimeline} trace */
  update(trace) {
    this.#inspector.update(this.page.store.state, trace.limits);
  }
}

/** How the output size comes about; where two are compared, for each. @param {OperationTimeline} timeline */
function formulae({ sizes }) {
  return sizes.map(({ name, geometry }) => {
    const box = el("div", {});
    if (geometry) drawFormula(box, geometry);
    return name ? el("div", {}, el("div", { class: "legend" }, name), box) : box;
  });
}

/** @param {Bench} page */
export async function startSettings(page) {
  const known = await presets();
  page.known = known;
  if (!page.operation.stage) startPasting(page);
  const settings = new Settings(page, known);
  page.settings = settings;
  if (!page.trace) return;
  settings.update(page.trace);
  settings.opened(page.trace);
}
