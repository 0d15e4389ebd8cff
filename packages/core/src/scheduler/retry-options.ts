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
  /** Only runs that failed at or after this instant. */
  readonly from?: Date | undefined;
  /** Only runs that failed at or before this instant. */
  readonly to?: Date | undefined;
  /** Only these runs: the ids of a preview. */
  readonly runIds?: readonly string[] | undefined;
}

/** The runs that `retryRuns` would retry. */
export interface RetryPreview {
  /** Newest first. */
  readonly runs: readonly SettledRunInfo[];
  /**
   * Ids of failed runs that match and cannot be retried: their arguments were longer than 16 KiB, or an older release did not keep
   * them.
   */
  readonly notKept: readonly string[];
}

export interface RetryOptions extends By {
  /** The number of runs to retry, as a preview showed it. If the number differs, no run is retried. */
  readonly expected: number;
}

/** What `retryRuns` did with failed runs. */
export interface RetriedRuns {
  /** The new runs: `retryOf` of each is the failed run that it replaces. */
  readonly runs: readonly RunHandle[];
  /**
   * Runs that were skipped. `max_instances`: the job has `maxInstances` live runs; call again later. `retried`: another client retried
   * it first. `owed`: it has not ended yet.
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
