import type { Account, BackoffOptions, Duration, ExecutionPolicy, History, JobPolicy, Retry } from '@carillon/core';
import type { Command } from 'commander';
import { UsageError } from '../exit-codes.js';
import { fieldsOf, withFields, withoutFields } from './job-fields.js';
import { count, duration, names, share } from './values.js';

/** Options of plain fields; false: as if it had never been given. */
type PlainOptions<T> = { readonly [K in Exclude<keyof T, 'retry' | 'history' | 'account'>]?: T[K] | false };

/** How a run is executed, as options. */
export interface ExecutionOptions extends PlainOptions<ExecutionPolicy> {
  readonly retry?: number | false;
  readonly retryDelay?: Duration;
  readonly retryFixed?: boolean;
  readonly retryMaxDelay?: Duration;
  readonly retryJitter?: number;
  readonly retryUnless?: readonly string[];
  readonly historyAge?: Duration;
}

/** How a job runs, as options. */
export interface PolicyOptions extends ExecutionOptions, PlainOptions<JobPolicy> {
  readonly history?: number | false;
  readonly account?: number | false;
  readonly accountAge?: Duration;
}

export function withExecution(command: Command): Command {
  return withFields(command, 'execution')
    .option('--retry <attempts>', 'the total number of attempts (default: 1)', count)
    .option('--retry-delay <duration>', 'delay before the second attempt, doubled each time (default: 1s)', duration)
    .option('--retry-fixed', 'the same delay each time')
    .option('--retry-max-delay <duration>', 'the longest delay (default: 1h)', duration)
    .option(
      '--retry-jitter <share>',
      'the share of a delay by which it may be shortened at random, 0 to 1 (default: 0)',
      share,
    )
    .option('--retry-unless <names>', 'no retry after these errors, such as TypeError,CardError (default: none)', names)
    .option('--history-age <duration>', 'how long to keep outcomes (default, with --history: 7d)', duration);
}

export function withPolicy(command: Command): Command {
  return withFields(withExecution(command), 'policy')
    .option('--history <n>', 'how many outcomes of runs to keep (default: none)', count)
    .option('--account <n>', 'how many entries of its account to keep (default: as the coordinator, 1000)', count)
    .option('--account-age <duration>', 'how long to keep these entries (default, with --account: 90d)', duration);
}

/** Adds options that take away what a job has. */
export function withoutPolicy(command: Command): Command {
  return withoutFields(withoutFields(command, 'execution'), 'policy')
    .option('--no-retry', 'failed runs are not retried')
    .option('--no-history', 'keep the last outcome only')
    .option('--no-account', 'keep as much of its past as of any job');
}

/** @throws UsageError if one option needs another. */
export function executionOf(options: ExecutionOptions): ExecutionPolicy & Pick<JobPolicy, 'executor'> {
  return { ...fieldsOf(options, 'execution'), retry: retryOf(options) };
}

/** @throws UsageError if one option needs another. */
export function policyOf(options: PolicyOptions): JobPolicy {
  const policy = { ...executionOf(options), ...fieldsOf(options, 'policy') };
  return { ...policy, history: historyOf(options), account: accountOf(options) };
}

/** What was taken away is null. */
export function orNull<T>(value: T | false | undefined): T | null | undefined {
  return value === false ? null : value;
}

function retryOf(options: ExecutionOptions): Retry | null | undefined {
  const { retry: attempts, retryDelay = '1s', retryFixed, retryMaxDelay: maxDelay, retryJitter: jitter } = options;
  const { retryUnless: unless } = options;
  if (attempts === undefined || attempts === false) {
    const { retryDelay: delay, retryFixed: fixed } = options;
    const stray = Object.entries({ delay, fixed, 'max-delay': maxDelay, jitter, unless }).find(
      ([, value]) => value !== undefined,
    );
    if (stray) throw new UsageError(`--retry-${stray[0]} needs --retry`);
    return attempts === false ? null : undefined;
  }
  const backoff: BackoffOptions = { type: retryFixed ? 'fixed' : 'exponential', delay: retryDelay, maxDelay, jitter };
  return { attempts, backoff, unless };
}

function historyOf({ history, historyAge }: PolicyOptions): History | null | undefined {
  if (history === false && historyAge !== undefined)
    throw new UsageError('--history-age and --no-history exclude each other');
  if (history === false || (history === undefined && historyAge === undefined))
    return history === false ? null : undefined;
  return { perJob: history, age: historyAge };
}

/** @throws UsageError if one option needs another. */
export function accountOf({
  account,
  accountAge,
}: Pick<PolicyOptions, 'account' | 'accountAge'>): Account | null | undefined {
  if (account === false && accountAge !== undefined)
    throw new UsageError('--account-age and --no-account exclude each other');
  if (account === false) return null;
  return account === undefined && accountAge === undefined ? undefined : { entries: account, age: accountAge };
}
