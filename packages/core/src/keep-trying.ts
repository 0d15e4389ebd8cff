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
  let giveUp = () => {};
  const aborted = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    while (!signal.aborted) {
      try {
        // Where commands wait until Redis is back, the action may never end.
        return await Promise.race([action(), aborted]);
      } catch (error) {
        if (signal.aborted) return;
        report({ kind: 'not_reached', error, retryMs: RETRY_MS });
        await pause(clock, aborted);
      }
    }
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

async function pause(clock: Clock, aborted: Promise<void>): Promise<void> {
  let cancel = () => {};
  const later = new Promise<void>((resolve) => {
    cancel = clock.after(RETRY_MS, resolve);
  });
  await Promise.race([later, aborted]);
  cancel();
}
