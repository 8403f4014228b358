// What the states of a run are called.

import { say } from "./words.js";

export const STATES = {
  queued: say("states.queued"),
  running: say("states.running"),
  paused: say("states.paused"),
  finished: say("states.finished"),
  stopped: say("states.stopped"),
  diverged: say("states.diverged"),
  failed: say("states.failed"),
};
