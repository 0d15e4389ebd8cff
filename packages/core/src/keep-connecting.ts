import type { Report } from './log.js';
import type { Backend } from './ports/backend.js';

const RETRY_MS = 1_000;

/** Connects a server, however long it takes, and says so each time it fails. Resolves once connected, or aborted. */
export async function keepConnecting(backend: Backend, report: Report, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await backend.connect();
    } catch (error) {
      if (signal.aborted) return;
      report({ kind: 'not_reached', error, retryMs: RETRY_MS });
      await new Promise<void>((resolve) => {
        backend.clock.after(RETRY_MS, resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }
}
