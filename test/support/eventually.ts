import { vi } from 'vitest';

/** Waits until a check answers without throwing, and answers what it does. Throws its last error once the limit is over. */
export function eventually<T>(check: () => T | Promise<T>, limitMs = 120_000): Promise<T> {
  return vi.waitFor(check, { timeout: limitMs, interval: 50 }) as Promise<T>;
}
