import type { Scheduler } from '@carillon/core';
import type { Backend, JobStore } from '@carillon/core/internal';
import type { Logger } from 'pino';
import type { CheckedSettings } from './check.js';
import type { Silences } from './silences.js';

/** The parts of a watch of a job store. */
export interface WatchParts {
  readonly store: JobStore;
  readonly scheduler: Scheduler;
  readonly backend: Backend;
  /** The id of this process. */
  readonly watcherId: string;
  /** The settings, with the rules of this job store only. */
  readonly settings: CheckedSettings;
  readonly logger: Logger;
  readonly silences: Silences;
  /** Keys of notifications that this process has delivered and may not have removed from the store: they are not delivered again. */
  readonly delivered: Set<string>;
  /** The state that this process had when it watched last. It is used if the job store has lost it. */
  readonly before: ReadonlyMap<string, string>;
}
