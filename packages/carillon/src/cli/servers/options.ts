import type { Duration, ExecutorKind } from '@carillon/core';
import type { ExecutorOptions } from '@carillon/worker';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type MetricsOptions, withMetrics } from '../metrics/options.js';
import { count, duration, list } from '../options/values.js';
import { type LimitOptions, limited, withLimits } from './limits.js';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

export function withLog(command: Command): Command {
  return command.addOption(
    new Option('--log-level <level>', 'the level of the log, which is JSON lines on stdout')
      .choices(LEVELS)
      .default('info')
      .env('CARILLON_LOG_LEVEL'),
  );
}

export function withLease(command: Command, text: string): Command {
  return command.addOption(new Option('--lease <duration>', text).env('CARILLON_LEASE').argParser(duration));
}

/** Where a server reports its health. */
export function healthSocket(): Option {
  return new Option('--health-socket <path>', 'local socket for `carillon health`').env('CARILLON_HEALTH_SOCKET');
}

export interface ServerOptions extends MetricsOptions {
  readonly logLevel: string;
  readonly healthSocket?: string;
}

/** What every server takes. */
export function withServer(command: Command): Command {
  return withMetrics(withLog(command).addOption(healthSocket()));
}

export interface WorkOptions extends LimitOptions {
  readonly tasks: string;
  readonly loadTimeout?: Duration;
  readonly executor?: Executors;
  readonly concurrency?: number;
  readonly shutdownTimeout?: Duration;
  readonly setupTimeout?: Duration;
  readonly teardownTimeout?: Duration;
}

type Executors = { readonly [alias: string]: ExecutorOptions };

/** What those share that run tasks. */
export function withWork(command: Command): Command {
  return withLimits(command)
    .addOption(
      new Option('--tasks <module>', 'the module that exports the tasks').env('CARILLON_TASKS').makeOptionMandatory(),
    )
    .addOption(
      new Option('--load-timeout <duration>', 'how long that module may take to load (default: 30s)')
        .env('CARILLON_LOAD_TIMEOUT')
        .argParser(duration),
    )
    .addOption(
      new Option(
        '--executor <alias[:n][:kind]>',
        'executor to serve, with n runs at once, of kind async, thread or process; repeat it, or use commas, for several',
      )
        .env('CARILLON_EXECUTORS')
        .argParser(executors),
    )
    .addOption(
      new Option('--concurrency <n>', 'the most runs at once, for executors without n (default: 10)')
        .env('CARILLON_CONCURRENCY')
        .argParser(count),
    )
    .addOption(
      new Option('--shutdown-timeout <duration>', 'how long runs may take to finish at the end (default: 20s)')
        .env('CARILLON_SHUTDOWN_TIMEOUT')
        .argParser(duration),
    )
    .addOption(
      new Option('--setup-timeout <duration>', 'how long setup of the module may take (default: 30s)')
        .env('CARILLON_SETUP_TIMEOUT')
        .argParser(duration),
    )
    .addOption(
      new Option('--teardown-timeout <duration>', 'how long teardown of the module may take (default: 5s)')
        .env('CARILLON_TEARDOWN_TIMEOUT')
        .argParser(duration),
    );
}

const EXECUTOR = /^([A-Za-z0-9._-]{1,64})(?::(\d+))?(?::(async|thread|process))?$/;

/** `default:20,mail,heavy:4:thread` as executors by alias. */
export function executors(text: string, before: unknown): Executors {
  const known = new Map(Object.entries((before ?? {}) as Executors));
  for (const one of list(text, undefined)) {
    const [, alias, concurrency, kind] = EXECUTOR.exec(one) ?? [];
    if (alias === undefined || concurrency === '0') {
      throw new InvalidArgumentError(
        `${JSON.stringify(one)} is not an alias, alias:n with n of at least 1, or either with :async, :thread or :process.`,
      );
    }
    known.set(alias, {
      ...(concurrency !== undefined && { concurrency: count(concurrency) }),
      ...(kind !== undefined && { kind: kind as ExecutorKind }),
    });
  }
  return Object.fromEntries(known);
}

/** How long the module of tasks may take to load, to open and close what its tasks need, and its runs to finish at the end. */
export function timeoutsOf({ loadTimeout, setupTimeout, teardownTimeout, shutdownTimeout }: WorkOptions) {
  return { loadTimeout, setupTimeout, teardownTimeout, shutdownTimeout };
}

/** The executors to serve, each with its concurrency and its limits. @throws UsageError */
export function executorsOf({
  executor = { default: {} },
  concurrency,
  ...limits
}: Omit<WorkOptions, 'tasks' | 'loadTimeout'>): Executors {
  const filled = Object.entries(executor).map(([alias, own]) => [
    alias,
    { ...own, concurrency: own.concurrency ?? concurrency },
  ]);
  return limited(Object.fromEntries(filled), limits);
}
