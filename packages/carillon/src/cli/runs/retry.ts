import type { RetryFilter, RetryPreview } from '@carillon/core';
import { ofNumber } from '@carillon/core/internal';
import { type Command, Option } from 'commander';
import { type Client, withClient } from '../client.js';
import { CliError, EXIT, UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { type ByOptions, withBy } from '../options/by.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { instant, sinceInstant, wholeNumber } from '../options/values.js';
import { runsAsTable } from './view.js';

interface Options extends PlaceOptions, ByOptions {
  readonly failed?: boolean;
  readonly job?: string;
  readonly task?: string;
  readonly executor?: string;
  readonly since?: Date;
  readonly from?: Date;
  readonly to?: Date;
  readonly yes?: boolean;
  readonly expect?: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Each failed run is replaced at once by a new run, with the same arguments and the same scheduled run time. A failed run is retried once. Without --yes and --expect, the command lists the runs that it would retry, and changes nothing.

Examples:
  $ carillon runs retry --failed --since 24h
  $ carillon runs retry --failed --since 24h --expect 12 --reason 'the mail server is back'
  $ carillon runs retry --failed --job daily-eu --yes
  $ carillon runs retry 3mvBVY2NwqeWlHLHDJ6Dmw --yes`;

export function addRetry(runs: Command, io: Io): void {
  const command = runs
    .command('retry')
    .description('retry failed runs')
    .argument('[run...]', 'the ids of runs (default: all that failed, with --failed)');
  withBy(withPlace(command))
    .option('--failed', 'all failed runs, as far as they are kept')
    .option('--job <job>', 'runs of this job')
    .option('--task <task>', 'runs of this task')
    .option('--executor <alias>', 'runs of this executor')
    .addOption(
      new Option('--since <when>', 'runs that failed since an instant, or within a duration until now')
        .argParser(sinceInstant)
        .conflicts('from'),
    )
    .option('--from <instant>', 'runs that failed at or after this instant', instant)
    .option('--to <instant>', 'runs that failed at or before this instant', instant)
    .addOption(new Option('--yes', 'retry them, however many there are').conflicts('expect'))
    .option('--expect <n>', 'retry them only if there are this many', wholeNumber)
    .option('--json', 'as JSON lines')
    .addHelpText('after', EXAMPLES)
    .action((ids: readonly string[], options: Options) =>
      withClient(io, options, async (client) => {
        const shown = await client.scheduler.previewRetry(filterOf(client, ids, options));
        noteNotKept(io, shown);
        if (!options.yes && options.expect === undefined) return show(io, shown, options);
        // Only what was shown: what fails meanwhile is left out.
        await retry(io, client, shown, options);
      }),
    );
}

function filterOf({ choice }: Client, ids: readonly string[], options: Options): RetryFilter {
  const { failed, job, task, executor, since, from, to } = options;
  if (ids.length > 0 === Boolean(failed)) {
    throw new UsageError('give --failed or the ids of runs');
  }
  const runIds = ids.length > 0 ? ids : undefined;
  return { ...choice, runIds, jobId: job, task, executor, from: since ?? from, to };
}

function show(io: Io, { runs }: RetryPreview, { json }: Options): void {
  if (json) for (const run of runs) io.sayJson(run);
  else io.say(runsAsTable(runs));
  noteNothing(io, runs);
  if (runs.length === 0) return;
  const confirm = `give --expect ${runs.length}, or --yes`;
  throw new CliError(
    EXIT.refused,
    `nothing was run again: ${runs.length === 1 ? 'this is 1 run' : `these are ${runs.length} runs`}; to run ${ofNumber(runs.length, 'it', 'them')} again, ${confirm}`,
  );
}

async function retry(io: Io, { scheduler, choice }: Client, shown: RetryPreview, options: Options): Promise<void> {
  const runIds = shown.runs.map(({ runId }) => runId);
  const expected = options.expect ?? runIds.length;
  const { runs, left } = await scheduler.retryRuns({ ...choice, runIds }, { expected });
  for (const { runId, retryOf, jobId, jobStore } of runs) {
    if (options.json) io.sayJson({ runId, retryOf, jobId, jobStore });
    else io.say(`run ${retryOf} is run again as ${runId}`);
  }
  noteNothing(io, runIds);
  for (const { runId, why } of left) io.note(`run ${runId} is left as it is: ${WHY[why]}`);
  if (left.some(({ why }) => why === 'max_instances')) io.exitCode = EXIT.refused;
}

function noteNothing(io: Io, runs: readonly unknown[]): void {
  if (runs.length === 0) io.note('there is nothing to run again');
}

const WHY = {
  max_instances: 'its job has as many live runs as it may: run the command again later',
  retried: 'another client ran it again',
  owed: 'it has not ended yet',
};

function noteNotKept(io: Io, { notKept }: RetryPreview): void {
  if (notKept.length === 0) return;
  const first = notKept.slice(0, 5).join(', ');
  io.note(`${notKept.length} more failed, and cannot be run again, as their arguments are not kept: ${first}`);
}
