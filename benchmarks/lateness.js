/** How late runs began, ms, counted by whole milliseconds. */
export class Lateness {
  #counts = new Map();

  add(ms) {
    const whole = Math.max(0, Math.round(ms));
    this.#counts.set(whole, (this.#counts.get(whole) ?? 0) + 1);
  }

  /** What came since the last time: pairs of ms and how many runs were so late. */
  take() {
    const counts = [...this.#counts];
    this.#counts = new Map();
    return counts;
  }
}

/** @param counts pairs of ms and how many, from `take`, of several takes if need be. @returns null for what nothing says. */
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
