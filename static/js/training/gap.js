// What closes the gap between training and validation: the settings that do, as switches where they are wanted.

/** @import { Store } from "../state.js" */
/** @import { Chosen } from "./settings.js" */

import { AUGMENTATION } from "../catalogue.js";
import { byRole, el } from "../draw/dom.js";
import { say } from "../words.js";
import { flag } from "./pieces.js";
import { withDropout } from "./setup.js";

const FEW = { samples: 60, epochs: 60 };
const MANY = { samples: 600, epochs: 12 };
const DROPOUT = 0.7; // so strong that on the page's set-up each closes the gap of the loss to about a third
const DECAY = 0.2;

/** @typedef {{ title: string, is: (state: Chosen) => boolean, set: (state: Chosen, on: boolean) => Partial<Chosen> }} Switch */

/** @type {Switch[]} */
const SWITCHES = [
  {
    title: say("training.dropout"),
    is: ({ net }) => net.some(({ layer }) => layer === "dropout"),
    set: ({ net }, on) => ({ net: withDropout(net, on ? DROPOUT : 0) }),
  },
  { title: say("training.weight_decay"), is: ({ decay }) => decay > 0, set: (_, on) => ({ decay: on ? DECAY : 0 }) },
  {
    title: say("training.augmentation"),
    is: ({ augment }) => Object.keys(augment).length > 0,
    set: (_, on) => ({ augment: on ? AUGMENTATION?.opens : {} }),
  },
  { title: say("training.ten_times_data"), is: ({ samples }) => samples !== null && samples >= MANY.samples, set: (_, on) => (on ? MANY : FEW) },
];

/** @param {Store<Chosen>} store @returns {(state: Chosen) => void} */
export function startGap(store) {
  const host = byRole("gap");
  const boxes = SWITCHES.map(({ title, set }) => flag(title, (on) => store.set(set(store.state, on))));
  host.replaceChildren(el("span", { class: "field-note" }, say("training.against_next_start")), ...boxes.map(({ node }) => node));
  return (state) => {
    host.hidden = state["samples"] === null; // who learns from all there is has no need to be shown
    SWITCHES.forEach(({ is }, index) => boxes[index]?.show(is(state)));
  };
}
