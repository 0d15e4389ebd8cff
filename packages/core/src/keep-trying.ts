import type { Report } from './log.js';
import type { Clock } from './ports/clock.js';

const RETRY_MS = 1_000;

/** Does what needs Redis, however long that takes, and says so each time it fails. Resolves once done, or aborted. */
export async function keepTrying(
  action: () => Promise<void>,
  clock: Clock,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      return await action();
    } catch (error) {
      if (signal.aborted) return;
      report({ kind: 'not_reached', error, retryMs: RETRY_MS });
      await new Promise<void>((resolve) => {
        clock.after(RETRY_MS, resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }
}
