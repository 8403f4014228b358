// A slider with its name and what it says, the same on all pages.

import { el } from "./dom.js";

let count = 0;

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
  return { node: el("div", { class: kind }, el("label", { for: id }, label), ...parts), input, show };
}
