// What every page has around its subject: theme, link, keys, messages.

/** @import { About } from "./share.js" */

import { byRole, el, findAll, onAction } from "./draw/dom.js";
import { keep, kept } from "./remembered.js";
import { dialog, openCode, openLink } from "./share.js";

function toggleTheme() {
  const next = document.documentElement.dataset["theme"] === "dark" ? "light" : "dark";
  document.documentElement.dataset["theme"] = next;
  keep("theme", next);
  document.dispatchEvent(new Event("themechange"));
}

/** A menu of the header closes when one looks elsewhere. */
function startMenus() {
  const menus = findAll("[data-menu]", HTMLDetailsElement);
  for (const menu of menus) {
    menu.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) menu.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      event.preventDefault();
      menu.open = false;
      menu.querySelector("summary")?.focus();
    });
  }
  document.addEventListener("pointerdown", ({ target }) => {
    for (const menu of menus) if (!(target instanceof Node && menu.contains(target))) menu.open = false;
  });
}

/** Wire the header. @param {{ beforeLink?: () => void, aboutLink?: () => About }} [hooks] */
export function startShell({ beforeLink = () => {}, aboutLink = () => ({}) } = {}) {
  startMenus();
  onAction("theme", toggleTheme);
  onAction("keys", () => dialog("keys-dialog").showModal());
  onAction("link", () => {
    beforeLink();
    openLink(aboutLink());
  });
  onAction("qr", () => {
    beforeLink();
    openCode();
  });
  const skip = document.querySelector(".skip");
  skip?.addEventListener("click", (event) => {
    event.preventDefault(); // the fragment holds the settings
    document.getElementById("content")?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "?" && areKeysOn() && !isTyping(event.target)) dialog("keys-dialog").showModal();
  });
}

/** Where a browser keeps that somebody does not want them. */
export const LETTER_KEYS = "letter-keys";

/** Whether keys without Ctrl are heard: they can be switched off. */
export const areKeysOn = () => kept(LETTER_KEYS) !== "off";

/** @param {EventTarget | null} target */
export const isTyping = (target) =>
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement ||
  (target instanceof HTMLInputElement && !["radio", "checkbox", "range", "button", "file"].includes(target.type));

/** Say what is wrong, on the page, until it is dismissed or mended. */
export class Message {
  #box = byRole("message");
  #text = byRole("message-text");

  constructor() {
    onAction("dismiss", () => this.clear());
  }

  /** @param {string[]} sentences */
  show(...sentences) {
    this.#text.replaceChildren(...sentences.flatMap((sentence, index) => (index ? [" ", el("br"), sentence] : [sentence])));
    this.#box.hidden = false;
  }

  clear() {
    this.#box.hidden = true;
  }
}

/** What the address asks for is drawn: the page can be read, and stepped. */
export function markFirstFrame() {
  requestAnimationFrame(() => performance.mark("first-frame"));
}

/** All that the page offers is there: tests and impatient people may go on. */
export function markReady() {
  requestAnimationFrame(() => {
    document.documentElement.dataset["ready"] = "true";
  });
}
