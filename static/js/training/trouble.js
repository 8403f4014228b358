// When it goes wrong: what happened, the evidence, and a remedy that one click sets up. The curve stays.

/** @import { Chosen } from "./settings.js" */
/** @import { Diverged, Run, RunInfo, Silent } from "./run.js" */

import { buttonTo, byRole, el } from "../draw/dom.js";
import { number, percent } from "../format.js";
import { say } from "../words.js";
import { freshLayer, layerTitle, RATES } from "./choices.js";

/** @typedef {{ title: string, patch: Partial<Chosen> }} Remedy */

const DIES = "/depth#activation=relu&init=he&rate=1&step=4"; // where ReLUs are seen falling silent, layer by layer

/** A rate of the dial about a tenth of this one. @param {number} rate */
const gentler = (rate) => RATES.filter((stop) => stop <= rate / 10).at(-1) ?? RATES[0];

/** What of a run that diverged is not finite. @param {Diverged} evidence @param {number} last the step that the run has come to */
function notFinite({ what, step: at }, last) {
  const step = at ?? last;
  if (what === "loss") return say("training.loss_not_finite");
  if (what === "gradient") return say("training.gradient_not_finite");
  if (what === "validation loss") return say("training.validation_not_finite", { step });
  return what === "parameters" ? say("training.parameters_not_finite", { step }) : say("training.not_a_number");
}

/** @param {Run} run @param {Chosen} state @returns {{ title: string, sentences: string, remedies: Remedy[] } | null} */
function found(run, state) {
  const { info } = run;
  const slower = gentler(info.learning_rate);
  const gentle = { title: say("training.start_slower", { slower }), patch: { rate: slower } };
  if (info.state === "diverged") {
    const { step, learning_rate: rate } = info.end?.evidence ?? {};
    return {
      title: say("training.diverged_title"),
      sentences: say("training.trouble_diverged", {
        step: step ?? info.step,
        reason: notFinite(info.end?.evidence ?? {}, info.step),
        rate: number(rate ?? info.learning_rate),
      }),
      remedies: [gentle, { title: say("training.clip_at_1"), patch: { clip: 1 } }],
    };
  }
  if (info.warning?.kind === "dead") {
    const leaky = state["net"].map((layer) => (layer.layer === "relu" ? freshLayer("leaky_relu") : layer));
    return {
      title: say("training.dead_title"),
      sentences: `${info.warning.message ?? say("training.silent_relus")} ${say("training.trouble_dead")}`,
      remedies: [gentle, { title: say("training.leaky"), patch: { net: leaky, rate: slower } }],
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

/** @param {{ layer: number, kind: string }} row */
const layerOf = ({ layer, kind }) => `${layer + 1} ${layerTitle(kind)}`;

/** @param {number | null} value */
const finite = (value) => (value === null ? say("training.not_finite") : number(value));

/** What is largest in each layer; a layer without parameters has no gradient of them, and answers alone have none. @param {Diverged} found @param {RunInfo} info */
function largest({ layers = [], what }, info) {
  const known = what === "loss" || what === "gradient";
  const rows = layers.map((row) => [layerOf(row), finite(row.activation), known && info.layers[row.layer]?.parameters ? finite(row.gradient) : "–"]);
  return table(say("training.largest_caption"), [say("training.layer_column"), say("training.activation_column"), say("training.gradient")], rows);
}

/** How much of each ReLU is silent, and that the loss stays where it is. @param {Silent} found */
const silence = ({ layers = [], losses = [] }) => [
  table(
    say("training.silent_caption"),
    [say("training.layer_column"), say("training.outputs_column"), say("training.silent_column"), say("training.share_column")],
    layers.map((row) => [layerOf(row), String(row.outputs), String(row.silent), percent(row.share)]),
  ),
  table(
    say("training.loss_caption"),
    [say("common.steps"), say("training.loss_line")],
    losses.map((span) => [say("training.from_to", { from_step: span.from_step, to_step: span.to_step }), number(span.loss)]),
  ),
];

/** The numbers behind what is said. @param {Run} run @returns {HTMLElement[]} */
function evidence({ info }) {
  const { end, warning } = info;
  if (info.state === "diverged") return end?.evidence?.layers?.length ? [largest(end.evidence, info)] : [];
  return warning?.evidence?.losses ? silence(warning.evidence) : [];
}

/** @param {Run | null} run @param {Chosen} state @param {(patch: Partial<Chosen>) => void} apply sets a remedy up */
export function showTrouble(run, state, apply) {
  const box = byRole("trouble");
  const trouble = run && found(run, state);
  box.hidden = !trouble;
  if (!run || !trouble) return;
  const key = `${run.info.id} ${trouble.title} ${trouble.remedies.map(({ title }) => title)} ${Boolean(run.info.end)}`;
  if (box.dataset["key"] === key) return;
  const open = box.dataset["key"]?.startsWith(run.info.id) && box.querySelector("details")?.open; // by whoever reads it
  box.dataset["key"] = key;
  const tables = evidence(run);
  const buttons = trouble.remedies.map(({ title, patch }) => buttonTo(() => apply(patch), {}, title));
  const lesson = run.info.state !== "diverged" && el("a", { class: "button", href: DIES }, say("training.closed_gates"));
  box.replaceChildren(
    el("h2", {}, trouble.title),
    el("p", {}, trouble.sentences),
    el("div", { class: "remedies" }, ...buttons, lesson || null),
    ...(tables.length ? [el("details", { open }, el("summary", {}, say("training.evidence")), el("div", { class: "evidences" }, ...tables))] : []),
  );
}
