import type { History, Retry } from '@carillon/core';
import { changed, lost, type NamedSpec, type Note } from '../entry.js';

/** What BullMQ writes into the options of a job by itself, and what says when it fires. */
const INTERNAL = [
  ...['repeat', 'jobId', 'timestamp', 'prevMillis', 'repeatJobKey', 'delay', 'tm', 'omc', 'telemetry', 'parent'],
  ...['attempts', 'backoff', 'priority', 'timeout', 'removeOnComplete', 'removeOnFail'],
];
const HOUR_MS = 3_600_000;
const MOST_ATTEMPTS = 100;
const LOWEST_PRIORITY = 2_097_151;

type Options = Readonly<Record<string, unknown>>;

/** How a job of these options runs here. */
export function policyOf(options: Options): {
  readonly policy: Pick<NamedSpec, 'retry' | 'priority' | 'timeout' | 'history'>;
  readonly notes: readonly Note[];
} {
  const notes: Note[] = Object.keys(options)
    .filter((name) => !INTERNAL.includes(name))
    .map((name) => lost(`${name} ${JSON.stringify(options[name])} has no equivalent here`));
  const retry = retryOf(options, notes);
  const history = historyOf(options, notes);
  const { priority, timeout } = options;
  const policy = {
    ...(retry && { retry }),
    ...(isCount(priority) && { priority: Math.min(priority, LOWEST_PRIORITY) }),
    ...(isCount(timeout) && { timeout }),
    ...(history && { history }),
  };
  return { policy, notes };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;

function retryOf({ attempts, backoff }: Options, notes: Note[]): Retry | undefined {
  if (!isCount(attempts) || attempts < 2) return undefined;
  if (attempts > MOST_ATTEMPTS) notes.push(changed(`attempts ${attempts}: at most ${MOST_ATTEMPTS} here`));
  const most = Math.min(attempts, MOST_ATTEMPTS);
  const given = typeof backoff === 'number' ? { type: 'fixed', delay: backoff } : ((backoff ?? {}) as Options);
  const { type = 'fixed', delay: wait = 0, jitter } = given;
  if ((type !== 'fixed' && type !== 'exponential') || typeof wait !== 'number') {
    notes.push(lost(`backoff ${JSON.stringify(backoff)} is defined by the application: the default backoff is used`));
    return { attempts: most };
  }
  const longest = type === 'fixed' ? wait : wait * 2 ** Math.max(most - 2, 0);
  const maxDelay = longest > HOUR_MS ? { maxDelay: Math.min(longest, 365 * 24 * HOUR_MS) } : {};
  return {
    attempts: most,
    backoff: { type, delay: wait, ...maxDelay, ...(typeof jitter === 'number' && jitter > 0 && { jitter }) },
  };
}

/** BullMQ's number counts the jobs of the queue; a history counts the runs of one job. */
function historyOf({ removeOnComplete, removeOnFail }: Options, notes: Note[]): History | undefined {
  const limits = [removeOnComplete, removeOnFail].map((given) =>
    typeof given === 'number' ? { count: given } : typeof given === 'object' && given ? (given as Options) : undefined,
  );
  const found = limits.find((limit) => limit && (isCount(limit.count) || isCount(limit.age)));
  if (!found) return undefined;
  notes.push(
    changed('removeOnComplete and removeOnFail apply to the whole queue there; here, they are the history of this job'),
  );
  const { count, age } = found;
  return { ...(isCount(count) && { perJob: Math.min(count, 10_000) }), ...(isCount(age) && { age: age * 1_000 }) };
}
