import type { RedisOptions } from '@carillon/core';
import { type Command, Option } from 'commander';
import { UsageError } from '../exit-codes.js';
import { aliases } from './values.js';

/** Where the cluster is, as the options or the environment say. */
export interface PlaceOptions {
  readonly redis?: string;
  readonly prefix?: string;
  readonly jobStore?: readonly string[];
}

const DEFAULT_REDIS = 'redis://localhost:6379';

export function withPlace(command: Command, jobStores: 'one' | 'several' = 'one'): Command {
  const many = jobStores === 'several';
  return command
    .addOption(
      new Option('--redis <url>', 'the URL of Redis (default: REDIS_URL, else redis://localhost:6379)').env(
        'CARILLON_REDIS_URL',
      ),
    )
    .addOption(new Option('--prefix <prefix>', 'the prefix of every key (default: carillon)').env('CARILLON_PREFIX'))
    .addOption(
      new Option('--job-store <alias>', many ? 'job store; repeat it, or use commas, for several' : 'job store')
        .env('CARILLON_JOB_STORE')
        .argParser(aliases),
    );
}

/** The Redis that was given, if one was. JSON gives plain options: Sentinels, a Cluster. */
export function givenRedis({ redis }: PlaceOptions, env: NodeJS.ProcessEnv): RedisOptions | undefined {
  const given = redis ?? env.REDIS_URL;
  if (given === undefined || !given.trimStart().startsWith('{')) return given;
  try {
    return JSON.parse(given) as RedisOptions;
  } catch (error) {
    throw new UsageError(`--redis: not JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** For coordinators and workers. */
export function placeOf(options: PlaceOptions, env: NodeJS.ProcessEnv) {
  const redis = givenRedis(options, env) ?? DEFAULT_REDIS;
  return { redis, prefix: options.prefix, jobStores: options.jobStore ?? ['default'] };
}

/** The one job store that a command is about. */
export function jobStoreOf({ jobStore = ['default'] }: PlaceOptions): string {
  const [alias, ...others] = jobStore;
  if (alias === undefined || others.length > 0) {
    throw new UsageError(`--job-store: this command takes one job store, and ${jobStore.join(', ')} were given`);
  }
  return alias;
}
