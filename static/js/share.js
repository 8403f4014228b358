// Taking a page along: a link, a QR code, and the address on a sheet of paper. All of them can be opened by a pupil.

import { post } from "./api.js";
import { byRole, el, find } from "./draw/dom.js";
import { messageOf, say } from "./words.js";

/** @typedef {{ sentence?: string, more?: Node[] }} About what a page says of a link to it, beside the link */

/** @param {string} id */
export const dialog = (id) => find(`#${id}`, HTMLDialogElement);

const room = () => document.querySelector('meta[name="room"]')?.getAttribute("content") ?? "";

const here = () => location.pathname + location.search + location.hash;

/** Whether the address asks for the page as for a projector. */
export const isRequested = () => new URLSearchParams(location.search).has("present");

/** What the address asks for besides, and that or not. @param {boolean} projected */
export function searchWith(projected) {
  const query = new URLSearchParams(location.search);
  if (projected) query.set("present", "");
  else query.delete("present");
  const search = query.toString().replace(/=(?=&|$)/g, "");
  return search && `?${search}`;
}

/** The page for those who look at the wall: with all that they can change on it. */
const forTheClass = () => location.pathname + searchWith(false) + location.hash;

/** The address of this page as others open it: a teacher's own machine is known to nobody by localhost. */
export const sharedAddress = () => (room() ? room() + here() : location.href);

/** An address that breaks between its parts, as `in_parts` writes it in Python. @param {string} address */
export function addressNode(address) {
  const parts = address.split(new RegExp(dialog("qr-dialog").dataset["parts"] ?? "$"));
  return el("span", { class: "address" }, ...parts.map((part) => el("span", { class: "part" }, part)));
}

/** A short address for a place on this server. @param {string} to @returns {Promise<string>} */
async function shortened(to) {
  return (await (await post("/api/links", { to })).json()).link;
}

/** Copy a text to the clipboard, which needs a secure context: a classroom's address is none. @param {string} text @returns {Promise<boolean>} whether it is there */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Show a link in the dialog, selected, and try to copy it. @param {string} address */
export async function offerLink(address) {
  const text = find('[data-role="link-text"]', HTMLInputElement, dialog("link-dialog"));
  text.value = address;
  byRole("link-copied").textContent = (await copied(address)) ? say("share.copied") : say("share.selected");
  text.select();
}

/** @param {About} about */
export function openLink({ sentence, more = [] }) {
  const box = dialog("link-dialog");
  byRole("link-sentence", box).textContent = sentence ?? say("share.step");
  byRole("link-more", box).replaceChildren(...more);
  box.showModal();
  offerLink(sharedAddress());
}

let codes = 0; // asked for: a slower, older one is not shown

/** The QR code of this page, by a short link where its address is too long to be read from the last row. */
export async function openCode() {
  const box = dialog("qr-dialog");
  const host = box.querySelector('[data-role="qr-code"]');
  box.showModal();
  if (!(host instanceof HTMLElement)) return; // nobody else reaches this server, and the dialog says so
  const note = byRole("qr-status", box);
  note.textContent = "";
  host.replaceChildren();
  byRole("qr-address", box).replaceChildren();
  const code = ++codes;
  let to = forTheClass();
  if (to.length > Number(host.dataset["readable"])) {
    try {
      to = await shortened(to);
      if (code === codes) note.textContent = say("share.short");
    } catch (error) {
      if (code === codes) note.textContent = messageOf(error);
      return;
    }
  }
  if (code !== codes) return;
  const address = `${host.dataset["base"]}${to}`;
  const source = `/classroom/code.svg?to=${encodeURIComponent(to)}`;
  host.replaceChildren(el("img", { src: source, alt: say("share.code_of", { address }), width: 460, height: 460 }));
  byRole("qr-address", box).replaceChildren(addressNode(address.replace(/^http:\/\//, "")));
}
