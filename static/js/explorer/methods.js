// The methods beside each other, each with a picture of what it says: one is chosen and opened. Its card says what it
// promises, what it depends on, and which tests it passed, computed for this picture; two of the tests are shown: cells
// switched off, and layers begun anew.

/** @import { Answer, Model, Switched, Why } from "./model.js" */
/** @import { MethodName } from "./reason-settings.js" */

import { byRole, el, find } from "../draw/dom.js";
import { number } from "../format.js";
import { say } from "../words.js";
import { titleOf } from "./names.js";
import { marksOf, outlinedPicture, thumbOf } from "./planes.js";
import { countOf } from "./positions.js";
import { METHODS } from "./reason-settings.js";

/** What methods are called, what they compute and promise, and what that depends on. */
const ABOUT = {
  contribution: { title: say("why.contribution"), note: say("why.contribution_note"), promise: say("why.contribution_promise"), depends: say("why.contribution_depends") },
  occlusion: { title: say("why.occlusion"), note: say("why.occlusion_note"), promise: say("why.occlusion_promise"), depends: say("why.occlusion_depends") },
  gradient: { title: say("why.gradient"), note: say("why.gradient_note"), promise: say("why.gradient_promise"), depends: say("why.gradient_depends") },
  grad_cam: { title: say("why.grad_cam"), note: say("why.grad_cam_note"), promise: say("why.grad_cam_promise"), depends: say("why.grad_cam_depends") },
};

export class MethodChoice {
  #parts;

  /** @param {(method: MethodName) => void} choose */
  constructor(choose) {
    this.#parts = METHODS.map((method) => {
      const input = el("input", { type: "radio", name: "why-method", value: method });
      input.addEventListener("change", () => choose(method));
      const picture = el("span", { class: "thumb" });
      const { title, note } = ABOUT[method];
      return { method, input, picture, node: el("label", { class: "method" }, picture, el("span", {}, input, el("b", {}, title)), el("small", {}, note)) };
    });
    byRole("why-methods").replaceChildren(...this.#parts.map(({ node }) => node));
  }

  /** @param {MethodName} chosen @param {Partial<Record<MethodName, Why>>} reasons @param {Answer} answer */
  show(chosen, reasons, { input: given }) {
    for (const { method, input, picture, node } of this.#parts) {
      input.checked = method === chosen;
      node.classList.toggle("chosen", method === chosen);
      const why = reasons[method];
      input.disabled = method === "grad_cam" && !why;
      picture.replaceChildren(why ? thumbOf(why.shape, why.values) : el("span", { class: "unasked" }, outlinedPicture(given)));
      if (why?.blank) picture.append(el("small", { class: "is-blank" }, say("why.is_blank")));
    }
  }
}

/** @typedef {{ name: string, passed: boolean | null, text: string }} Test */

/** @param {Model} model @param {Why} why @param {Why} main the contributions @param {Why | null} scrambled */
export function aboutOf(model, why, main, scrambled) {
  const { title, promise, depends } = ABOUT[why.method];
  const tests = [addsUp(why), effect(why, main), agreement(model, why), scrambling(scrambled)].filter((test) => test !== null);
  return [
    el("h3", {}, title),
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
  return { name, passed: exact, text: exact ? say("why.adds_up_passed", { remainder: number(remainder), count: countOf(shape) }) : say("why.adds_up_failed", { remainder: number(remainder) }) };
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

/** Cells switched off: what they said and what the logit did, side by side, for the largest ones and for two controls. @param {Why} why */
export function switchedOff({ shape, logit, largest, controls }) {
  if (!largest || !controls) return [];
  const { grad_cam: cam, random } = controls;
  const rows = [
    { name: say("why.by_contribution"), own: largest },
    ...(cam ? [{ name: say("why.grad_cam"), own: cam }] : []),
    { name: say("why.by_chance"), own: random },
  ];
  return rows.map(({ name, own }) => row(name, own, shape, logit));
}

/** @param {string} name @param {Switched} switched @param {number[]} shape @param {number | null} before */
const row = (name, { cells, sum, logit, fall }, shape, before) =>
  el(
    "tr",
    {},
    el("th", { scope: "row" }, marksOf(shape, cells), name),
    el("td", {}, number(sum)),
    el("td", {}, say("why.from_to", { before: number(before), after: number(logit) })),
    el("td", {}, number(fall)),
  );

/** Layers begun anew, from the last: the values before and after, and how alike they are. */
export class Scrambling {
  #slider = find('[data-role="why-scramble"]', HTMLInputElement);

  /** @param {(layers: number) => void} choose */
  constructor(choose) {
    this.#slider.addEventListener("input", () => choose(Number(this.#slider.value)));
  }

  /** @param {Model} model @param {Why} why @param {Why | null} scrambled */
  show(model, why, scrambled) {
    const learning = model.layers.filter(({ parameters }) => parameters > 0).length;
    const found = scrambled?.scrambled;
    const count = found?.layers.length ?? learning;
    this.#slider.max = String(learning);
    this.#slider.value = String(count);
    this.#slider.setAttribute("aria-valuetext", say("why.layers_scrambled", { count }));
    const names = (found?.layers ?? []).map((index) => {
      const layer = model.layers[index];
      return layer ? titleOf(index, layer) : "";
    });
    byRole("why-scrambled-layers").textContent = found ? say("why.scrambled_layers", { names: names.join(", ") }) : say("why.scramble_not_run");
    const before = { title: say("why.before"), values: why.values };
    const after = found ? [{ title: say("why.after"), values: scrambled?.values }] : [];
    byRole("why-scrambled").replaceChildren(
      ...[before, ...after].map(({ title, values }) => el("figure", {}, thumbOf(why.shape, values), el("figcaption", {}, title))),
    );
    byRole("why-likeness").textContent = found ? say("why.likeness", { correlation: number(found.correlation), strengths: number(found.strengths) }) : "";
  }
}
