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
  let abort = () => {};
  const aborted = new Promise<void>((resolve) => {
    abort = resolve;
  });
  signal.addEventListener('abort', abort, { once: true });
  try {
    while (!signal.aborted) {
      // Where commands wait until Redis is back, the action may never end.
      if (await Promise.race([isDone(action, report, signal), aborted])) return;
      await pause(clock, aborted);
    }
  } finally {
    // The signal lives longer, and is given to many.
    signal.removeEventListener('abort', abort);
  }
}

async function isDone(action: () => Promise<void>, report: Report, signal: AbortSignal): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    if (!signal.aborted) report({ kind: 'not_reached', error, retryMs: RETRY_MS });
    return false;
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
