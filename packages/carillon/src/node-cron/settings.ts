import { InvalidOptionsError, type RedisOptions } from '@carillon/core';
import { checkAliases, checkNames, defaultLogger } from '@carillon/core/internal';
import { Carillon, type CarillonOptions } from '../carillon.js';
import type { Members } from './room.js';

/** The settings of `configure`: where schedules are stored. */
export interface NodeCronSettings
  extends Pick<CarillonOptions<object>, 'prefix' | 'logger' | 'telemetry' | 'lease' | 'shutdownTimeout'> {
  /**
   * The Redis that processes share; default: the one that the environment variable CARILLON_REDIS_URL names. Without that, or with
   * `null`, schedules are in the memory of this process.
   */
  readonly redis?: RedisOptions | null | undefined;
  /** The job store of the schedules; default: `'node-cron'`. */
  readonly jobStore?: string | undefined;
}

const NAMES = ['redis', 'jobStore', 'prefix', 'logger', 'telemetry', 'lease', 'shutdownTimeout'];
/** The most executions at once in this process; node-cron has no limit. */
const CONCURRENCY = 1_000;

/** @throws InvalidOptionsError */
export function checkSettings(settings: NodeCronSettings): NodeCronSettings {
  checkNames(settings, NAMES, 'configure');
  if ('redis' in settings && settings.redis === undefined) {
    throw new InvalidOptionsError(
      'configure: redis: undefined is not a place: give a URL such as "redis://localhost:6379", or null for the memory of this process',
    );
  }
  if (settings.jobStore !== undefined) checkAliases([settings.jobStore]);
  return settings;
}

export function redisOf({ redis }: NodeCronSettings): RedisOptions | undefined {
  if (redis === null) return undefined;
  return redis ?? (process.env.CARILLON_REDIS_URL || undefined);
}

export function jobStoreOf({ jobStore = 'node-cron' }: NodeCronSettings): string {
  return jobStore;
}

/** A scheduler, a coordinator and a worker for the schedules of this process. @throws InvalidOptionsError */
export function membersOf(settings: NodeCronSettings, tasks: Record<string, () => unknown>): Members {
  const { redis: _, jobStore: __, prefix = process.env.CARILLON_PREFIX, ...others } = settings;
  const redis = redisOf(settings);
  return new Carillon({
    // What a function throws, and what is missed, the schedule's own logger says.
    logger: defaultLogger('error'),
    ...others,
    ...(redis === undefined ? { memory: true } : { redis, prefix }),
    jobStores: [jobStoreOf(settings)],
    executors: { default: { concurrency: CONCURRENCY } },
    tasks,
  });
}
