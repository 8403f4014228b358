// What stands below the stage of dense layers: how many parameters they have, and that two may be one.

/** @import { TraceLike } from "../types" */

import { comparedTable, el, patch } from "../draw/dom.js";
import { grouped, number } from "../format.js";
import { listOf } from "../nested.js";
import { say } from "../words.js";
import { flat } from "./tasks/reading.js";

/** Parameters of dense layers beside those of convolutions, as the engine counts them. @param {TraceLike} trace */
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

/** @param {TraceLike} trace */
function sentenceOf(trace) {
  if (!trace.params["bent"]) return say("lesson.one_layer_same");
  return flat(trace, "one.differs").includes(1) ? say("lesson.one_layer_differs") : say("lesson.one_layer_here");
}

/** A row for each output: its weights and bias as one layer, what that gives, and what the two give. @param {TraceLike} trace */
function rows(trace) {
  const [bias, alone, differs, output] = ["one.bias", "one.output", "one.differs", "output"].map((name) => flat(trace, name));
  return listOf(trace.tensors["one.weight"]?.values).map((weights, index) =>
    el(
      "tr",
      { class: differs?.[index] ? "differs" : "" },
      el("th", { scope: "row" }, String(index + 1)),
      el("td", { class: "weights" }, ...listOf(weights).flatMap((weight) => [" ", el("span", {}, number(Number(weight)))])),
      el("td", {}, number(bias?.[index] ?? null)),
      el("td", {}, number(alone?.[index] ?? null)),
      el("td", {}, differs?.[index] ? "≠" : "="),
      el("td", {}, number(output?.[index] ?? null)),
    ),
  );
}

/** Two dense layers beside the one that does the same as long as nothing bends the values between them. @param {TraceLike} trace */
export function showOneLayer(trace) {
  const box = document.querySelector('[data-role="one-layer"]');
  if (!(box instanceof HTMLElement)) return;
  box.hidden = !trace.tensors["one.weight"];
  if (box.hidden) return;
  const head = [say("lesson.one_layer_place"), say("lesson.one_layer_weights"), say("lesson.one_layer_bias"), say("lesson.one_layer_one"), "", say("lesson.one_layer_two")];
  patch(box, [el("h2", {}, say("lesson.one_layer")), el("p", { role: "status" }, sentenceOf(trace)), comparedTable(head, rows(trace))]);
}
