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
  durationInUnit,
  type Instruments,
  instrumentsOf,
  type Report,
  redisBackend,
  reportTo,
  sharedLogger,
  timerMs,
  type WorkerBackend,
} from '@carillon/core/internal';
import type { Logger } from 'pino';
import { checkExecutors, type ExecutorOptions } from './executor-options.js';
import { Executors } from './executors/executors.js';
import { taskFileUrl } from './task-file.js';
import { registerTasks } from './tasks.js';

export interface WorkerSettings<T> extends CommonOptions {
  /** The tasks by name: plain functions. */
  readonly tasks: T;
  /**
   * Opens the resources of tasks on the event loop, such as connections, before the first task is called; may be async. While it fails,
   * each run ends as an error, `TASK_SETUP`, and the next run calls it again. Threads and child processes call the `setup` of their
   * `taskFile`.
   */
  readonly setup?: (() => unknown) | undefined;
  /** Closes these resources at shutdown, after the last of these tasks; may be async. A failure is logged. */
  readonly teardown?: (() => unknown) | undefined;
  /** How long `setup` may take, in each place where tasks run; default: `'30s'`. */
  readonly setupTimeout?: Duration | undefined;
  /** How long `teardown` may take, in each place where tasks run; default: `'5s'`. */
  readonly teardownTimeout?: Duration | undefined;
  /**
   * The module that exports the tasks, as `loadTasks` reads it, for executors of kind `thread` and `process`: a path, relative to the
   * working directory, or a `file:` URL. Its exports `setup` and `teardown` are called there.
   */
  readonly taskFile?: string | URL | undefined;
  /**
   * How long that module may take to load in a thread or child process; default: `'30s'`. After that, the run that needs it ends as an
   * error, `TASK_FILE`, and the next run loads it again.
   */
  readonly loadTimeout?: Duration | undefined;
  /** Aliases of the job stores from which it takes runs; default: `['default']`. */
  readonly jobStores?: readonly string[] | undefined;
  /** The executors to serve, by alias; default: `{ default: {} }`. */
  readonly executors?: { readonly [alias: string]: ExecutorOptions } | undefined;
  /** How long the worker may be silent before its runs are run again elsewhere; default: `'5s'`. */
  readonly lease?: Duration | undefined;
  /**
   * How long runs wait for a task that no living worker of their executor has, before they end as errors, `UNKNOWN_TASK`; default:
   * `'30s'`. Until then, and as long as one worker has the task, they go back to their queue.
   */
  readonly unknownTaskTimeout?: Duration | undefined;
  /** How long runs may take to finish at shutdown, before they are handed back; default: `'20s'`. */
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
  /** The logger behind `currentRun().logger`. */
  readonly taskLogger: Logger;
  readonly executors: Executors;
  readonly jobStores: readonly string[];
  readonly leaseMs: number;
  readonly unknownTaskMs: number;
  readonly shutdownTimeoutMs: number;
  readonly teardownMs: number;
  readonly instruments: Instruments | undefined;
}

const PLACE = ['redis', 'backend', 'prefix', 'logger', 'telemetry'];
const NAMES = [
  ...PLACE,
  'tasks',
  'setup',
  'teardown',
  'setupTimeout',
  'teardownTimeout',
  'taskFile',
  'loadTimeout',
  'jobStores',
  'executors',
  'lease',
  'unknownTaskTimeout',
  'shutdownTimeout',
];
const MIN_LEASE_MS = 300;

/** @throws InvalidOptionsError */
export function checkWorkerOptions<T extends TaskMap<T>>(options: WorkerOptions<T>): CheckedWorkerOptions {
  checkNames(options, NAMES, 'Worker');
  const logger = options.logger ?? sharedLogger();
  // What a task writes is for people to see: the default level is for what Carillon says of itself.
  const taskLogger = options.logger ?? logger.child({}, { level: 'info' });
  const report = reportTo(logger);
  const leaseMs = timerMs(options.lease ?? '5s', 'lease');
  if (leaseMs < MIN_LEASE_MS)
    throw new InvalidOptionsError(
      `lease: ${options.lease} is too short: give at least ${durationInUnit(MIN_LEASE_MS)}`,
    );
  if (typeof options.tasks !== 'object' || options.tasks === null) {
    throw new InvalidOptionsError('tasks: give an object of functions by name');
  }
  const tasks = registerTasks(options.tasks);
  const hooks = { setup: checkHook('setup', options.setup), teardown: checkHook('teardown', options.teardown) };
  const limits = {
    setupMs: timerMs(options.setupTimeout ?? '30s', 'setupTimeout'),
    teardownMs: timerMs(options.teardownTimeout ?? '5s', 'teardownTimeout'),
  };
  const taskFile = checkTaskFile(options.taskFile);
  const checked = checkExecutors(options.executors ?? { default: {} }, taskFile);
  const jobStores = checkAliases(options.jobStores);
  const shutdownTimeoutMs = timerMs(options.shutdownTimeout ?? '20s', 'shutdownTimeout');
  const unknownTaskMs = timerMs(options.unknownTaskTimeout ?? '30s', 'unknownTaskTimeout');
  const loadMs = options.loadTimeout === undefined ? undefined : timerMs(options.loadTimeout, 'loadTimeout');
  const { prefix } = options;
  const backendAt = (redis: RedisOptions | undefined) => redisBackend({ redis, prefix, report, fail: 'never' });
  const backend = options.backend ?? backendAt(options.redis);
  const executors = new Executors(checked, { tasks, hooks, limits, taskFile, loadMs, clock: backend.clock, report });
  return {
    ...{ backend, backendAt, report, logger, taskLogger, executors, jobStores },
    ...{ leaseMs, unknownTaskMs, shutdownTimeoutMs },
    teardownMs: limits.teardownMs,
    instruments: instrumentsOf(options.telemetry, report),
  };
}

function checkHook(name: string, hook: unknown): (() => unknown) | undefined {
  if (hook === undefined || typeof hook === 'function') return hook as (() => unknown) | undefined;
  throw new InvalidOptionsError(`${name}: give a function, or leave it out`);
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
