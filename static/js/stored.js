// The page that says what is stored: one's own runs can be deleted here, all at once.

import { send } from "./api.js";
import { askFirst } from "./ask-first.js";
import { byRole } from "./draw/dom.js";
import { plural } from "./format.js";
import { markFirstFrame, markReady, startShell } from "./shell.js";

async function deleteAll() {
  const told = byRole("told");
  try {
    const { deleted } = await (await send("/api/runs", { method: "DELETE" })).json();
    told.textContent = deleted ? `${plural(deleted, "run")} deleted.` : "You have no runs here.";
  } catch (error) {
    told.textContent = /** @type {Error} */ (error).message;
  }
}

const button = /** @type {HTMLButtonElement} */ (document.querySelector('[data-action="delete"]'));
askFirst(button, deleteAll);
startShell();
markFirstFrame();
markReady();
