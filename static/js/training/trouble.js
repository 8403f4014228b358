// When it goes wrong: what happened, the evidence, and a remedy that one click sets up. The curve stays.

/** @import { State } from "../types" */
/** @import { Run, RunInfo } from "./run.js" */

import { byRole, el } from "../draw/dom.js";
import { number } from "../format.js";
import { percent } from "./answer.js";
import { freshLayer, layerTitle, RATES } from "./choices.js";

/** @typedef {{ title: string, patch: State }} Remedy */

/** A rate of the dial about a tenth of this one. @param {number} rate */
const gentler = (rate) => RATES.filter((stop) => stop <= rate / 10).at(-1) ?? /** @type {number} */ (RATES[0]);

/** @param {Run} run @param {State} state @returns {{ title: string, said: string, remedies: Remedy[] } | null} */
function found(run, state) {
  const { info } = run;
  const slower = gentler(info.learning_rate);
  const gentle = { title: `Start anew at a rate of ${slower}`, patch: { rate: slower } };
  if (info.state === "diverged") {
    const { step, learning_rate: rate } = info.end?.evidence ?? {};
    return {
      title: "The numbers have grown beyond all bounds",
      said: `At step ${step ?? info.step} ${info.end?.reason?.replace(/ of step \d+/, "") ?? "a number is not finite"}. At a rate of ${number(
        rate ?? info.learning_rate,
      )} each update overshot, so that the next gradient was larger than the one before. A smaller rate keeps the steps in the valley; clipping bounds the gradient.`,
      remedies: [gentle, { title: "Clip the gradients at 1", patch: { clip: 1 } }],
    };
  }
  if (info.warning?.kind === "dead") {
    const leaky = state["net"].map((/** @type {any} */ layer) => (layer.layer === "relu" ? freshLayer("leaky_relu") : layer));
    return {
      title: "The network has died",
      said: `${info.warning.message ?? "Every ReLU is silent and the loss no longer changes."} A ReLU that is 0 for every picture passes nothing on and gets no gradient: no picture can bring it back, and what still moves it is at most the optimizer's momentum.`,
      remedies: [gentle, { title: "Use leaky ReLU", patch: { net: leaky, rate: slower } }],
    };
  }
  return null;
}

/** @param {string} caption @param {string[]} columns @param {string[][]} rows the first cell of each is its head */
const table = (caption, columns, rows) =>
  el(
    "table",
    { class: "evidence" },
    el("caption", {}, caption),
    el("thead", {}, el("tr", {}, ...columns.map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, ...rows.map(([head = "", ...cells]) => el("tr", {}, el("th", { scope: "row" }, head), ...cells.map((cell) => el("td", {}, cell))))),
  );

/** @param {any} row */
const layerOf = ({ layer, kind }) => `${layer + 1} ${layerTitle(kind)}`;

/** @param {number | null} value */
const finite = (value) => (value === null ? "not finite" : number(value));

/** What is largest in each layer; a layer without parameters has no gradient of them, and answers alone have none. @param {any} told @param {RunInfo} info */
function largest({ layers, what }, info) {
  const known = what === "loss" || what === "gradient";
  const gradient = (/** @type {any} */ row) => (known && info.layers[row.layer]?.parameters ? finite(row.gradient) : "–");
  const rows = layers.map((/** @type {any} */ row) => [layerOf(row), finite(row.activation), gradient(row)]);
  return table("The largest in each layer", ["layer", "activation", "gradient"], rows);
}

/** How much of each ReLU is silent, and that the loss stays where it is. @param {any} told */
const silence = ({ layers, losses }) => [
  table(
    "Outputs that are 0 for every picture of a batch",
    ["layer", "outputs", "silent", "share"],
    layers.map((/** @type {any} */ row) => [layerOf(row), String(row.outputs), String(row.silent), percent(row.share)]),
  ),
  table(
    "The loss meanwhile, on average",
    ["steps", "loss"],
    losses.map((/** @type {any} */ span) => [`${span.from_step} to ${span.to_step}`, number(span.loss)]),
  ),
];

/** The numbers behind what is said. @param {Run} run @returns {HTMLElement[]} */
function evidence({ info }) {
  const { end, warning } = info;
  if (info.state === "diverged") return end?.evidence?.["layers"]?.length ? [largest(end.evidence, info)] : [];
  return warning?.evidence?.["losses"] ? silence(warning.evidence) : [];
}

/** @param {Run | null} run @param {State} state @param {(patch: State) => void} apply sets a remedy up */
export function showTrouble(run, state, apply) {
  const box = byRole("trouble");
  const trouble = run && found(run, state);
  box.hidden = !trouble;
  if (!run || !trouble) return;
  const key = `${run.info.id} ${trouble.title} ${trouble.remedies.map(({ title }) => title)} ${Boolean(run.info.end)}`;
  if (box.dataset["key"] === key) return;
  box.dataset["key"] = key;
  const tables = evidence(run);
  const buttons = trouble.remedies.map(({ title, patch }) => {
    const button = el("button", { type: "button", class: "button" }, title);
    button.addEventListener("click", () => apply(patch));
    return button;
  });
  box.replaceChildren(
    el("h2", {}, trouble.title),
    el("p", {}, trouble.said),
    el("div", { class: "remedies" }, ...buttons),
    ...(tables.length ? [el("details", {}, el("summary", {}, "The evidence, layer by layer"), el("div", { class: "evidences" }, ...tables))] : []),
  );
}
