// When it goes wrong: what happened, the evidence, and a remedy that one click sets up. The curve stays.

/** @import { State } from "../types" */
/** @import { Run } from "./run.js" */

import { byRole, el } from "../draw/dom.js";
import { number } from "../format.js";
import { layerTitle, RATES } from "./choices.js";

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
    const leaky = state["net"].map((/** @type {any} */ layer) => (layer.layer === "relu" ? { layer: "leaky_relu", negative_slope: 0.01 } : layer));
    return {
      title: "The network has died",
      said: `${info.warning.message ?? "Every ReLU is silent and the loss no longer changes."} A ReLU that is 0 for every picture passes nothing on and gets no gradient: it cannot come back by itself.`,
      remedies: [gentle, { title: "Use leaky ReLU", patch: { net: leaky, rate: slower } }],
    };
  }
  return null;
}

/** What is largest in each layer. @param {any} layers */
function evidence(layers) {
  if (!Array.isArray(layers) || !layers.length) return null;
  const columns = Object.keys(layers[0]).filter((name) => !["layer", "index", "kind", "name"].includes(name));
  const cell = (/** @type {any} */ value) => (typeof value === "number" ? number(value) : value === null ? "not finite" : String(value));
  return el(
    "table",
    { class: "evidence" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "layer"), ...columns.map((name) => el("th", { scope: "col" }, name.replaceAll("_", " "))))),
    el(
      "tbody",
      {},
      ...layers.map((layer, index) =>
        el("tr", {}, el("th", { scope: "row" }, `${index + 1} ${layerTitle(layer.kind ?? layer.name ?? layer.layer)}`), ...columns.map((name) => el("td", {}, cell(layer[name])))),
      ),
    ),
  );
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
  const told = run.info.end?.evidence ?? run.info.warning?.evidence ?? {};
  const table = evidence(told["layers"]);
  const buttons = trouble.remedies.map(({ title, patch }) => {
    const button = el("button", { type: "button", class: "button" }, title);
    button.addEventListener("click", () => apply(patch));
    return button;
  });
  box.replaceChildren(
    el("h2", {}, trouble.title),
    el("p", {}, trouble.said),
    el("div", { class: "remedies" }, ...buttons),
    ...(table ? [el("details", {}, el("summary", {}, "The evidence, layer by layer"), table)] : []),
  );
}
