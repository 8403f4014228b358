// What follows a stream of news is drawn when some have come, and no oftener than the eye follows: all of it in one frame.

const PAUSE_MS = 80;

/** @type {Set<() => void>} what is to be done when the pause is over */ const waiting = new Set();
let [timer, done] = [0, Number.NEGATIVE_INFINITY];

function doAll() {
  timer = 0;
  done = performance.now();
  const acts = [...waiting];
  waiting.clear();
  for (const act of acts) {
    try {
      act();
    } catch (error) {
      reportError(error); // what follows is drawn all the same
    }
  }
}

/** @param {() => void} act @returns {() => void} does it soon, once for all that ask meanwhile: whoever asks last is followed by it, too */
export function rarely(act) {
  return () => {
    waiting.add(act);
    timer ||= window.setTimeout(doAll, Math.max(0, done + PAUSE_MS - performance.now()));
  };
}
