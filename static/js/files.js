// Photos that come by a button, dropped anywhere on the page, or pasted; large ones are reduced before they are sent.

import { send } from "./api.js";
import { byRole, find, onAction } from "./draw/dom.js";

const BINARY = { Accept: "application/octet-stream" };
const LARGE_BYTES = 1024 * 1024;
const LARGE_SIDE = 2048; // pixels
const SENT_SIDE = 1024; // the longest side of what is sent instead: eight times what the server keeps
const QUALITY = 0.95;
const READ_BY_ALL = /^image\/(png|jpeg|webp|gif|bmp|avif)$/;

/**
 * A photo as it is sent: as it is, or where that is large, upright and reduced, as a JPEG. What the browser cannot
 * read goes as it is, so that the server says what is wrong with it.
 * @param {File} file @returns {Promise<Blob>}
 */
async function reduced(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!picture) return file;
  const { width, height } = picture;
  try {
    const small = file.size <= LARGE_BYTES && Math.max(width, height) <= LARGE_SIDE;
    return small && READ_BY_ALL.test(file.type) ? file : ((await redrawn(picture)) ?? file);
  } finally {
    picture.close();
  }
}

/** A picture on white, its longest side at most SENT_SIDE. @param {ImageBitmap} picture @returns {Promise<Blob | null>} */
function redrawn(picture) {
  const scale = Math.min(1, SENT_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d");
  if (!context) return Promise.resolve(null);
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

/** Send a photo; the answer has its pixels as bytes. @param {File} file @returns {Promise<Response>} */
export async function sendPhoto(file) {
  const body = new FormData();
  body.append("file", await reduced(file), file.name);
  return send("/api/images", { method: "POST", body, headers: BINARY });
}

/** Where a picture is that was sent, or that is shipped under a name. @param {string} image */
export const imagePath = (image) => `/api/images/${encodeURIComponent(image)}`;

/** A picture's pixels as bytes. @param {string} image @returns {Promise<Response>} */
export const pixelsOf = (image) => send(imagePath(image), { headers: BINARY });

/** What has to be said of a photo that was sent, such as that its end is missing. @param {Response} answer */
export function noteOf(answer) {
  return decodeURIComponent(answer.headers.get("X-Image-Note") ?? "");
}

/** @param {(file: File) => void} take @param {ParentNode} [root] what holds the button and the field */
export function takeFiles(take, root = document) {
  const input = find('[data-role="file"]', HTMLInputElement, root);
  const drop = byRole("drop", root);
  const offer = (/** @type {FileList | null | undefined} */ files) => {
    if (files?.[0]) take(files[0]);
  };
  onAction("choose-file", () => input.click(), root);
  input.addEventListener("change", () => {
    offer(input.files);
    input.value = ""; // the same file may be chosen again
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  document.addEventListener("dragleave", () => drop.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    offer(event.dataTransfer?.files);
  });
  document.addEventListener("paste", (event) => offer(event.clipboardData?.files));
}
