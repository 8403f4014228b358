// The page that says what is stored: one's own runs can be deleted here, all at once, and tasks that are met forgotten.

import { send } from "./api.js";
import { askFirst } from "./ask-first.js";
import { byRole, find, onAction } from "./draw/dom.js";
import { MET, remember } from "./remembered.js";
import { markFirstFrame, markReady, startShell } from "./shell.js";
import { messageOf, say } from "./words.js";

async function deleteAll() {
  const note = byRole("outcome");
  try {
    const { deleted } = await (await send("/api/runs", { method: "DELETE" })).json();
    note.textContent = deleted ? say("stored.deleted", { deleted }) : say("stored.none");
  } catch (error) {
    note.textContent = messageOf(error);
  }
}

const button = find('[data-action="delete"]', HTMLButtonElement);
askFirst(button, deleteAll);
onAction("forget-tasks", () => {
  remember(MET, []);
  byRole("outcome").textContent = say("stored.tasks_forgotten");
});
startShell();
markFirstFrame();
markReady();
