// Files that come by a button, dropped anywhere on the page, or pasted.

import { byRole, onAction } from "./draw/dom.js";

/** @param {(file: File) => void} take @param {ParentNode} [root] what holds the button and the field */
export function takeFiles(take, root = document) {
  const input = /** @type {HTMLInputElement} */ (byRole("file", root));
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
