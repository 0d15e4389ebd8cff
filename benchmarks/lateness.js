/** How late runs began, ms, counted by whole milliseconds. */
export class Lateness {
  #counts = new Map();

  add(ms) {
    const whole = Math.max(0, Math.round(ms));
    this.#counts.set(whole, (this.#counts.get(whole) ?? 0) + 1);
  }

  /** Returns what was added since the last call: pairs of ms and the number of runs that were that late. */
  take() {
    const counts = [...this.#counts];
    this.#counts = new Map();
    return counts;
  }
}

/** @param counts pairs of ms and numbers from one or several calls of `take`. @returns null for each figure without data. */
export function latenessOf(counts) {
  const sorted = counts.toSorted(([a], [b]) => a - b);
  const count = sorted.reduce((sum, [, n]) => sum + n, 0);
  const quantile = (q) => {
    let seen = 0;
    for (const [ms, n] of sorted) {
      seen += n;
      if (seen >= q * count) return ms;
    }
    return null;
  };
  return { count, p50: quantile(0.5), p99: quantile(0.99), worst: sorted.at(-1)?.[0] ?? null };
}
