import { type Job, triggerText, type UntypedTasks } from '@carillon/core';
import { counted } from '@carillon/core/internal';
import type { Command } from 'commander';
import type { Client } from '../client.js';
import { withReader } from '../existing-store.js';
import type { Io } from '../io.js';
import { type FilterOptions, filterOf, withFilter } from '../options/filter.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { count } from '../options/values.js';
import { table } from '../table.js';
import { allJobs } from './pages.js';
import { lastRunOf, nextRunOf } from './view.js';

interface Options extends PlaceOptions, FilterOptions {
  readonly count?: boolean;
  readonly limit?: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Sorted by next run time, paused jobs last. The column of the last run shows how it ended, and when.

Examples:
  $ carillon jobs list --limit 20
  $ carillon jobs list --tag billing --state paused
  $ carillon jobs list --search invoice --last-outcome error
  $ carillon jobs list --tag billing --count
  $ carillon jobs list --json | jq -r 'select(.paused) | .id'`;

export function addList(jobs: Command, io: Io): void {
  withFilter(withPlace(jobs.command('list').description('list all jobs, or those that the options choose')))
    .option('--limit <n>', 'the most jobs that are printed (default: all)', count)
    .option('--count', 'print only their number')
    .option('--json', 'as JSON lines')
    .addHelpText('after', EXAMPLES)
    .action((options: Options) =>
      withReader(io, options, async (client) => {
        const { limit = Number.POSITIVE_INFINITY, count: isCounted, json } = options;
        const filter = filterOf(options) ?? {};
        if (isCounted) {
          const found = await client.scheduler.countJobs(filter, client.choice);
          if (json) io.sayJson({ jobs: found });
          else io.say(counted(found, 'job'));
          return;
        }
        const listed: Job<UntypedTasks>[] = [];
        let isCut = false;
        let shown = 0;
        for await (const job of allJobs(client, filter)) {
          isCut = shown === limit;
          if (isCut) break;
          shown += 1;
          if (json) io.sayJson(job);
          else listed.push(job);
        }
        if (!json) await sayTable(io, client, listed);
        if (isCut) io.note(`these are the first ${limit}; there are more`);
      }),
    );
}

async function sayTable(
  io: Io,
  { scheduler, jobStore, choice }: Client,
  jobs: readonly Job<UntypedTasks>[],
): Promise<void> {
  const { paused } = await scheduler.inspect(choice);
  io.say(asTable(jobs));
  if (paused) io.say(`\nJob store ${jobStore} is paused: nothing fires until \`carillon jobs resume --all\`.`);
}

function asTable(jobs: readonly Job<UntypedTasks>[]): string {
  const rows = jobs.map((job) => [
    job.id,
    job.task,
    nextRunOf(job),
    lastRunOf(job),
    triggerText(job.trigger),
    job.executor,
  ]);
  return table(['ID', 'TASK', 'NEXT RUN', 'LAST RUN', 'TRIGGER', 'EXECUTOR'], rows);
}
