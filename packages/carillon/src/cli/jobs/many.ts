import type { BulkOptions, BulkOutcome, JobFilter } from '@carillon/core';
import { counted, ofNumber } from '@carillon/core/internal';
import type { Command } from 'commander';
import type { Client } from '../client.js';
import { CliError, EXIT, UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { type FilterOptions, filterOf, withFilter } from '../options/filter.js';
import { wholeNumber } from '../options/values.js';

export interface ManyOptions extends FilterOptions {
  readonly expect?: number;
}

/** For commands that do the same with a job or with each of many. */
export function withMany(command: Command): Command {
  return withFilter(command).option(
    '--expect <n>',
    'how many jobs the options choose; with another number, nothing is changed',
    wholeNumber,
  );
}

/** One job, all of the job store, or each that options mean. */
export type Meant =
  | { readonly id: string }
  | 'all'
  | { readonly filter: JobFilter; readonly expected: number | undefined };

/** @throws UsageError */
export function meantBy(id: string | undefined, all: boolean | undefined, options: ManyOptions): Meant {
  const filter = filterOf(options);
  const given = [id !== undefined, all === true, filter !== null].filter(Boolean).length;
  if (options.expect !== undefined && !filter)
    throw new UsageError('--expect needs options that choose jobs, such as --tag');
  if (given !== 1) throw new UsageError("give a job's id, or options that choose jobs, such as --tag, or --all");
  if (id !== undefined) return { id };
  return filter ? { filter, expected: options.expect } : 'all';
}

/** Does it with each job, and prints the result. `done`: the word for that. */
export async function doWithMany(
  io: Io,
  { scheduler, choice }: Client,
  { filter, expected }: Exclude<Meant, 'all' | { readonly id: string }>,
  done: string,
  change: (filter: JobFilter, options: BulkOptions) => Promise<BulkOutcome>,
): Promise<void> {
  if (expected === undefined) {
    const count = await scheduler.countJobs(filter, choice);
    throw new UsageError(
      `these options choose ${counted(count, 'job')}, and nothing was changed: give --expect ${count}`,
    );
  }
  const outcome = await change(filter, { ...choice, expected });
  for (const { jobId, why } of outcome.refusals) io.note(`job ${JSON.stringify(jobId)}: ${why}`);
  const { matched, unchanged, refused } = outcome;
  io.say(`${counted(matched, 'job')}: ${outcome.done} ${done}, ${unchanged} unchanged, ${refused} refused`);
  if (refused > 0)
    throw new CliError(
      EXIT.refused,
      `${refused} of ${counted(matched, 'job')} ${ofNumber(refused, 'was', 'were')} refused`,
    );
}
