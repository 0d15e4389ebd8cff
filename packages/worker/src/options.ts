import {
  type CommonOptions,
  type Duration,
  InvalidOptionsError,
  type RedisOptions,
  type TaskMap,
} from '@carillon/core';
import {
  checkAliases,
  checkNames,
  defaultLogger,
  durationMs,
  placeOf,
  type Report,
  reportTo,
  type WorkerBackend,
} from '@carillon/core/internal';
import type { Logger } from 'pino';
import { RedisWorkerBackend } from './backend.js';
import { registerTasks, type TaskRegistry } from './tasks.js';

export interface ExecutorOptions {
  /** How many runs at once, in this worker, over all of its job stores; 10 where it is left out. */
  readonly concurrency?: number | undefined;
}

export interface WorkerSettings<T> extends CommonOptions {
  /** The tasks by name: plain functions. */
  readonly tasks: T;
  /** Aliases of the job stores to take runs from; `['default']` where it is left out. */
  readonly jobStores?: readonly string[] | undefined;
  /** The queues to serve, by alias; `{ default: {} }` where it is left out. */
  readonly executors?: { readonly [alias: string]: ExecutorOptions } | undefined;
  /** After this long without a sign of life from a worker, its runs are run again elsewhere; `'5s'` where it is left out. */
  readonly lease?: Duration | undefined;
  /** How long runs may take to finish at shutdown, before they are handed back; `'20s'` where it is left out. */
  readonly shutdownTimeout?: Duration | undefined;
}

export type WorkerOptions<T extends TaskMap<T>> = WorkerSettings<T> &
  (
    | { readonly redis: RedisOptions; readonly backend?: undefined }
    | { readonly backend: WorkerBackend; readonly redis?: undefined }
  );

export interface CheckedWorkerOptions {
  readonly backend: WorkerBackend;
  /** Makes a backend for another Redis. */
  readonly backendAt: (redis: RedisOptions) => WorkerBackend;
  readonly report: Report;
  readonly logger: Logger;
  readonly tasks: TaskRegistry;
  readonly jobStores: readonly string[];
  readonly executors: readonly { readonly alias: string; readonly concurrency: number }[];
  readonly leaseMs: number;
  readonly shutdownTimeoutMs: number;
}

const NAMES = ['redis', 'backend', 'prefix', 'logger', 'tasks', 'jobStores', 'executors', 'lease', 'shutdownTimeout'];
const DEFAULT_CONCURRENCY = 10;
const MIN_LEASE_MS = 300;

/** @throws InvalidOptionsError */
export function checkWorkerOptions<T extends TaskMap<T>>(options: WorkerOptions<T>): CheckedWorkerOptions {
  checkNames(options, NAMES, 'Worker');
  const logger = options.logger ?? defaultLogger();
  const report = reportTo(logger);
  const leaseMs = durationMs(options.lease ?? '5s', 'lease');
  if (leaseMs < MIN_LEASE_MS)
    throw new InvalidOptionsError(`lease: ${options.lease} is too short: give at least ${MIN_LEASE_MS} ms`);
  if (typeof options.tasks !== 'object' || options.tasks === null) {
    throw new InvalidOptionsError('tasks: give an object of functions by name');
  }
  const tasks = registerTasks(options.tasks);
  const executors = checkExecutors(options.executors ?? { default: {} });
  const jobStores = checkAliases(options.jobStores);
  const shutdownTimeoutMs = durationMs(options.shutdownTimeout ?? '20s', 'shutdownTimeout');
  const { prefix } = options;
  const backendAt = (redis: RedisOptions) => new RedisWorkerBackend({ redis, prefix, report, fail: 'never' });
  const backend = options.backend ?? backendAt(placeOf(options));
  return { backend, backendAt, report, logger, tasks, jobStores, executors, leaseMs, shutdownTimeoutMs };
}

function checkExecutors(executors: { readonly [alias: string]: ExecutorOptions }): CheckedWorkerOptions['executors'] {
  const aliases = checkAliases(Object.keys(executors), 'executors');
  return aliases.map((alias) => {
    const options = executors[alias] ?? {};
    checkNames(options, ['concurrency'], `executor ${JSON.stringify(alias)}`);
    const { concurrency = DEFAULT_CONCURRENCY } = options;
    if (Number.isInteger(concurrency) && concurrency >= 1) return { alias, concurrency };
    throw new InvalidOptionsError(
      `executor ${JSON.stringify(alias)}: concurrency ${concurrency} is not a whole number of at least 1`,
    );
  });
}
