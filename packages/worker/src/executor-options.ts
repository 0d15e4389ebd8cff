import { type Duration, type ExecutorKind, InvalidOptionsError } from '@carillon/core';
import { checkAliases, checkNames, durationMs, type QueueLimits } from '@carillon/core/internal';
import { EXECUTOR_KINDS } from './executors/task-runner.js';

export interface ExecutorOptions {
  /**
   * Where tasks run. `async` (the default): on the event loop of the worker. `thread` and `process`: each run in a thread or child
   * process of its own, with the tasks of the worker's `taskFile`. These can always be stopped.
   */
  readonly kind?: ExecutorKind | undefined;
  /** The most runs at once in this worker, over all of its job stores; default: 10. */
  readonly concurrency?: number | undefined;
  /**
   * The most runs at once in the whole cluster, in each job store. null removes the limit. By default, the limit of the cluster stays
   * as it is; the last worker that sets one wins.
   */
  readonly globalConcurrency?: number | null | undefined;
  /**
   * The most runs that begin within a duration in the whole cluster, in each job store. null and the default are as for
   * `globalConcurrency`.
   */
  readonly rateLimit?: RateLimit | null | undefined;
}

/** The most runs (`max`) that begin within a `duration`. A duration begins with the first run after the one before is over. */
export interface RateLimit {
  readonly max: number;
  readonly duration: Duration;
}

/** An executor of a worker, its options checked. */
export interface CheckedExecutor extends QueueLimits {
  readonly alias: string;
  readonly kind: ExecutorKind;
  readonly concurrency: number;
}

const NAMES = ['kind', 'concurrency', 'globalConcurrency', 'rateLimit'];
const DEFAULT_CONCURRENCY = 10;

/** @throws InvalidOptionsError */
export function checkExecutors(
  executors: { readonly [alias: string]: ExecutorOptions },
  taskFile: URL | undefined,
): readonly CheckedExecutor[] {
  const aliases = checkAliases(Object.keys(executors), 'executors');
  return aliases.map((alias) => checkExecutor(alias, executors[alias] ?? {}, taskFile));
}

/** @throws InvalidOptionsError */
export function checkExecutor(alias: string, options: ExecutorOptions, taskFile: URL | undefined): CheckedExecutor {
  checkAliases([alias], 'executors');
  const what = `executor ${JSON.stringify(alias)}`;
  checkNames(options, NAMES, what);
  const { kind = 'async', concurrency = DEFAULT_CONCURRENCY, globalConcurrency, rateLimit } = options;
  if (!EXECUTOR_KINDS.includes(kind)) {
    throw new InvalidOptionsError(
      `${what}: ${JSON.stringify(kind)} is not a kind; there are ${EXECUTOR_KINDS.join(', ')}`,
    );
  }
  if (kind !== 'async' && !taskFile) {
    throw new InvalidOptionsError(
      `${what}: kind ${kind} needs the module that exports the tasks: give the worker a taskFile`,
    );
  }
  return {
    alias,
    kind,
    concurrency: checkCount(concurrency, `${what}: concurrency`),
    globalConcurrency: given(globalConcurrency, (count) => checkCount(count, `${what}: globalConcurrency`)),
    rateLimit: given(rateLimit, (limit) => checkRateLimit(limit, `${what}: rateLimit`)),
  };
}

function given<T, Checked>(value: T | null | undefined, check: (value: T) => Checked): Checked | null | undefined {
  if (value === undefined) return undefined;
  return value === null ? null : check(value);
}

function checkCount(count: number, what: string): number {
  if (Number.isInteger(count) && count >= 1) return count;
  throw new InvalidOptionsError(`${what} ${count} is not a whole number of at least 1`);
}

function checkRateLimit(rateLimit: RateLimit, what: string): NonNullable<QueueLimits['rateLimit']> {
  checkNames(rateLimit, ['max', 'duration'], what);
  const max = checkCount(rateLimit.max, `${what}: max`);
  const ms = durationMs(rateLimit.duration, `${what}: duration`);
  if (ms >= 1) return { max, durationMs: Math.ceil(ms) };
  throw new InvalidOptionsError(`${what}: duration ${rateLimit.duration} is too short: give at least 1 ms`);
}
