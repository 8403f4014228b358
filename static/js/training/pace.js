// How fast a run goes on, as this page sees its steps arrive: what the time that is left is told from.

const WINDOW_MS = 5000;
const LEAST_MS = 800; // a shorter look tells nothing

export class Pace {
  #seen = /** @type {{ at: number, step: number }[]} */ ([]);

  /** @param {number} step @param {number} [at] in milliseconds */
  see(step, at = performance.now()) {
    this.#seen.push({ at, step });
    while (this.#seen.length > 2 && (this.#seen[1]?.at ?? at) < at - WINDOW_MS) this.#seen.shift();
  }

  /** Paused, resumed, at another speed: what was seen counts no more. */
  forget() {
    this.#seen = [];
  }

  /** The seconds until this step, null where not enough was seen. @param {number} total */
  left(total) {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (!first || !last || last.at - first.at < LEAST_MS || last.step <= first.step) return null;
    return ((total - last.step) * (last.at - first.at)) / (1000 * (last.step - first.step));
  }
}
