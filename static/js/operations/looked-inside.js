// On the page of backpropagation, in the place of its own small network: that of a training run at its present step, or
// one that has learned. Only a link opens it; what is set of the page's own network does not apply then.

/** @import { Build, Cards, Control, Frame, Settings } from "../types" */

import { el } from "../draw/dom.js";
import { nearest } from "../draw/layout.js";
import { textField, wholeField } from "../fields.js";
import { isOwn } from "../network-numbers.js";
import { NetworkTimeline } from "../network-timeline.js";
import { numberIn, textIn } from "../values.js";
import { say } from "../words.js";

const NAME = /^[\w-]{1,64}$/;
const FEW = 2; // maps of a layer that are shown together
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
export const besides = (cards) => [
  {
    title: say("inside.title"),
    controls: [{ kind: "custom", field: "sample", label: say("inside.sample"), build: sampleControl, when: (state) => !isOwn(state) }],
  },
  ...cards.map((card) => ({ ...card, controls: card.controls.map(ofOwn) })),
];

/** The same frame with those maps alone that its step is about, where a layer has many. @param {Frame} frame @returns {Frame} */
export const near = (frame) => ({ ...frame, panels: frame.panels.map((panel) => (panel.grids.length > FEW ? nearest(panel) : panel)) });

/** @template {Inside} S @param {Control<S>} control @returns {Control<S>} */
const ofOwn = (control) => ({ ...control, when: (state) => isOwn(state) && (control.when?.(state) ?? true) });

/** Whose network it is, the picture, and the way back. @type {Build} */
function sampleControl({ label }, store, updates, page) {
  const [caption, back] = [el("p", { class: "field-note" }), el("a", { class: "button" })];
  const move = (/** @type {number} */ by) => store.set({ sample: Math.max(0, numberIn(store.state, "sample") + by) });
  const button = (/** @type {string} */ text, /** @type {() => void} */ act) => {
    const node = el("button", { type: "button", class: "button" }, text);
    node.addEventListener("click", act);
    return node;
  };
  const before = button(say("inside.before"), () => move(-1));
  const another = button(say("inside.another"), () => move(1));
  const pictures = el("div", { class: "chips", role: "group", "aria-label": label }, before, another);
  const own = button(say("inside.own_network"), () => store.set({ run: "", model: "", sample: 0 }));
  updates.push((state) => {
    const [run, model, sample] = [textIn(state, "run"), textIn(state, "model"), numberIn(state, "sample")];
    const { step = 0, batch } = page?.trace instanceof NetworkTimeline ? page.trace : {};
    const picture = sample + 1;
    const ofRun = batch === undefined ? "" : say("inside.of_run", { step: step + 1, picture, count: batch }); // once it is here
    caption.textContent = run ? ofRun : say("inside.of_model", { model, picture });
    before.disabled = sample === 0;
    another.disabled = run !== "" && picture >= (batch ?? picture);
    back.textContent = run ? say("inside.back_to_run") : say("inside.back_to_model");
    back.href = run ? `/training#run=${run}` : `/explorer#model=${model}&sample=${sample}`;
  });
  return el("div", { class: "inside" }, caption, pictures, el("div", { class: "chips" }, back, own));
}
