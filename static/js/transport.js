// The buttons, the slider and the keys that move a player.

import { byRole, onAction } from "./draw/dom.js";
import { isTyping } from "./shell.js";

/** @import { Player } from "./player.js" */

/** @param {Player} player */
export function startTransport(player) {
  const slider = /** @type {HTMLInputElement} */ (byRole("slider"));
  const speed = /** @type {HTMLSelectElement} */ (byRole("speed"));
  onAction("first", () => player.first());
  onAction("previous", () => player.previous());
  onAction("play", () => player.toggle());
  onAction("next", () => player.next());
  onAction("last", () => player.last());
  slider.addEventListener("input", () => player.goTo(Number(slider.value)));
  speed.addEventListener("change", () => player.setRate(Number(speed.value)));
  document.addEventListener("keydown", (event) => onKey(event, player, slider));
  player.addEventListener("change", () => showTransport(player, slider));
}

/** @param {KeyboardEvent} event @param {Player} player @param {HTMLElement} slider */
function onKey(event, player, slider) {
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.defaultPrevented ||
    document.querySelector("dialog[open]")
  )
    return;
  const target = event.target instanceof Element ? event.target : null;
  const keys = {
    " ": () => player.toggle(),
    ArrowLeft: () => player.previous(),
    ArrowRight: () => player.next(),
    Home: () => player.first(),
    End: () => player.last(),
  };
  const act = keys[/** @type {keyof typeof keys} */ (event.key)];
  if (!act || (target && target !== slider && usesKey(target, event.key))) return;
  event.preventDefault();
  act();
}

/** Whether the focused element does something of its own with this key. @param {Element} target @param {string} key */
function usesKey(target, key) {
  if (isTyping(target) || target instanceof HTMLInputElement) return true;
  if (key === " ") return target.matches("button, summary, a[href]");
  return target.matches("[role=gridcell], [role=region]") && key !== "Home" && key !== "End";
}

/** @param {Player} player @param {HTMLInputElement} slider */
function showTransport(player, slider) {
  const last = Math.max(0, player.length - 1);
  slider.max = String(last);
  slider.value = String(player.index);
  slider.style.setProperty("--fill", `${last ? (100 * player.index) / last : 0}%`);
  slider.setAttribute("aria-valuetext", `Step ${player.index + 1} of ${player.length}`);
  const count = byRole("count");
  count.replaceChildren(
    Object.assign(document.createElement("b"), { textContent: `Step ${player.index + 1}` }),
    ` of ${player.length}`,
  );
  document
    .querySelector(".transport")
    ?.setAttribute("data-end", player.index === 0 ? "first" : player.atEnd ? "last" : "");
  document.querySelector('[data-action="play"]')?.setAttribute("aria-label", player.playing ? "Pause" : "Play");
  byRole("play-icon").hidden = player.playing;
  byRole("pause-icon").hidden = !player.playing;
}
