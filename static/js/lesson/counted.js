// Parameters of dense layers beside those of convolutions, as the engine counts them.

/** @import { TraceLike } from "../types" */

import { el } from "../draw/dom.js";
import { grouped } from "../format.js";

let drawn = "";

/** @param {TraceLike} trace */
export function showCounted({ op, counts }) {
  const box = document.querySelector('[data-role="counted"]');
  const now = JSON.stringify(counts);
  if (op !== "dense" || !counts || !(box instanceof HTMLElement) || now === drawn) return;
  drawn = now;
  const row = (/** @type {string} */ title, /** @type {string} */ dense) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, title),
      ...[dense, "convolution_parameters"].map((name) => el("td", {}, grouped(counts[name] ?? 0))),
    );
  const head = ["", "dense", "convolution, 3 × 3"].map((text) => (text ? el("th", { scope: "col" }, text) : el("td")));
  box.replaceChildren(
    el("h2", {}, "Parameters, counted"),
    el(
      "table",
      { class: "compared" },
      el("thead", {}, el("tr", {}, ...head)),
      el(
        "tbody",
        {},
        row("these inputs", "parameters"),
        row("a picture of 28 × 28", "parameters_28x28"),
        row("a picture of 224 × 224", "parameters_224x224"),
      ),
    ),
    el("p", { class: "field-note" }, "As many layers; the convolution has one filter for each value that a layer gives, and one channel comes in."),
  );
  box.hidden = false;
}
