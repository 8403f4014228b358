// What the page says first: what there is to draw is another thing for each network.

/** @import { Model } from "./model.js" */

import { byRole } from "../draw/dom.js";
import { say } from "../words.js";
import { DIGITS } from "./settings.js";

/** @type {Record<string, string>} */
const LEADS = {
  clothes: say("explorer.lead_clothes"),
  orientations: say("explorer.lead_orientations"),
  "shapes-colour": say("explorer.lead_shapes"),
};

let digits = ""; // what the page came with

/** @param {Model} model */
export function showLead({ id }) {
  const lead = byRole("lead");
  digits ||= lead.textContent ?? "";
  lead.textContent = id === DIGITS ? digits : (LEADS[id] ?? say("explorer.lead_own"));
}
