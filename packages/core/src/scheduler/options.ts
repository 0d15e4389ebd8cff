import type { Logger } from 'pino';
import { z } from 'zod';
import { sharedLogger } from '../default-logger.js';
import { CarillonError, InvalidOptionsError } from '../errors.js';
import { type CheckedPolicy, checkPolicy } from '../job/checks.js';
import { aliasSchema } from '../job/schemas.js';
import type { JobPolicy } from '../job/spec.js';
import { type Report, reportTo } from '../log.js';
import { meantNames } from '../near-name.js';
import type { Backend } from '../ports/backend.js';
import { redisBackend } from '../redis/door.js';
import type { RedisOptions } from '../redis/options.js';
import { shown } from '../shown.js';
import { type Instruments, instrumentsOf } from '../telemetry/instruments.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import { compileTrigger, cron } from '../trigger/index.js';

/** Where the cluster is: a Redis, or a backend that the caller made, such as `MemoryBackend`. */
export type Place =
  | { readonly redis: RedisOptions; readonly backend?: undefined }
  | { readonly backend: Backend; readonly redis?: undefined };

/** Where one job store is; default: where the others are. */
export type JobStoreOptions<B extends Backend = Backend> =
  /** Another Redis, for this job store alone. */
  | { readonly redis?: RedisOptions | undefined; readonly backend?: undefined }
  /** In place of Redis: a backend for this job store alone, which is closed when the job store is removed. */
  | { readonly backend: B; readonly redis?: undefined };

export interface CommonOptions {
  /** The prefix of every key; default: `'carillon'`. */
  readonly prefix?: string | undefined;
  /** A pino logger. By default, warnings and errors go to standard output, and so does what tasks log at level `info` and above. */
  readonly logger?: Logger | undefined;
  /** Metrics and traces of this part. */
  readonly telemetry?: Telemetry | readonly Telemetry[] | undefined;
}

export interface SchedulerSettings extends CommonOptions {
  /** Aliases of the job stores; default: `['default']`. */
  readonly jobStores?: readonly string[] | undefined;
  /** The zone of cron triggers that name no zone; default: `'UTC'`. */
  readonly timezone?: string | undefined;
  /** The policy of jobs, for each field that a job leaves out. */
  readonly jobDefaults?: JobPolicy | undefined;
}

export type SchedulerOptions = Place & SchedulerSettings;

/** Options, checked, with every default filled in. */
export interface CheckedSchedulerOptions {
  readonly backend: Backend;
  /** Makes a backend for another Redis. */
  readonly backendAt: (redis: RedisOptions) => Backend;
  readonly report: Report;
  readonly jobStores: readonly string[];
  readonly timezone: string | undefined;
  readonly jobDefaults: CheckedPolicy;
  readonly instruments: Instruments | undefined;
}

const SETTINGS = ['redis', 'backend', 'prefix', 'logger', 'telemetry', 'jobStores', 'timezone', 'jobDefaults'];

/** @throws InvalidOptionsError */
export function checkSchedulerOptions(options: SchedulerOptions): CheckedSchedulerOptions {
  checkNames(options, SETTINGS, 'Scheduler');
  const report = reportTo(options.logger ?? sharedLogger());
  const { prefix } = options;
  const backendAt = (redis: RedisOptions | undefined) => redisBackend({ redis, prefix, report, fail: 'fast' });
  return {
    report,
    instruments: instrumentsOf(options.telemetry, report),
    backend: options.backend ?? backendAt(options.redis),
    backendAt,
    jobStores: checkAliases(options.jobStores),
    timezone: asOption(() => checkZone(options.timezone)),
    jobDefaults: asOption(() => checkPolicy(options.jobDefaults ?? {}, 'jobDefaults')),
  };
}

function checkZone(timezone: string | undefined): string | undefined {
  if (timezone !== undefined) compileTrigger(cron('* * * * *'), { timezone });
  return timezone;
}

/** Reports an error of a job or a trigger as one of an option. @throws InvalidOptionsError */
export function asOption<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof CarillonError) throw new InvalidOptionsError(error.message, { cause: error });
    throw error;
  }
}

/**
 * A backend for one job store alone; undefined means that it is where the others are.
 * @throws InvalidOptionsError
 */
export function ownBackend<B extends Backend>(
  options: JobStoreOptions<B>,
  backendAt: (redis: RedisOptions) => B,
): B | undefined {
  checkNames(options, ['redis', 'backend'], 'addJobStore');
  const { redis, backend } = options;
  if (redis !== undefined && backend !== undefined) {
    throw new InvalidOptionsError('addJobStore: give redis or backend, not both');
  }
  if (backend !== undefined && typeof (backend as Partial<Backend> | null)?.jobStore !== 'function') {
    throw new InvalidOptionsError('backend: give one such as `new MemoryCluster().connect()` returns');
  }
  return redis === undefined ? backend : backendAt(redis);
}

/** @throws InvalidOptionsError if an option has an unknown name. */
export function checkNames(options: object, known: readonly string[], what: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InvalidOptionsError(`${what}: the options are not an object; known are ${known.join(', ')}`);
  }
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new InvalidOptionsError(
      `${what}: unknown option ${unknown.join(', ')}; known are ${known.join(', ')}${meantNames(unknown, known)}`,
    );
  }
}

/** @throws InvalidOptionsError */
export function checkAliases(aliases: readonly string[] = ['default'], what = 'jobStores'): readonly string[] {
  const checked = z.array(aliasSchema).min(1).safeParse(aliases);
  if (checked.success) return [...new Set(checked.data)];
  throw new InvalidOptionsError(
    `${what}: ${shown(aliases)} are not aliases: give at least one, of 1 to 64 letters, digits, ".", "_" or "-"`,
  );
}
