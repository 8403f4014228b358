// The way from the network to the deepest place that was looked at: each of its places can be gone to.

/** @import { Model } from "./model.js" */

import { buttonTo, byRole, el } from "../draw/dom.js";
import { say } from "../words.js";
import { cellName, mapName, mapOf } from "./addresses.js";

/** Where one of them was just pressed the one that is now the present keeps the focus. @param {Model} model @param {string} at @param {string} deepest @param {(at: string) => unknown} go */
export function showWay(model, at, deepest, go) {
  const host = byRole("crumbs");
  const isFocused = host.contains(document.activeElement);
  host.replaceChildren(...stopsOn(model, deepest).map((stop) => el("li", {}, stopButton(stop, at, go))));
  const present = isFocused ? host.querySelector("[aria-current]") : null;
  if (present instanceof HTMLElement) present.focus();
}

/** @param {Model} model @param {string} deepest */
function stopsOn(model, deepest) {
  const map = mapOf(model, deepest);
  return [
    { at: "", text: say("explorer.network") },
    { at: map, text: mapName(model, map) },
    ...(map === deepest ? [] : [{ at: deepest, text: cellName(model, deepest) }]),
  ];
}

/** @param {{ at: string, text: string }} stop @param {string} present @param {(at: string) => unknown} go */
function stopButton({ at, text }, present, go) {
  return buttonTo(() => go(at), { class: "button quiet", "aria-current": at === present ? "step" : null }, text);
}
