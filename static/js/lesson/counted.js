// Parameters of dense layers beside those of convolutions, as the engine counts them.

/** @import { TraceLike } from "../types" */

import { comparedTable, el, patch } from "../draw/dom.js";
import { grouped } from "../format.js";
import { say } from "../words.js";

/** @param {TraceLike} trace */
export function showCounted({ op, counts }) {
  const box = document.querySelector('[data-role="counted"]');
  if (op !== "dense" || !counts || !(box instanceof HTMLElement)) return;
  const row = (/** @type {string} */ title, /** @type {string} */ dense) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, title),
      ...[dense, "convolution_parameters"].map((name) => el("td", {}, grouped(counts[name] ?? 0))),
    );
  const rows = [
    row(say("lesson.these_inputs"), "parameters"),
    row(say("lesson.picture_28"), "parameters_28x28"),
    row(say("lesson.picture_224"), "parameters_224x224"),
  ];
  patch(box, [
    el("h2", {}, say("lesson.counted")),
    comparedTable(["", say("lesson.dense"), say("lesson.convolution")], rows),
    el("p", { class: "field-note" }, say("lesson.counted_note")),
  ]);
  box.hidden = false;
}
