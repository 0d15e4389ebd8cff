import type { By } from '../by.js';
import { InvalidOptionsError } from '../errors.js';
import { checkRunId } from '../job/checks.js';
import type { SettledRunInfo } from '../run/run.js';
import { shown } from '../shown.js';
import type { RetryMatch } from './retry-runs.js';
import type { RunHandle } from './run-handle.js';
import { checkMatch, type RunsFilter } from './runs-filter.js';
import { checkChoice, type StoreChoice } from './store-choice.js';

/** A filter of failed runs; members that are left out exclude none. */
export interface RetryFilter extends StoreChoice, Pick<RunsFilter, 'jobId' | 'task' | 'executor'> {
  /** Those that failed from this instant on. */
  readonly from?: Date | undefined;
  /** And those that did by this instant. */
  readonly to?: Date | undefined;
  /** Only these: what a preview showed. */
  readonly runIds?: readonly string[] | undefined;
}

/** What would be run again. */
export interface RetryPreview {
  /** Newest first. */
  readonly runs: readonly SettledRunInfo[];
  /** Failed runs that match and cannot be run again: their arguments were longer than 16 KiB, or an older release did not keep them. */
  readonly notKept: readonly string[];
}

export interface RetryOptions extends By {
  /** How many runs are to be run again, as a preview showed. With another number, none is run again. */
  readonly expected: number;
}

/** What `retryRuns` did with failed runs. */
export interface RetriedRuns {
  /** The new runs: `retryOf` of each is the failed run that it replaces. */
  readonly runs: readonly RunHandle[];
  /**
   * Runs that were skipped. `max_instances`: the job has as many live runs as it may: call again later. `retried`: another client ran it
   * again first. `owed`: it has not ended yet.
   */
  readonly left: readonly { readonly runId: string; readonly why: 'max_instances' | 'retried' | 'owed' }[];
}

/** @throws InvalidOptionsError, InvalidJobError */
export function checkRetryFilter(call: string, filter: RetryFilter): RetryMatch {
  checkChoice(filter, call, ['jobId', 'task', 'executor', 'from', 'to', 'runIds']);
  const { runIds } = filter;
  if (runIds !== undefined && !Array.isArray(runIds)) {
    throw new InvalidOptionsError(`${call}: runIds ${shown(runIds)} is not an array of the ids of runs`);
  }
  const ids = runIds && new Set(runIds.map((id) => checkRunId(id)));
  return { states: new Set(['error']), ...checkMatch(call, filter), runIds: ids ?? null };
}
