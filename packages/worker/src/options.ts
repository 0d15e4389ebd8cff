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
import { type CheckedExecutor, Executors } from './executors/executors.js';
import { EXECUTOR_KINDS, type ExecutorKind } from './executors/task-runner.js';
import { taskFileUrl } from './task-file.js';
import { registerTasks } from './tasks.js';

export interface ExecutorOptions {
  /**
   * `async` where it is left out: on the event loop of the worker. `thread`, `process`: each run in a thread or a child process
   * of its own, from the worker's `taskFile`. These can be stopped, whatever they do.
   */
  readonly kind?: ExecutorKind | undefined;
  /** How many runs at once, in this worker, over all of its job stores; 10 where it is left out. */
  readonly concurrency?: number | undefined;
}

export interface WorkerSettings<T> extends CommonOptions {
  /** The tasks by name: plain functions. */
  readonly tasks: T;
  /**
   * The module that exports the tasks, as `loadTasks` reads it, for executors of kind `thread` and `process`: a path, from the
   * working directory on, or a `file:` URL.
   */
  readonly taskFile?: string | URL | undefined;
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
  readonly tasks: Executors;
  readonly jobStores: readonly string[];
  readonly executors: readonly CheckedExecutor[];
  readonly leaseMs: number;
  readonly shutdownTimeoutMs: number;
}

const PLACE = ['redis', 'backend', 'prefix', 'logger'];
const NAMES = [...PLACE, 'tasks', 'taskFile', 'jobStores', 'executors', 'lease', 'shutdownTimeout'];
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
  const functions = registerTasks(options.tasks);
  const taskFile = checkTaskFile(options.taskFile);
  const executors = checkExecutors(options.executors ?? { default: {} }, taskFile);
  const jobStores = checkAliases(options.jobStores);
  const shutdownTimeoutMs = durationMs(options.shutdownTimeout ?? '20s', 'shutdownTimeout');
  const { prefix } = options;
  const backendAt = (redis: RedisOptions) => new RedisWorkerBackend({ redis, prefix, report, fail: 'never' });
  const backend = options.backend ?? backendAt(placeOf(options));
  const tasks = new Executors(executors, { tasks: functions, taskFile, clock: backend.clock, report });
  return { backend, backendAt, report, logger, tasks, jobStores, executors, leaseMs, shutdownTimeoutMs };
}

function checkTaskFile(file: string | URL | undefined): URL | undefined {
  if (file === undefined) return undefined;
  if (typeof file !== 'string' && !(file instanceof URL)) {
    throw new InvalidOptionsError('taskFile: give the path of the module that exports the tasks, or its file: URL');
  }
  try {
    return taskFileUrl(file);
  } catch (error) {
    throw new InvalidOptionsError(`taskFile: ${(error as Error).message}`, { cause: error });
  }
}

function checkExecutors(
  executors: { readonly [alias: string]: ExecutorOptions },
  taskFile: URL | undefined,
): readonly CheckedExecutor[] {
  const aliases = checkAliases(Object.keys(executors), 'executors');
  return aliases.map((alias) => checkExecutor(alias, executors[alias] ?? {}, taskFile));
}

function checkExecutor(alias: string, options: ExecutorOptions, taskFile: URL | undefined): CheckedExecutor {
  const what = `executor ${JSON.stringify(alias)}`;
  checkNames(options, ['kind', 'concurrency'], what);
  const { kind = 'async', concurrency = DEFAULT_CONCURRENCY } = options;
  if (!EXECUTOR_KINDS.includes(kind)) {
    throw new InvalidOptionsError(
      `${what}: ${JSON.stringify(kind)} is no kind; there are ${EXECUTOR_KINDS.join(', ')}`,
    );
  }
  if (kind !== 'async' && !taskFile) {
    throw new InvalidOptionsError(
      `${what}: of kind ${kind}, it needs the module that exports the tasks: give the worker its taskFile`,
    );
  }
  if (Number.isInteger(concurrency) && concurrency >= 1) return { alias, kind, concurrency };
  throw new InvalidOptionsError(`${what}: concurrency ${concurrency} is not a whole number of at least 1`);
}
