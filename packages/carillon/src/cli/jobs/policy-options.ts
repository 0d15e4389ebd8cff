import type { BackoffOptions, Duration, History, JobPolicy, Overlap, Retry } from '@carillon/core';
import { type Command, Option } from 'commander';
import { UsageError } from '../exit-codes.js';
import { count, duration, share, wholeNumber } from '../options/values.js';

/** How a job runs, as options. */
export interface PolicyOptions {
  readonly executor?: string;
  readonly maxInstances?: number;
  readonly misfireGraceTime?: Duration;
  readonly coalesce: boolean;
  readonly overlap?: Overlap;
  readonly priority?: number;
  readonly timeout?: Duration;
  readonly retry?: number;
  readonly retryDelay?: Duration;
  readonly retryFixed?: boolean;
  readonly retryMaxDelay?: Duration;
  readonly retryJitter?: number;
  readonly history?: number;
  readonly historyAge?: Duration;
}

export function withPolicy(command: Command): Command {
  return command
    .option('--executor <alias>', 'the queue it runs in (default: default)')
    .option('--max-instances <n>', 'how many of its runs may live at once (default: 1)', count)
    .addOption(
      new Option('--overlap <rule>', 'what a fire beyond that does (default: skip)').choices([
        'skip',
        'queue',
        'replace',
      ]),
    )
    .option('--misfire-grace-time <duration>', 'how late a run may start (default: no limit)', duration)
    .option('--no-coalesce', 'run each fire time of a backlog, not the newest for all')
    .option('--priority <n>', 'which go first: 0, then 1, 2, … (default: 0)', wholeNumber)
    .option('--timeout <duration>', 'how long one execution may take (default: no limit)', duration)
    .option('--retry <attempts>', 'how often it is tried in all (default: once)', count)
    .option('--retry-delay <duration>', 'before the second attempt, doubled each time (default: 1s)', duration)
    .option('--retry-fixed', 'the same delay each time')
    .option('--retry-max-delay <duration>', 'no delay is longer (default: 1h)', duration)
    .option('--retry-jitter <share>', 'which share of a delay is left to chance, 0 to 1 (default: 0)', share)
    .option('--history <n>', 'keep the outcomes of so many runs (default: none)', count)
    .option('--history-age <duration>', 'keep outcomes for so long (default, with --history: 7d)', duration);
}

/** @throws UsageError if one option needs another. */
export function policyOf(options: PolicyOptions): JobPolicy {
  const { executor, maxInstances, misfireGraceTime, coalesce, overlap, priority, timeout } = options;
  return {
    executor,
    maxInstances,
    misfireGraceTime,
    coalesce: coalesce ? undefined : false,
    overlap,
    priority,
    timeout,
    retry: retryOf(options),
    history: historyOf(options),
  };
}

function retryOf(options: PolicyOptions): Retry | undefined {
  const { retry: attempts, retryDelay = '1s', retryFixed, retryMaxDelay: maxDelay, retryJitter: jitter } = options;
  if (attempts === undefined) {
    const { retryDelay: delay, retryFixed: fixed } = options;
    const stray = Object.entries({ delay, fixed, 'max-delay': maxDelay, jitter }).find(
      ([, value]) => value !== undefined,
    );
    if (stray) throw new UsageError(`--retry-${stray[0]} goes with --retry`);
    return undefined;
  }
  const backoff: BackoffOptions = { type: retryFixed ? 'fixed' : 'exponential', delay: retryDelay, maxDelay, jitter };
  return { attempts, backoff };
}

function historyOf(options: PolicyOptions): History | undefined {
  if (options.history === undefined && options.historyAge === undefined) return undefined;
  return { perJob: options.history, age: options.historyAge };
}
