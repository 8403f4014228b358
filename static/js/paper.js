// Print: what is on the screen on one sheet of paper, with its settings in words and the link to it.

import { byRole, el, onAction } from "./draw/dom.js";
import { addressNode, sharedAddress } from "./share.js";

const TALL = 1330; // as in paper.css: A4 within its margins, at three quarters of the size
const SCALE = 0.75;

/**
 * @typedef {object} Sheet
 * @property {() => Element | null} page what has to fit on the sheet
 * @property {() => [name: string, value: string][]} settings
 * @property {() => Node | string} [more] what stands under the link
 * @property {(printing: boolean) => void} [drawn] the page has other colours and another width, or its own again
 * @property {() => Promise<unknown>} [ready] what a press of the button waits for
 */

/** Settings and link are put on the page when it is printed, in light colours and as wide as the paper. @param {Sheet} sheet */
export function startPaper({ page, settings, more = () => "", drawn = () => {}, ready = async () => {} }) {
  const root = document.documentElement;
  const box = byRole("handout");
  let theme = "light";
  const dress = (/** @type {string} */ scheme, /** @type {boolean} */ printing) => {
    root.dataset["theme"] = scheme;
    root.classList.toggle("printing", printing);
    document.dispatchEvent(new Event("themechange"));
    drawn(printing);
  };
  addEventListener("beforeprint", () => {
    theme = root.dataset["theme"] ?? "light";
    const list = settings().flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
    box.replaceChildren(el("dl", {}, ...list), el("p", { class: "handout-link" }, addressNode(sharedAddress())), more());
    box.hidden = false;
    dress("light", true);
    root.style.setProperty("--print-zoom", String(Math.min(SCALE, (SCALE * TALL) / (page()?.scrollHeight ?? TALL))));
  });
  addEventListener("afterprint", () => {
    box.hidden = true;
    dress(theme, false);
  });
  onAction("print", async () => {
    await ready();
    print();
  });
  for (const button of document.querySelectorAll('[data-action="print"]')) button.removeAttribute("disabled");
}
