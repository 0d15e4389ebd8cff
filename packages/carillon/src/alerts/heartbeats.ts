import type { CarillonEvent } from '@carillon/core';
import { type Clock, errorInfo } from '@carillon/core/internal';
import type { Logger } from 'pino';
import type { AlertBook } from './alert-book.js';
import type { CheckedSettings } from './check.js';
import type { Targets } from './delivery/targets.js';
import { isAmong } from './pattern.js';

interface HeartbeatParts {
  readonly settings: CheckedSettings;
  readonly book: AlertBook;
  readonly targets: Targets;
  readonly clock: Clock;
  readonly jobStore: string;
  readonly logger: Logger;
  /** Aborted when the watch ends. */
  readonly signal: AbortSignal;
}

/** Pings the URLs of the settings when runs start and end, and at intervals while the job store has a leader. */
export class Heartbeats {
  readonly #parts: HeartbeatParts;
  /** When each `alive` URL was pinged last, ms. */
  readonly #pinged = new Map<string, number>();

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  /** Queues the pings for an event of a run. */
  see(event: CarillonEvent): void {
    if (!('jobId' in event) || event.jobId === null) return;
    const { settings, book } = this.#parts;
    const at = event.at.getTime();
    for (const { job, url } of settings.heartbeats) {
      if (!isAmong(job, event.jobId)) continue;
      if (event.type === 'job_started') book.ping(url, at, 'start');
      if (event.type === 'job_executed') book.ping(url, at, 'success');
      if (event.type === 'job_error') book.ping(url, at, 'fail', `${event.error.name}: ${event.error.message}`);
    }
  }

  /** Pings each `alive` URL whose interval has passed; nothing waits for the response. */
  pingAlive(): void {
    const { settings, targets, clock, jobStore, logger, signal } = this.#parts;
    const now = clock.now();
    for (const { url, every } of settings.alive) {
      if (now - (this.#pinged.get(url.href) ?? Number.NEGATIVE_INFINITY) < every) continue;
      this.#pinged.set(url.href, now);
      targets.alive(url, signal).catch((error: unknown) => {
        if (signal.aborted) return;
        // Shown without its path, which may be a secret.
        const reason = errorInfo(error).message;
        logger.warn({ jobStore, host: url.host, reason }, 'a heartbeat URL did not accept a ping');
      });
    }
  }
}
