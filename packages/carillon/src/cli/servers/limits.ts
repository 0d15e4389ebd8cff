import type { ExecutorOptions } from '@carillon/worker';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../exit-codes.js';
import { count, duration, list } from '../options/values.js';

/** Limits by executor; under `''`: those of all others. null means no limit from now on. */
type Limits<Name extends 'globalConcurrency' | 'rateLimit'> = ReadonlyMap<
  string,
  NonNullable<ExecutorOptions[Name]> | null
>;

export interface LimitOptions {
  readonly globalConcurrency?: Limits<'globalConcurrency'>;
  readonly rateLimit?: Limits<'rateLimit'>;
}

export function withLimits(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--global-concurrency <[alias:]n>',
        'the most runs at once in the whole cluster, of one executor or of each; none removes the limit; repeat it, or use commas, for several',
      )
        .env('CARILLON_GLOBAL_CONCURRENCY')
        .argParser((text, before: Limits<'globalConcurrency'> | undefined) => limits(text, before, count)),
    )
    .addOption(
      new Option(
        '--rate-limit <[alias:]n/time>',
        'the most runs that begin within a time in the whole cluster, such as mail:100/1m; none removes the limit; repeat it, or use commas, for several',
      )
        .env('CARILLON_RATE_LIMIT')
        .argParser((text, before: Limits<'rateLimit'> | undefined) => limits(text, before, rate)),
    );
}

function limits<T>(text: string, before: ReadonlyMap<string, T | null> | undefined, read: (text: string) => T) {
  const known = new Map(before);
  for (const one of list(text, undefined)) {
    const [, alias = '', limit = ''] = /^(?:([A-Za-z0-9._-]{1,64}):)?(.*)$/.exec(one) ?? [];
    known.set(alias, limit === 'none' ? null : read(limit));
  }
  return known;
}

function rate(text: string): NonNullable<ExecutorOptions['rateLimit']> {
  const [, max, time] = /^(\d+)\/(.+)$/.exec(text) ?? [];
  if (max !== undefined && time !== undefined) return { max: count(max), duration: duration(time) };
  throw new InvalidArgumentError(`${JSON.stringify(text)} is not a number of runs and a time, such as 100/1m.`);
}

/** Executors with their limits. @throws UsageError if a limit is of none of them. */
export function limited(
  executors: { readonly [alias: string]: ExecutorOptions },
  options: LimitOptions,
): { readonly [alias: string]: ExecutorOptions } {
  const { globalConcurrency = new Map(), rateLimit = new Map() } = options;
  for (const [option, given] of [
    ['--global-concurrency', globalConcurrency],
    ['--rate-limit', rateLimit],
  ] as const) {
    const stray = [...given.keys()].find((alias) => alias !== '' && !Object.hasOwn(executors, alias));
    if (stray !== undefined)
      throw new UsageError(`${option}: ${JSON.stringify(stray)} is not one of the served executors`);
  }
  const of = <T>(given: ReadonlyMap<string, T>, alias: string) => given.get(given.has(alias) ? alias : '');
  const filled = Object.entries(executors).map(([alias, own]) => {
    return [alias, { ...own, globalConcurrency: of(globalConcurrency, alias), rateLimit: of(rateLimit, alias) }];
  });
  return Object.fromEntries(filled);
}
