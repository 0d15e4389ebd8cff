import type { Scheduler } from '@carillon/core';
import type { Clock } from '@carillon/core/internal';
import type { Logger } from 'pino';
import type { AlertBook } from './alert-book.js';
import type { Silences } from './silences.js';
import type { Verdict } from './verdict.js';
import { whyOf } from './why.js';

/** The most time that one turn spends on explanations, ms: a thousand jobs that fail together wait no longer. */
const EXPLAINING_MS = 3_000;

interface VerdictParts {
  readonly book: AlertBook;
  readonly scheduler: Scheduler;
  readonly silences: Silences;
  readonly jobStore: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Opens and closes alerts by verdicts, and logs each. */
export class Verdicts {
  readonly #parts: VerdictParts;
  /** Whether silences were read in this turn. */
  #isRead = false;
  #explainUntil = 0;
  /** The number of alerts for which there was no room, since the last look. */
  #leftOut = 0;
  #isLeftOutLogged = false;

  constructor(parts: VerdictParts) {
    this.#parts = parts;
  }

  /**
   * Begins a turn, which has its own time for explanations. Silences are read before its first alert opens, so that a new silence
   * counts.
   */
  begin(): void {
    this.#isRead = false;
    this.#explainUntil = this.#parts.clock.now() + EXPLAINING_MS;
  }

  async apply(verdicts: readonly Verdict[]): Promise<void> {
    const { book, scheduler, silences, jobStore, clock, logger } = this.#parts;
    for (const verdict of verdicts) {
      const isOpen = book.get(verdict.rule, verdict.subject) !== undefined;
      if (verdict.isBad === isOpen) continue;
      const about = { jobStore, rule: verdict.rule, about: verdict.subject.key };
      if (!verdict.isBad) {
        if (book.closeBy(verdict)) logger.info({ ...about, because: verdict.because }, 'alert closed');
        continue;
      }
      const isTime = clock.now() < this.#explainUntil;
      const reason = isTime ? await whyOf(verdict, scheduler, jobStore, clock) : { why: verdict.why, code: null };
      if (!this.#isRead) await silences.read();
      this.#isRead = true;
      const opened = book.openBy(verdict, reason, silences.known);
      if (opened) logger.warn({ ...about, why: opened.why }, 'alert opened');
      else this.#leftOut += 1;
    }
  }

  /** Announces open alerts whose silence has ended. */
  announceOpen(now: number): void {
    const { book, silences } = this.#parts;
    for (const alert of book.open) book.announce(alert, silences.known, now);
  }

  /** Logs, once, that alerts were left out since the last call. */
  logLeftOut(): void {
    const count = this.#leftOut;
    this.#leftOut = 0;
    const { logger, jobStore } = this.#parts;
    if (count > 0 && !this.#isLeftOutLogged) {
      logger.error({ jobStore, count }, 'too many alerts are open: others are left out');
    }
    this.#isLeftOutLogged = count > 0;
  }
}
