// How the gradients of a convolution are seen: as sums over positions, or as the correlations that they are.

/** @import { Control, Field, State, TraceLike } from "../types" */

import { choiceField } from "../fields.js";
import { say } from "../words.js";
import { optionsOf } from "./shared.js";

const SEEN = { sum: say("backward.as_sum"), correlation: say("backward.as_correlation") };

/** @param {(state: State) => boolean} when @returns {Field<"seen", string>} */
export const seenField = (when) => ({ ...choiceField("seen", say("backward.seen"), "sum", SEEN), when });
/** @param {(state: State) => boolean} when @returns {Control<{ seen: string }>} */
export const seenControl = (when) => ({ kind: "choice", field: "seen", label: say("backward.seen"), options: optionsOf(SEEN), when });
/** The panels of a trace as it is seen. @param {Pick<TraceLike, "panels" | "correlation">} trace @param {State} state */
export const panelsSeen = ({ panels, correlation }, state) => (state["seen"] === "correlation" && correlation) || panels;
