/** A map whose entries are all kept for the same time. */
export class ExpiringMap<Value> {
  readonly #lifeMs: number;
  /** Oldest first. */
  readonly #entries = new Map<string, { readonly value: Value; readonly until: number }>();

  constructor(lifeMs: number) {
    this.#lifeMs = lifeMs;
  }

  get(key: string, now: number): Value | undefined {
    const entry = this.#entries.get(key);
    return entry && entry.until > now ? entry.value : undefined;
  }

  set(key: string, value: Value, now: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, until: now + this.#lifeMs });
    for (const [old, { until }] of this.#entries) {
      if (until > now) break;
      this.#entries.delete(old);
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
