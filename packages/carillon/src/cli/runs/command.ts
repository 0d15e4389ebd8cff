import { RunNotFoundError } from '@carillon/core';
import type { Command } from 'commander';
import { withClient } from '../client.js';
import { withReader } from '../existing-store.js';
import { CliError, EXIT } from '../exit-codes.js';
import type { Io } from '../io.js';
import { withBy } from '../options/by.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { duration } from '../options/values.js';
import { addList } from './list.js';
import { addRetry } from './retry.js';
import { runInFull } from './view.js';
import type { WaitOptions } from './wait-option.js';

interface Options extends PlaceOptions {
  readonly json?: boolean;
}

const EXAMPLES = `
Ended runs are known while they are kept: see --history of \`jobs add\`. Requested runs (\`enqueue\`, \`jobs run\`) are kept for at least an hour.

Examples:
  $ carillon runs --failed --since 24h
  $ carillon runs list daily-eu
  $ carillon runs show 3mvBVY2NwqeWlHLHDJ6Dmw
  $ carillon runs wait 3mvBVY2NwqeWlHLHDJ6Dmw --wait-timeout 1m
  $ carillon runs retry --failed --since 24h
  $ carillon runs cancel 3mvBVY2NwqeWlHLHDJ6Dmw 7Zb1Xh0uQ4aF9sKq2LmTeg`;

export function addRuns(runs: Command, io: Io): void {
  runs.addHelpText('after', EXAMPLES);
  for (const add of [addList, addShow, addWait, addCancel, addRetry]) add(runs, io);
}

function addShow(runs: Command, io: Io): void {
  withPlace(runs.command('show').description('show a run').argument('<run>', 'the id of the run'))
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action((id: string, options: Options) =>
      withReader(io, options, async ({ scheduler, jobStore, choice }) => {
        const run = await scheduler.getRun(id, choice);
        if (!run)
          throw new CliError(EXIT.notFound, `nothing is known of run ${JSON.stringify(id)} in job store "${jobStore}"`);
        if (options.json) io.sayJson(run);
        else io.say(runInFull(run));
      }),
    );
}

function addWait(runs: Command, io: Io): void {
  withPlace(
    runs
      .command('wait')
      .description('wait for a run to end, and print its result')
      .argument('<run>', 'the id of the run'),
  )
    .option('--wait-timeout <duration>', 'how long to wait at most; the run continues (default: no limit)', duration)
    .addHelpText('after', EXAMPLES)
    .action((id: string, options: Options & WaitOptions) =>
      withReader(io, options, async ({ scheduler, choice }) => {
        io.sayJson(await scheduler.getResult(id, { ...choice, timeout: options.waitTimeout }));
      }),
    );
}

function addCancel(runs: Command, io: Io): void {
  withBy(
    withPlace(
      runs.command('cancel').description('cancel runs, in any state').argument('<run...>', 'the ids of the runs'),
    ),
  )
    .addHelpText('after', EXAMPLES)
    .action((ids: readonly string[], options: PlaceOptions) =>
      withClient(io, options, async ({ scheduler, choice }) => {
        const gone: RunNotFoundError[] = [];
        for (const id of new Set(ids)) {
          try {
            const outcome = await scheduler.cancelRun(id, choice);
            io.say(`run ${id}: ${outcome === 'cancelled' ? 'cancelled' : 'is being cancelled by its worker'}`);
          } catch (error) {
            // One that has ended keeps no other from being cancelled.
            if (!(error instanceof RunNotFoundError)) throw error;
            gone.push(error);
          }
        }
        if (gone.length > 0) throw new CliError(EXIT.notFound, gone.map(({ message }) => message).join('\n'));
      }),
    );
}
