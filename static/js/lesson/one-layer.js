// Two dense layers beside the one that does the same as long as nothing bends the values between them.

/** @import { TraceLike } from "../types" */

import { comparedTable, el, patch } from "../draw/dom.js";
import { number } from "../format.js";
import { listOf } from "../nested.js";
import { say } from "../words.js";
import { flat } from "./tasks/reading.js";

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

/** @param {TraceLike} trace */
export function showOneLayer(trace) {
  const box = document.querySelector('[data-role="one-layer"]');
  if (!(box instanceof HTMLElement)) return;
  box.hidden = !trace.tensors["one.weight"];
  if (box.hidden) return;
  const head = [say("lesson.one_layer_place"), say("lesson.one_layer_weights"), say("lesson.one_layer_bias"), say("lesson.one_layer_one"), "", say("lesson.one_layer_two")];
  patch(box, [el("h2", {}, say("lesson.one_layer")), el("p", { role: "status" }, sentenceOf(trace)), comparedTable(head, rows(trace))]);
}
