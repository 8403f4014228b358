// One at a time, and only the newest: a stroke or a drag asks the server as often as it answers, and no oftener.

/**
 * @template T
 * @param {(value: T) => Promise<unknown>} run
 * @returns {(value: T) => Promise<void>} runs it with this value, or after the run under way if none newer comes
 */
export function latest(run) {
  let busy = false;
  /** @type {{ value: T } | null} */
  let waiting = null;
  return async (value) => {
    waiting = { value };
    if (busy) return;
    busy = true;
    try {
      while (waiting) {
        /** @type {{ value: T }} */
        const next = waiting;
        waiting = null;
        await run(next.value);
      }
    } finally {
      busy = false;
    }
  };
}

/** What was asked for under a key: it is asked for once, and where that failed once more. @template K, A @param {Map<K, Promise<A>>} known @param {K} key @param {() => Promise<A>} ask */
export function once(known, key, ask) {
  const answer = known.get(key) ?? ask();
  known.set(key, answer);
  answer.catch(() => known.delete(key));
  return answer;
}

/**
 * Ask as often as one likes: an answer counts where nothing was asked for since.
 * @template T, A
 * @param {(value: T) => Promise<A>} ask
 * @returns {(value: T) => Promise<A | null>}
 */
export function newest(ask) {
  let turn = 0;
  return async (value) => {
    const mine = (turn += 1);
    const answer = await ask(value);
    return mine === turn ? answer : null;
  };
}
