// A slider with its name and what it says, the same on all pages.

import { el } from "./dom.js";

let count = 0;
const KNOB = 32; // pixels of its width for a finger, as in components.css

/** A tap on the line of a slider of which a finger that scrolls past takes hold by its knob alone. @param {HTMLInputElement} input @param {number} x where, on the screen */
function tapped(input, x) {
  const { left, right } = input.getBoundingClientRect();
  if (input.disabled || x < left || x > right || getComputedStyle(input).pointerEvents !== "none") return;
  const [low, high] = [Number(input.min), Number(input.max)];
  const share = (x - left - KNOB / 2) / (right - left - KNOB);
  input.value = String(low + Math.round((share * (high - low)) / Number(input.step)) * Number(input.step));
  for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
}

/**
 * @param {string} label
 * @param {{ move?: (value: number) => void, rest?: () => void, low?: number, high?: number, step?: number, kind?: string }} [options] what is done while it moves and when it rests; its ends; its class
 */
export function slider(label, { move = () => {}, rest = () => {}, low = 0, high = 0, step = 1, kind = "field" } = {}) {
  const id = `slider-${(count += 1)}`;
  const input = el("input", { type: "range", id, min: low, max: high, step });
  const output = el("output", { for: id });
  const parts = kind === "dial" ? [output, input] : [input, output];
  input.addEventListener("input", () => move(Number(input.value)));
  input.addEventListener("change", rest);
  const show = (/** @type {number} */ value, text = String(value)) => {
    if (Number(input.value) !== value) input.value = String(value);
    const [least, most] = [Number(input.min), Number(input.max)];
    input.style.setProperty("--fill", `${most > least ? (100 * (Number(input.value) - least)) / (most - least) : 0}%`);
    input.setAttribute("aria-valuetext", text);
    output.textContent = text;
  };
  const node = el("div", { class: kind }, el("label", { for: id }, label), ...parts);
  node.addEventListener("click", ({ target, clientX }) => void (target === node && tapped(input, clientX)));
  return { node, input, show };
}
