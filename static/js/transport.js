// The buttons, the slider and the keys that move a player.

import { byRole, find, isModified, onAction } from "./draw/dom.js";
import { isByPointer } from "./focus.js";
import { startPresenting } from "./present.js";
import { isTyping } from "./shell.js";
import { say } from "./words.js";

/** @import { Player } from "./player.js" */

/** @param {Player} player */
export function startTransport(player) {
  const shown = parts();
  const { slider } = shown;
  const speed = find('[data-role="speed"]', HTMLSelectElement);
  onAction("first", () => player.first());
  onAction("previous", () => player.previous());
  onAction("play", () => player.toggle());
  onAction("next", () => player.next());
  onAction("last", () => player.last());
  slider.addEventListener("input", () => player.goTo(Number(slider.value)));
  speed.addEventListener("change", () => player.setRate(Number(speed.value)));
  document.addEventListener("keydown", (event) => onKey(event, player, slider));
  player.addEventListener("change", () => showTransport(player, shown));
  startPresenting({ next: () => player.next(), previous: () => player.previous(), changeSpeed: (by) => changeSpeed(speed, by) });
}

/** Choose the speed before or after the present one. @param {HTMLSelectElement} speed @param {number} by */
function changeSpeed(speed, by) {
  const index = Math.max(0, Math.min(speed.options.length - 1, speed.selectedIndex + by));
  if (index === speed.selectedIndex) return;
  speed.selectedIndex = index;
  speed.dispatchEvent(new Event("change"));
}

/** Play at a speed that a link says. @param {Player} player @param {number} rate steps a second */
export function showSpeed(player, rate) {
  find('[data-role="speed"]', HTMLSelectElement).value = String(rate);
  player.setRate(rate);
}

/** @param {KeyboardEvent} event @param {Player} player @param {HTMLElement} slider */
function onKey(event, player, slider) {
  if (isModified(event) || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const target = event.target instanceof Element ? event.target : null;
  /** @type {Record<string, () => void>} */
  const keys = {
    " ": () => player.toggle(),
    ArrowLeft: () => player.previous(),
    ArrowRight: () => player.next(),
    Home: () => player.first(),
    End: () => player.last(),
  };
  const act = keys[event.key];
  if (!act || (target && target !== slider && usesKey(target, event.key))) return;
  event.preventDefault();
  act();
}

/** Whether the focused element does something of its own with this key; a click alone leaves the arrows to the steps. @param {Element} target @param {string} key */
function usesKey(target, key) {
  const isMove = key !== " " && isByPointer();
  if (isMove && !isText(target)) return false;
  if (isTyping(target) || target instanceof HTMLInputElement) return true;
  if (key === " ") return target.matches("button, summary, a[href]");
  return target.matches("[role=gridcell], [role=region]") && key !== "Home" && key !== "End";
}

/** Whether text is typed into it. @param {Element} target */
const isText = (target) => isTyping(target) && !(target instanceof HTMLSelectElement);

/** What shows where the player is: looked up once, for it is told at every step. */
function parts() {
  const [step = document.createElement("b")] = byRole("count").getElementsByTagName("b");
  const total = document.createElement("span");
  byRole("count").replaceChildren(step, total);
  return {
    slider: find('[data-role="slider"]', HTMLInputElement),
    step,
    total,
    box: find(".transport", HTMLElement),
    play: find('[data-action="play"]', HTMLElement),
    playIcon: byRole("play-icon"),
    pauseIcon: byRole("pause-icon"),
  };
}

/** @param {Player} player @param {ReturnType<typeof parts>} parts */
function showTransport(player, { slider, step, total, box, play, playIcon, pauseIcon }) {
  const last = Math.max(0, player.length - 1);
  slider.max = String(last);
  slider.value = String(player.index);
  slider.style.setProperty("--fill", `${last ? (100 * player.index) / last : 0}%`);
  slider.setAttribute("aria-valuetext", say("player.step_of", { step: player.index + 1, total: player.length }));
  step.textContent = say("player.step", { step: player.index + 1 });
  total.textContent = ` ${say("player.of", { total: player.length })}`;
  box.dataset["end"] = player.index === 0 ? "first" : player.atEnd ? "last" : "";
  play.setAttribute("aria-label", player.playing ? say("common.pause") : say("player.play"));
  playIcon.hidden = player.playing;
  pauseIcon.hidden = !player.playing;
}
