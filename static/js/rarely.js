// What follows a stream of news is drawn when some have come, and no oftener than the eye follows.

const PAUSE_MS = 80;

/** @param {() => void} act @returns {() => void} does it soon, once for all that ask meanwhile: whoever asks last is followed by it, too */
export function rarely(act) {
  let [timer, done] = [0, Number.NEGATIVE_INFINITY];
  const now = () => {
    timer = 0;
    done = performance.now();
    act();
  };
  return () => {
    timer ||= window.setTimeout(now, Math.max(0, done + PAUSE_MS - performance.now()));
  };
}
