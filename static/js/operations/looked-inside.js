// On the page of backpropagation, in the place of its own small network: that of a training run at its present step, or
// one that has learned. Only a link opens it; what is set of the page's own network does not apply then.

/** @import { Block, Build, Cards, Control, Frame, Pair, Panel, Settings, Term } from "../types" */

import { cellAt } from "../draw/cells.js";
import { buttonTo, el } from "../draw/dom.js";
import { nearestPart } from "../draw/layout.js";
import { textField, wholeField } from "../fields.js";
import { isOwn } from "../network-numbers.js";
import { NetworkTimeline } from "../network-timeline.js";
import { numberIn, textIn } from "../values.js";
import { say } from "../words.js";

const NAME = /^[\w-]{1,64}$/;
const FEW = 2; // maps of a layer that are shown together
const MANY = 64; // products that can be taken in
const BLOCKS = 4; // of them
const LARGEST = 12; // of more
const WIDE = 3; // of them on a line
const PART = 10; // rows and columns of a large grid that are enough
const LAST = 999_999; // sample that a link may name

export const SOURCES = [
  textField("run", say("inside.run"), "", NAME, say("inside.name_of_run")),
  textField("model", say("inside.model"), "", NAME, say("inside.name_of_model")),
  wholeField("sample", say("inside.sample"), 0, 0, LAST),
];

/** @typedef {Settings<typeof SOURCES>} Inside */

/** What is asked of the server. @param {Inside} state */
export const inside = ({ run, model, sample }) => (run ? { run, sample } : { model, sample });

/** The settings of the page's own network, with what there is to choose where it shows another. @template {Inside} S @param {Cards<S>[]} cards @returns {Cards<S>[]} */
export const sourceCards = (cards) => [
  {
    title: say("inside.title"),
    controls: [{ kind: "custom", field: "sample", label: say("inside.sample"), build: sampleControl, when: (state) => !isOwn(state) }],
  },
  ...cards.map((card) => ({ ...card, controls: card.controls.map(ofOwn) })),
];

/** The same frame with what of it can be taken in: of many maps those that its step is about, of many products the largest, and around these a part of large grids. @param {Frame} frame @returns {Frame} */
export function near(frame) {
  const all = frame.card.blocks.flatMap(termsOf);
  if (all.length <= MANY && frame.card.blocks.length <= BLOCKS) return { ...frame, panels: frame.panels.map((panel) => ({ ...(panel.grids.length > FEW ? nearestPart(panel) : panel), part: PART })) };
  const largest = all.filter(({ term }) => term.value !== 0).sort(byStrength).slice(0, LARGEST);
  const shown = largest.length ? largest : all.slice(0, WIDE);
  const { fullest, ...card } = frame.card; // has room for all of them
  const planes = [...new Set(shown.map(({ block }) => block))].slice(0, FEW).sort((one, other) => one - other);
  return {
    ...frame,
    panels: frame.panels.map((panel) => taken(panel, frame.card.blocks.length, planes, shown[0])),
    card: { ...card, blocks: [blockOf(shown, all.length)] },
    motion: [], // most of what would meet is not on the stage
  };
}

/** @typedef {{ term: Term, block: number, at: Pair }} Found a product, and where it stands in its block */

/** @param {Block} block @param {number} index @returns {Found[]} */
const termsOf = ({ rows }, index) => rows.flatMap(({ terms }, row) => terms.map((term, col) => ({ term, block: index, at: [row, col] })));

/** What is no number is the strongest of all. @param {Found} found */
const strength = ({ term: { value } }) => Math.abs(value ?? Number.POSITIVE_INFINITY);

/** @param {Found} one @param {Found} other */
const byStrength = (one, other) => (strength(one) === strength(other) ? 0 : strength(other) - strength(one));

/** @param {Found[]} shown @param {number} count of all products @returns {Block} */
function blockOf(shown, count) {
  const lines = Array.from({ length: Math.ceil(shown.length / WIDE) }, (_, line) => shown.slice(line * WIDE, (line + 1) * WIDE));
  return {
    title: say("inside.largest", { few: shown.length, count }),
    rows: lines.map((line) => ({ terms: line.map(({ term }) => term), sum: null })),
    sum: null,
    grids: {},
  };
}

/** A panel with those of its grids that the largest products come from, around the largest of all. @param {Panel} panel @param {number} blocks of products @param {number[]} planes which of them are shown @param {Found} [first] @returns {Panel} */
function taken(panel, blocks, planes, first) {
  const { grids } = nearestPart(panel);
  const shown = grids.length > FEW ? (grids.length === blocks ? planes : [0, 1]).flatMap((plane) => grids[plane] ?? []) : grids;
  const note = shown.length < grids.length ? say("inside.few", { note: panel.note, few: shown.length, count: grids.length }) : panel.note;
  return { ...panel, note, part: PART, grids: shown.map((model) => (first && model.region ? { ...model, about: cellAt(model.region, first.at) } : model)) };
}

/** @template {Inside} S @param {Control<S>} control @returns {Control<S>} */
const ofOwn = (control) => ({ ...control, when: (state) => isOwn(state) && (control.when?.(state) ?? true) });

/** Whose network it is, the picture, and the way back. @type {Build} */
function sampleControl({ label }, store, updates, page) {
  const [caption, back] = [el("p", { class: "field-note" }), el("a", { class: "button" })];
  const lead = document.querySelector(".lead");
  const usual = [...(lead?.childNodes ?? [])];
  const move = (/** @type {number} */ by) => store.set({ sample: Math.max(0, numberIn(store.state, "sample") + by) });
  const before = buttonTo(() => move(-1), {}, say("inside.before"));
  const another = buttonTo(() => move(1), {}, say("inside.another"));
  const pictures = el("div", { class: "chips", role: "group", "aria-label": label }, before, another);
  const own = buttonTo(() => store.set({ run: "", model: "", sample: 0 }), {}, say("inside.own_network"));
  updates.push((state) => {
    const [run, model, sample] = [textIn(state, "run"), textIn(state, "model"), numberIn(state, "sample")];
    const { step = 0, batch } = page?.trace instanceof NetworkTimeline ? page.trace : {};
    const picture = sample + 1;
    const ofRun = batch === undefined ? "" : say("inside.of_run", { step: step + 1, picture, count: batch }); // once it is here
    if (run || model) lead?.replaceChildren(run ? say("inside.lead_run") : say("inside.lead_model"));
    else lead?.replaceChildren(...usual);
    caption.textContent = run ? ofRun : say("inside.of_model", { model, picture });
    before.disabled = sample === 0;
    another.disabled = run !== "" && picture >= (batch ?? picture);
    back.textContent = run ? say("inside.back_to_run") : say("inside.back_to_model");
    back.href = run ? `/training#run=${run}` : `/explorer#model=${model}&sample=${sample}`;
  });
  return el("div", { class: "inside" }, caption, el("p", { class: "field-note" }, say("inside.large")), pictures, el("div", { class: "chips" }, back, own));
}
