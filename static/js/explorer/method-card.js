// A card for each method: what it promises, what it depends on, and which tests it passed, computed for this picture.

/** @import { Model } from "./model.js" */
/** @import { Why } from "./why.js" */

import { el } from "../draw/dom.js";
import { number } from "../format.js";
import { say } from "../words.js";
import { NAMES } from "./method-choice.js";
import { titleOf } from "./names.js";

const ABOUT = {
  contribution: { promise: say("why.contribution_promise"), depends: say("why.contribution_depends") },
  occlusion: { promise: say("why.occlusion_promise"), depends: say("why.occlusion_depends") },
  gradient: { promise: say("why.gradient_promise"), depends: say("why.gradient_depends") },
  grad_cam: { promise: say("why.grad_cam_promise"), depends: say("why.grad_cam_depends") },
};

/** @typedef {{ name: string, passed: boolean | null, text: string }} Test */

/** @param {Model} model @param {Why} why @param {Why} main the contributions @param {Why | null} scrambled */
export function aboutOf(model, why, main, scrambled) {
  const { promise, depends } = ABOUT[why.method];
  const tests = [addsUp(why), effect(why, main), agreement(model, why), scrambling(scrambled)].filter((test) => test !== null);
  return [
    el("h3", {}, NAMES[why.method].title),
    el("dl", {}, el("dt", {}, say("why.promises")), el("dd", {}, promise), el("dt", {}, say("why.depends")), el("dd", {}, depends)),
    el("h4", {}, say("why.tests")),
    el("ul", { class: "method-tests" }, ...tests.map(shown)),
  ];
}

/** @param {Test} test */
function shown({ name, passed, text }) {
  if (passed === null) return el("li", {}, el("b", {}, name), " ", text);
  const verdict = passed ? say("why.passed") : say("why.failed");
  return el("li", { class: passed ? "passed" : "failed" }, el("b", {}, name), " ", verdict, " ", text);
}

/** @param {Why} why @returns {Test} */
function addsUp({ method, exact = false, remainder = null, shape }) {
  const name = say("why.test_adds_up");
  if (method !== "contribution") return { name, passed: null, text: say("why.adds_up_not_promised") };
  return { name, passed: exact, text: exact ? say("why.adds_up_passed", { remainder: number(remainder), count: shape.reduce((all, size) => all * size, 1) }) : say("why.adds_up_failed", { remainder: number(remainder) }) };
}

/** @param {Why} why @param {Why} main @returns {Test | null} */
function effect({ method }, { largest, controls }) {
  const own = method === "contribution" ? largest : method === "grad_cam" ? controls?.grad_cam : null;
  if (!own || !controls) return null;
  const text = say("why.effect", { count: own.cells.length, fall: number(own.fall), random: number(controls.random.fall) });
  return { name: say("why.test_effect"), passed: own.beats_chance, text };
}

/** @param {Model} model @param {Why} why @returns {Test | null} */
function agreement(model, { method, layer, agreement: found, agrees, blank, highest = null }) {
  if (method !== "grad_cam" || layer === null) return null;
  const kind = model.layers[layer];
  const where = kind ? titleOf(layer, kind) : "";
  const text = blank ? say("why.blank", { layer: where, highest: number(highest) }) : say("why.agreement", { layer: where, correlation: number(found) });
  return { name: say("why.test_agreement"), passed: agrees ?? null, text };
}

/** @param {Why | null} why @returns {Test} */
function scrambling(why) {
  const name = say("why.test_scramble");
  if (!why?.scrambled) return { name, passed: null, text: say("why.scramble_not_run") };
  const { alike, correlation, strengths, layers } = why.scrambled;
  if (correlation === null && strengths === null) return { name, passed: null, text: say("why.scramble_flat", { count: layers.length }) };
  const numbers = { count: layers.length, correlation: number(correlation), strengths: number(strengths) };
  return { name, passed: !alike, text: alike ? say("why.scramble_alike", numbers) : say("why.scramble_unlike", numbers) };
}
