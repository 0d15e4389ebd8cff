import type { Run, RunOutcome, RunsFilter } from '@carillon/core';
import { type Command, Option } from 'commander';
import type { Client } from '../client.js';
import { withReader } from '../existing-store.js';
import { UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { countUpTo, instant, list, sinceInstant } from '../options/values.js';
import { runsAsTable } from './view.js';

interface Options extends PlaceOptions {
  readonly failed?: boolean;
  readonly state?: readonly Run['state'][];
  readonly outcome?: readonly RunOutcome[];
  readonly task?: string;
  readonly executor?: string;
  readonly since?: Date;
  readonly from?: Date;
  readonly to?: Date;
  readonly limit?: number;
  readonly json?: boolean;
}

const EXAMPLES = `
With a job: its owed runs, and its ended runs that are kept (see --history of \`jobs add\`). Without a job: the runs of the job store, owed runs first, then ended ones, newest first. Ended runs are known as far as the log of events goes back, about 20,000 events; with --failed, the last 10,000 failures are known.

Examples:
  $ carillon runs --failed --since 24h
  $ carillon runs list --state running,retrying
  $ carillon runs --outcome missed,cancelled --executor reports --since 7d
  $ carillon runs list --task report.daily --from 2026-01-01T00:00:00Z --to 2026-01-02T00:00:00Z --json
  $ carillon runs list daily-eu`;

export function addList(runs: Command, io: Io): void {
  const command = runs.command('list', { isDefault: true }).description('list runs, newest first');
  withPlace(command.argument('[job]', 'the id of a job (default: runs of all jobs)'))
    .addOption(new Option('--failed', 'failed runs, like --state error').conflicts(['state', 'outcome']))
    .option('--state <states>', 'runs in these states, separated by commas', list)
    .addOption(
      new Option('--outcome <outcomes>', 'ended runs with these outcomes, separated by commas')
        .argParser(list)
        .conflicts('state'),
    )
    .option('--task <task>', 'runs of this task')
    .option('--executor <alias>', 'runs of this executor')
    .addOption(
      new Option('--since <when>', 'runs that ended since an instant, or within a duration until now')
        .argParser(sinceInstant)
        .conflicts('from'),
    )
    .option('--from <instant>', 'runs that ended at or after this instant', instant)
    .option('--to <instant>', 'runs that ended at or before this instant', instant)
    .option('--limit <n>', 'the most entries that are printed (default: 100)', countUpTo(10_000))
    .option('--json', 'as JSON lines')
    .addHelpText('after', EXAMPLES)
    .action((id: string | undefined, options: Options) =>
      withReader(io, options, async (client) => {
        const found = id === undefined ? await ofAllJobs(client, options) : await ofJob(client, id, options);
        if (options.json) for (const run of found) io.sayJson(run);
        else io.say(runsAsTable(found));
      }),
    );
}

async function ofJob({ scheduler, choice }: Client, id: string, options: Options): Promise<readonly Run[]> {
  const { failed, state, outcome, task, executor, since, from, to, limit } = options;
  if (failed || [state, outcome, task, executor, since, from, to].some((given) => given !== undefined)) {
    throw new UsageError(
      '--failed, --state, --outcome, --task, --executor, --since, --from and --to exclude the id of a job',
    );
  }
  return scheduler.getRuns(id, { ...choice, limit });
}

async function ofAllJobs({ scheduler, choice }: Client, options: Options): Promise<readonly Run[]> {
  const { failed, outcome, task, executor, since, to, limit = 100 } = options;
  const state = failed ? ('error' as const) : options.state;
  const filter: RunsFilter = { ...choice, state, outcome, task, executor, from: since ?? options.from, to };
  const runs: Run[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof next>> = await next(cursor);
    runs.push(...page.runs);
    cursor = page.cursor;
  } while (cursor !== null && runs.length < limit);
  return runs.slice(0, limit);

  function next(at: string | null) {
    return scheduler.getRuns({ ...filter, cursor: at, limit: limit - runs.length });
  }
}
