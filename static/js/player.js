// An index that moves. It knows no operation: a change of index is all it does, and drawing follows from that.

/** Steps a second up to which nothing presses: the first step may take its time. */
const CALM = 1.6;

/** Moves an index from 0 to length − 1, by hand or by itself. Fires "change" whenever there is something new to show. */
export class Player extends EventTarget {
  index = 0;
  length = 0;
  rate = 1;
  playing = false;
  /** whether the next step is here yet; playing waits for it @type {(index: number) => boolean} */
  ready = () => true;
  /** whether the step that is shown is the first that playing took, and takes its time */
  opening = false;
  #last = Number.POSITIVE_INFINITY; // where playing ends, where not at the end
  #hurry = 0; // steps a second of a passage that is played through, where not the usual rate
  #generation = 0;
  #opened = false;
  #until = 0; // when the present step has been seen

  get atEnd() {
    return this.index >= this.length - 1;
  }

  /** In how many milliseconds the next step follows; by hand there is no hurry. */
  get time() {
    return this.playing ? 1000 / this.#pace : Number.POSITIVE_INFINITY;
  }

  get #pace() {
    return this.#hurry || this.rate;
  }

  /** The present step stays for so many milliseconds at least, while it plays at this rate. @param {number} milliseconds */
  stay(milliseconds) {
    this.#until = performance.now() + milliseconds;
  }

  /** @param {number} length @param {number} index */
  open(length, index) {
    this.pause();
    this.length = length;
    this.index = this.#within(index);
    this.#changed();
  }

  /** @param {number} index */
  seek(index) {
    const target = this.#within(index);
    if (target === this.index) return;
    this.index = target;
    this.#changed();
  }

  /** By hand: stops playing. @param {number} index */
  goTo(index) {
    this.pause();
    this.seek(index);
  }

  first() {
    this.goTo(0);
  }

  previous() {
    this.goTo(this.index - 1);
  }

  next() {
    this.goTo(this.index + 1);
  }

  last() {
    this.goTo(this.length - 1);
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    if (this.playing || this.length < 2) return;
    if (this.atEnd) this.seek(0);
    this.playing = true;
    this.#changed();
    this.#run(++this.#generation);
  }

  /** Play a passage alone, at a rate of its own. @param {number} first @param {number} last @param {number} rate steps a second */
  playThrough(first, last, rate) {
    this.goTo(first);
    [this.#last, this.#hurry] = [last, rate];
    this.play();
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    [this.#last, this.#hurry] = [Number.POSITIVE_INFINITY, 0];
    this.#generation += 1; // whatever loop still runs belongs to the past
    this.#changed();
  }

  /** @param {number} rate steps a second */
  setRate(rate) {
    this.rate = rate;
    this.#until = 0;
    this.#changed();
  }

  /** @param {number} generation */
  #run(generation) {
    let due = performance.now() + 1000 / this.#pace;
    const tick = (/** @type {number} */ now) => {
      if (generation !== this.#generation) return;
      const period = 1000 / this.#pace;
      due = Math.max(this.#until, Math.min(due, now + period)); // the rate was raised meanwhile
      if (now >= due - 4 && this.ready(this.index + 1)) {
        due = Math.max(due + period, now);
        this.opening = !this.#opened && this.#pace <= CALM;
        this.#opened = true;
        this.seek(this.index + 1);
        this.opening = false;
        if (this.atEnd || this.index >= this.#last) this.pause();
      }
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  /** @param {number} index */
  #within(index) {
    return Math.max(0, Math.min(this.length - 1, Math.round(index)));
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
