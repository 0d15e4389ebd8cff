import { vi } from 'vitest';

/** Repeats a check until it does not throw, and returns its result. Throws its last error once the limit is over. */
export function eventually<T>(check: () => T | Promise<T>, limitMs = 120_000): Promise<T> {
  return vi.waitFor(check, { timeout: limitMs, interval: 50 }) as Promise<T>;
}
