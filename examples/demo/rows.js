/** Not quite at the second's end: what belongs to the next one is not to be in its row. */
const LOOK_MS = 950;

/** Writes a row of the grid at the end of each second. */
export class Rows {
  #grid;
  #timer;
  #second = 0;

  /** @param {import('./grid.js').Grid} grid */
  constructor(grid) {
    this.#grid = grid;
  }

  /**
   * @param {number} start ms, the instant that is second 0
   * @param {() => number} now
   */
  begin(start, now) {
    const first = Math.max(0, Math.floor((now() - start - LOOK_MS) / 1_000) + 1);
    this.#second = Math.max(first, this.#second);
    const look = () => {
      this.#grid.row(`${this.#second} s`);
      this.#second += 1;
      arm();
    };
    const arm = () => {
      this.#timer = setTimeout(look, Math.max(0, start + this.#second * 1_000 + LOOK_MS - now()));
    };
    arm();
  }

  /** Writes what the second that is not over has brought, and no more. */
  end() {
    clearTimeout(this.#timer);
    this.#grid.row(`${this.#second} s`);
    this.#second += 1;
  }
}
