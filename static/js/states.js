// What the states of a run are called.

export const STATES = {
  queued: "waiting",
  running: "learning",
  paused: "paused",
  finished: "done",
  stopped: "stopped",
  diverged: "diverged",
  failed: "failed",
};
