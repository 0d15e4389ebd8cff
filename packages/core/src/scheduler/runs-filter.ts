import { InvalidOptionsError } from '../errors.js';
import { checkJobId } from '../job/checks.js';
import type { Run, SettledRunInfo } from '../run/run.js';
import { shown } from '../shown.js';
import { checkOrder } from './list-options.js';
import { ENDED_STATES, LIVE_STATES, type RunMatch } from './run-pages.js';
import { checkChoice, type StoreChoice } from './store-choice.js';

export interface RunsOptions extends StoreChoice {
  /** The most runs that are returned, up to 10,000; default: 100. */
  readonly limit?: number | undefined;
}

/** How a run has ended. */
export type RunOutcome = SettledRunInfo['state'];

/** A filter of runs; members that are left out exclude none. */
export interface RunsFilter extends RunsOptions {
  /** One state, or several. */
  readonly state?: Run['state'] | readonly Run['state'][] | undefined;
  /** Only ended runs with this outcome, or with one of several. It excludes `state`. */
  readonly outcome?: RunOutcome | readonly RunOutcome[] | undefined;
  readonly jobId?: string | undefined;
  /** Only runs of this task. */
  readonly task?: string | undefined;
  /** Only runs of this executor. */
  readonly executor?: string | undefined;
  /** Only ended runs that ended at or after this instant. */
  readonly from?: Date | undefined;
  /** Only ended runs that ended at or before this instant. */
  readonly to?: Date | undefined;
  /** The `cursor` of the page before. */
  readonly cursor?: string | null | undefined;
}

/** The fields that every filter of runs has. */
type CommonFilter = Pick<RunsFilter, 'jobId' | 'task' | 'executor' | 'from' | 'to'>;

export interface RunList {
  /** Runs that are owed, in no order, then ended runs, newest first. */
  readonly runs: readonly Run[];
  /**
   * The cursor of the next page; null if this is the last. A page may have fewer runs than `limit`, or none, although more pages
   * follow.
   */
  readonly cursor: string | null;
}

/** @throws InvalidOptionsError */
export function checkRunsFilter(filter: RunsFilter): RunMatch {
  checkChoice(filter, 'getRuns', ['state', 'outcome', 'jobId', 'task', 'executor', 'from', 'to', 'limit', 'cursor']);
  return { states: statesOf(filter), ...checkMatch('getRuns', filter) };
}

/** Checks the fields that every filter of runs has. @throws InvalidOptionsError, InvalidJobError */
export function checkMatch(call: string, filter: CommonFilter): Omit<RunMatch, 'states'> {
  const { jobId, from, to } = filter;
  const instant = (name: 'from' | 'to', at: Date | undefined, otherwise: number) => {
    if (at === undefined) return otherwise;
    if (at instanceof Date && !Number.isNaN(at.getTime())) return at.getTime();
    throw new InvalidOptionsError(`${call}: ${name} ${shown(at)} is not a valid Date`);
  };
  return {
    jobId: jobId === undefined ? null : checkJobId(jobId),
    task: textOrNull(call, 'task', filter.task),
    executor: textOrNull(call, 'executor', filter.executor),
    ...checkOrder(call, {
      from: instant('from', from, Number.NEGATIVE_INFINITY),
      to: instant('to', to, Number.POSITIVE_INFINITY),
    }),
  };
}

/** The states that are meant by `state` or by `outcome`. */
function statesOf({ state, outcome }: RunsFilter): ReadonlySet<Run['state']> {
  if (state !== undefined && outcome !== undefined) {
    throw new InvalidOptionsError('getRuns: give state or outcome, not both: each outcome is a state, too');
  }
  const known: readonly Run['state'][] = outcome === undefined ? [...LIVE_STATES, ...ENDED_STATES] : ENDED_STATES;
  const given = outcome ?? state ?? known;
  const states = [given].flat();
  if (states.length > 0 && states.every((one) => known.includes(one))) return new Set(states);
  const name = outcome === undefined ? 'state' : 'outcome';
  throw new InvalidOptionsError(`getRuns: ${name} ${shown(given)} is not known: there are ${known.join(', ')}`);
}

function textOrNull(call: string, name: string, given: unknown): string | null {
  if (given === undefined) return null;
  if (typeof given === 'string' && given !== '') return given;
  throw new InvalidOptionsError(`${call}: ${name} ${shown(given)} is not the name of one`);
}
