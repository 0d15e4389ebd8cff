import type { Scheduler } from '@carillon/core';
import type { Backend, JobStore } from '@carillon/core/internal';
import type { Logger } from 'pino';
import type { CheckedSettings } from './check.js';
import type { Silences } from './silences.js';

/** What a watch of a job store works with. */
export interface WatchParts {
  readonly store: JobStore;
  readonly scheduler: Scheduler;
  readonly backend: Backend;
  /** Names this process. */
  readonly watcherId: string;
  /** With the rules that are about this job store. */
  readonly settings: CheckedSettings;
  readonly logger: Logger;
  readonly silences: Silences;
  /** Of notifications that this process has delivered and may not have written: they are not delivered again. */
  readonly delivered: Set<string>;
  /** What this process kept when it watched last: it is used where the job store has lost it. */
  readonly before: ReadonlyMap<string, string>;
}
