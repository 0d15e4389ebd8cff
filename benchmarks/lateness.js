/** How late runs began, ms, counted by whole milliseconds. */
export class Lateness {
  #counts = new Map();

  add(ms) {
    const whole = Math.max(0, Math.round(ms));
    this.#counts.set(whole, (this.#counts.get(whole) ?? 0) + 1);
  }

  /** What came since the last time. */
  take() {
    const sorted = [...this.#counts].sort(([a], [b]) => a - b);
    this.#counts = new Map();
    const count = sorted.reduce((sum, [, n]) => sum + n, 0);
    const quantile = (q) => {
      let seen = 0;
      for (const [ms, n] of sorted) {
        seen += n;
        if (seen >= q * count) return ms;
      }
      return null;
    };
    return { count, p50: quantile(0.5), p99: quantile(0.99), max: sorted.at(-1)?.[0] ?? null };
  }
}
