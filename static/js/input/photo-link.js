// Where an uploaded photo is and for how long, and a link to it that lasts.

/** @import { Answered } from "../types" */
/** @import { About } from "../share.js" */

import { ApiError, send } from "../api.js";
import { askFirst } from "../ask-first.js";
import { buttonTo, el } from "../draw/dom.js";
import { textField } from "../fields.js";
import { imagePath } from "../files.js";
import { bytesIn } from "../packed.js";
import { offerLink, sharedAddress } from "../share.js";
import { LOCALE, messageOf, say } from "../words.js";

/** @typedef {Answered<"/api/images/{image_id}/keeping", "get">} Keeping */

/** A photo that is part of a link, as the server wrote it. */
export const PHOTO = textField("photo", say("common.photo"), "", /^[\w-]{20,9000}$/, say("photo.a_photo"));

const IMAGE = /(?<=[#&])image=[\w-]+/;

/** @param {string} date of the calendar, 2026-11-28 */
const dated = (date) =>
  new Date(`${date}T00:00Z`).toLocaleDateString(LOCALE, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

/** @param {number} seconds */
function lasting(seconds) {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return minutes === 1 ? say("photo.minute") : minutes === 60 ? say("photo.hour") : say("photo.minutes", { minutes });
}

/** The bytes of a photo that is part of a link. @param {string} text */
function photoOf(text) {
  try {
    return new Blob([bytesIn(text.replaceAll("-", "+").replaceAll("_", "/"))], { type: "image/webp" });
  } catch {
    throw new Error(say("photo.damaged"));
  }
}

/** Send a photo that came in a link. @param {string} photo @param {string[]} problems what is wrong with the link: added to @returns {Promise<string>} its id, "" where there is none */
export async function unpackedPhoto(photo, problems) {
  const body = new FormData();
  try {
    body.append("file", photoOf(photo), "photo.webp");
    return (await (await send("/api/images", { method: "POST", body })).json()).id;
  } catch (error) {
    problems.push(say("maps.photo_fault", { message: messageOf(error) }));
    return "";
  }
}

/** What becomes of one uploaded photo, and the line on the page that says so. */
export class PhotoKeeping {
  #image = "";
  /** @type {Keeping | null} */ #keeping = null;
  #ends = 0; // by the clock of performance.now

  /** @param {HTMLElement} node @param {(sentence: string) => void} complain @param {() => void} deleted */
  constructor(node, complain, deleted) {
    this.node = node;
    node.tabIndex = -1;
    this.complain = complain;
    this.deleted = deleted;
  }

  /** @param {string} image the id of an upload; "" for a picture that is always there */
  async follow(image) {
    this.#image = image;
    this.#keeping = null;
    this.node.hidden = true;
    if (image) await this.#ask("GET");
  }

  /** @param {string} method */
  async #ask(method) {
    const image = this.#image;
    try {
      const answer = await send(`${imagePath(image)}/keeping`, { method });
      if (image !== this.#image) return;
      this.#keeping = answer.status === 204 ? null : await answer.json();
      this.#ends = performance.now() + 1000 * (this.#keeping?.seconds ?? 0);
      this.#show();
      if (method === "POST" && !document.querySelector("dialog[open]")) this.node.focus(); // its button is gone
      if (method === "DELETE") this.deleted();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (method !== "GET") this.complain(error.message);
    }
  }

  #left() {
    return lasting(Math.max(0, this.#ends - performance.now()) / 1000);
  }

  #show() {
    const keeping = this.#keeping;
    this.node.hidden = !keeping;
    if (!keeping) return;
    const { kept_until, would_be_kept_until, mine, where } = keeping;
    if (kept_until) {
      const remove = el("button", { type: "button", class: "button", "data-asks": say("common.delete_for_good") }, say("common.delete"));
      askFirst(remove, () => this.#ask("DELETE"));
      this.node.replaceChildren(say("photo.kept_until", { date: dated(kept_until) }), " ", ...(mine ? [remove] : []));
      return;
    }
    const time = this.#left();
    const keep = buttonTo(() => this.#ask("POST"), {}, say("photo.keep_until", { would_be_kept_until: dated(would_be_kept_until) }));
    this.node.replaceChildren(where === "redis" ? say("photo.in_redis", { time }) : say("photo.in_memory", { time }), " ", keep);
  }

  /** What is said of a link to the photo. @returns {About} */
  aboutLink() {
    const keeping = this.#keeping;
    if (!keeping) return this.#image ? { sentence: say("photo.link") } : {};
    const { kept_until, would_be_kept_until } = keeping;
    if (kept_until) return { sentence: say("photo.link_until", { kept_until: dated(kept_until) }) };
    const sentence = say("photo.link_for", { left: this.#left() });
    const note = el("p", { class: "field-note", role: "status" });
    const within = buttonTo(() => this.#offer(note), {}, say("photo.put_in_link"));
    const keep = buttonTo(async () => {
      await this.#ask("POST");
      if (!this.#keeping?.kept_until) return;
      note.textContent = say("photo.is_kept_until", { kept_until: dated(this.#keeping.kept_until) });
      keep.disabled = true;
    }, {}, say("photo.keep_on_server", { would_be_kept_until: dated(would_be_kept_until) }));
    return { sentence, more: [within, keep, note] };
  }

  /** The photo itself as part of the link. @param {HTMLElement} note */
  async #offer(note) {
    try {
      const { photo } = await (await send(`${imagePath(this.#image)}/link`)).json();
      if (photo) {
        note.textContent = say("photo.in_link");
        offerLink(sharedAddress().replace(IMAGE, `photo=${photo}`));
      } else note.textContent = say("photo.too_detailed");
    } catch (error) {
      note.textContent = messageOf(error);
    }
  }
}
